// Ways to lower a program, and a run of what comes out.
#pragma once

#include <string>
#include <vector>

#include <fmt/format.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/language/language.hpp"
#include "ropewalk/programs/machine/machine.hpp"

namespace ropewalk::language {

/// The fewest instructions that programs are lowered to.
inline assembly::InstructionSet fewest_instructions() {
    using enum assembly::Opcode;
    return {inc, add, sub, mul, div, min, max, read, write, jump, halt};
}

inline std::vector<LowerOptions> all_lower_options(const Machine& machine) {
    std::vector<LowerOptions> options;
    for (const auto& set : {assembly::paper13(), assembly::all_instructions(), fewest_instructions()})
        for (const bool initial_registers : {true, false})
            for (const bool endless_last_loop : {true, false})
                options.push_back({machine, set, initial_registers, endless_last_loop});
    return options;
}

inline std::string describe(const LowerOptions& options) {
    return fmt::format("base {}, {} cells, {}, initial registers {}, endless last loop {}\n",
                       options.machine.base, options.machine.cells,
                       assembly::to_string(options.instruction_set), options.initial_registers,
                       options.endless_last_loop);
}

/// Memory after the steps the program states, or after its halt where it states none. Without initial
/// registers these start with anything. Empty when a program that should halt does not.
inline std::vector<int> run_lowered(const assembly::Program& program, const LowerOptions& options,
                                    const std::vector<int>& memory, base::RandomStream& random) {
    std::vector<int> registers = program.initial_registers;
    if (!options.initial_registers)
        for (int& each : registers)
            each = static_cast<int>(random.below(static_cast<unsigned>(program.base)));
    constexpr long patience = 5'000'000;
    const auto state = machine::run_exact(program, memory, registers, program.steps.value_or(patience));
    const bool should_halt = program.instructions.back().opcode == assembly::Opcode::halt;
    return should_halt && !state.halted ? std::vector<int>{} : state.memory;
}

} // namespace ropewalk::language
