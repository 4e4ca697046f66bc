// Random programs with an input each, for tests that compare machines.
#pragma once

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/compiler/compiler.hpp"

namespace ropewalk::machine {

struct RandomCase {
    assembly::Program program;
    Example input;
    long steps;
};

struct CaseLimits {
    int largest_base = 12;
    int most_lines = 12;
    int most_registers = 6;
    long most_steps = 40;
    /// Draw at most as many lines as the base (what labels in registers need).
    bool lines_within_base = false;
};

/// The case with this index: base 2..largest, cells 1..base, everything else uniform.
inline RandomCase random_case(const assembly::InstructionSet& set, std::uint64_t index,
                              const CaseLimits& limits = {}) {
    base::RandomStream random(20, base::Purpose::test, index);
    const auto from_to = [&random](int low, int high) {
        return low + static_cast<int>(random.below(static_cast<unsigned>(high - low + 1)));
    };
    const int base = from_to(2, limits.largest_base);
    const int cells = from_to(1, base);
    const int registers = from_to(1, limits.most_registers);
    const int lines =
        from_to(1, limits.lines_within_base ? std::min(base, limits.most_lines) : limits.most_lines);
    RandomCase result{random_program(set, base, cells, registers, lines, random), {}, 0};
    for (int cell = 0; cell < cells; ++cell) result.input.memory.push_back(from_to(0, base - 1));
    result.steps = from_to(0, static_cast<int>(limits.most_steps));
    return result;
}

/// Every instruction, or every one but `halt`.
inline assembly::InstructionSet instructions_without_halt() {
    assembly::InstructionSet set = assembly::all_instructions();
    std::erase(set, assembly::Opcode::halt);
    return set;
}

} // namespace ropewalk::machine
