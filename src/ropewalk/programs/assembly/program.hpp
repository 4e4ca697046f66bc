#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ropewalk/programs/assembly/instruction.hpp"

namespace ropewalk::assembly {

constexpr int largest_base = 256;
constexpr int largest_register_count = 64;
constexpr int largest_line_count = 4096;
constexpr long largest_step_count = 1'000'000'000;

/// An assembly program with the machine it is written for.
struct Program {
    std::vector<Instruction> instructions;
    /// Numbers are 0..base-1 and all arithmetic is modulo base (`.base`, 2..256).
    int base = 10;
    /// Memory cells, at most `base` (`.cells`, default base).
    int cells = 10;
    /// Registers (`.registers`, 1..64).
    int registers = 4;
    /// Steps the program is meant to run for (`.steps`); two of the paper's three listings never halt.
    std::optional<long> steps;
    /// Register values at the start (`.let`), one per register.
    std::vector<int> initial_registers = std::vector<int>(4, 0);
    /// Names of labelled lines, by line. Names are for people: equality of programs ignores them.
    std::map<int, std::string> labels;
    /// Where it was read, and on which line each `.let` stands, by register; for people, as the names are.
    std::string file;
    std::map<int, int> let_lines;

    int lines() const { return static_cast<int>(instructions.size()); }

    friend bool operator==(const Program& a, const Program& b) {
        return a.instructions == b.instructions && a.base == b.base && a.cells == b.cells &&
               a.registers == b.registers && a.steps == b.steps && a.initial_registers == b.initial_registers;
    }
};

} // namespace ropewalk::assembly
