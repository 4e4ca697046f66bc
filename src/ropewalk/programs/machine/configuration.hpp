#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/programs/assembly/assembly.hpp"

namespace ropewalk::machine {

/// How the controller mixes lines when the instruction register is a distribution (eq. 2).
enum class Mix {
    logits,       ///< softmax(W l), as printed
    probabilities ///< sum over lines of l_c softmax(W_c)
};

/// What happens to register mass under instructions that produce no value (eq. 6-7).
enum class Mass {
    conserve, ///< R' = R + a3 (o - s R), s = probability of value instructions
    literal,  ///< R' = R + a3 (o - R) with o as printed: mass leaks whenever s < 1
    zero      ///< those instructions output a one-hot 0 (Bunel et al. 2016)
};

/// How halting probability accumulates.
enum class Halting {
    absorb, ///< H' = H + (1 - H) f_halt
    maximum ///< H' = max(H, f_halt) (eq. 11)
};

/// Where a jump goes (eq. 9).
enum class Target {
    line,           ///< a fourth head over lines
    register_value, ///< the value in the second operand register, modulo lines
    second_operand  ///< the second operand's own distribution, entry r meaning line r (r_2 as printed)
};

/// Profile switches: every reading of the papers, selectable.
struct Switches {
    Mix mix = Mix::logits;
    Mass mass = Mass::conserve;
    Halting halting = Halting::absorb;
    /// A halted machine stands still: every update is blended with weight 1 - H'.
    bool freeze = true;
    Target target = Target::line;

    friend bool operator==(const Switches&, const Switches&) = default;
};

/// `default`: what users get. `paper`: the printed text of Saldyt. `anc`: Bunel et al. 2016.
base::Result<Switches> find_profile(std::string_view name);

/// `key=value` pairs separated by commas applied on top of `switches`, e.g. `mix=probabilities,freeze=off`.
base::Result<Switches> parse_switches(std::string_view text, Switches switches);

std::string to_string(Mix value);
std::string to_string(Mass value);
std::string to_string(Halting value);
std::string to_string(Target value);
std::string to_string(const Switches& switches);

/// Sizes and switches of a differentiable machine. b = base, m = cells <= b, n = registers, L = lines,
/// F = instruction_set.size().
struct Configuration {
    int base = 10;
    int cells = 10;
    int registers = 4;
    int lines = 8;
    assembly::InstructionSet instruction_set = assembly::paper13();
    Switches switches;
    /// Register values at the start, for examples that give none; empty means all 0.
    std::vector<int> initial_registers;

    friend bool operator==(const Configuration&, const Configuration&) = default;
};

/// Sizes in range and an instruction set without repeats; the diagnostics say which is not.
base::Result<Configuration> validated(const Configuration& configuration);

/// A group of columns of the weight matrix that one softmax turns into a distribution.
struct Head {
    int offset = 0;
    int width = 0;

    friend bool operator==(const Head&, const Head&) = default;
};

/// Columns of the weights W [L, columns]: [instruction F | first n | second n | destination n | target L].
/// The target head is empty unless Target::line.
struct Layout {
    Head instruction, first, second, destination, target;
    int columns = 0;

    constexpr std::array<Head, 5> heads() const { return {instruction, first, second, destination, target}; }

    friend bool operator==(const Layout&, const Layout&) = default;
};

/// The layout for F = `instructions`, n = `registers` and L = `lines`.
constexpr Layout layout_of(int instructions, int registers, int lines, Target target) {
    Layout layout;
    const auto next = [&layout](int width) {
        const Head head{layout.columns, width};
        layout.columns += width;
        return head;
    };
    layout.instruction = next(instructions);
    layout.first = next(registers);
    layout.second = next(registers);
    layout.destination = next(registers);
    layout.target = next(target == Target::line ? lines : 0);
    return layout;
}

Layout layout_of(const Configuration& configuration);

/// Number of weights of one program: lines * columns.
std::size_t weight_count(const Configuration& configuration);

} // namespace ropewalk::machine
