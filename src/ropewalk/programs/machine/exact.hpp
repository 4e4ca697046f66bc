#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "ropewalk/programs/assembly/assembly.hpp"
#include "ropewalk/programs/machine/example.hpp"

namespace ropewalk::machine {

struct ExactState {
    std::vector<int> memory;
    std::vector<int> registers;
    int line = 0;
    long steps = 0;
    bool halted = false;
};

/// Sees the state before each step; `line` is the instruction about to run.
using ExactTracer = std::function<void(const ExactState& state)>;

/// Runs a program on integers for at most `steps` steps, or until `halt`. Running past the last line wraps to
/// line 0; addresses are taken modulo cells. `memory` has `program.cells` values and `registers` has
/// `program.registers` (or is empty: the program's initial values), all in 0..base-1.
ExactState run_exact(const assembly::Program& program, const std::vector<int>& memory,
                     const std::vector<int>& registers, long steps, const ExactTracer& tracer = {});

/// The same machine prepared once and run on many inputs without allocating, for verification and search.
class ExactMachine {
public:
    explicit ExactMachine(const assembly::Program& program);

    /// Another program for the same machine; allocates only when it is longer than those before.
    void set_instructions(const std::vector<assembly::Instruction>& instructions);

    /// Loads an input; values as for `run_exact`.
    void load(const Example& example);

    /// Runs at most `steps` steps and returns how many ran. Call once after `load`.
    long run(long steps);

    /// Whether every scored cell and register holds what the example expects.
    bool matches(const Example& example) const;

    /// How many scored cells and registers hold what the example expects, and how many are scored.
    std::pair<int, int> score(const Example& example) const;

    ExactState state() const;

    /// Combines `seed` with the values of memory and registers: equal states give equal numbers.
    std::uint64_t hash(std::uint64_t seed) const;

private:
    template<bool traced>
    long execute(long steps, const ExactTracer& tracer);
    friend ExactState run_exact(const assembly::Program&, const std::vector<int>&, const std::vector<int>&,
                                long, const ExactTracer&);

    void prepare_tables();

    std::vector<assembly::Instruction> instructions_;
    int base_;
    int cells_;
    std::vector<std::uint8_t> memory_;
    std::vector<std::uint8_t> registers_;
    std::vector<int> initial_registers_;
    /// x * y, x / y and x % y as b*b tables for the instructions that occur: division is slow in hardware.
    std::vector<std::uint8_t> multiply_, divide_, remainder_;
    std::size_t line_ = 0;
    long steps_ = 0;
    bool halted_ = false;
};

} // namespace ropewalk::machine
