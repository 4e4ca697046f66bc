#pragma once

#include <array>
#include <optional>
#include <vector>

#include "ropewalk/programs/machine/machine.hpp"

namespace ropewalk::compiler {

/// One line as choices of the controller's heads, in the order of machine::Layout; empty: the head is free.
struct Row {
    std::optional<int> instruction, first, second, destination, target;

    std::array<std::optional<int>, 5> choices() const {
        return {instruction, first, second, destination, target};
    }
};

/// A program that fits its machine: labels encoded, scratch register allocated, padded to the machine's
/// lines.
struct Lowered {
    machine::Configuration configuration;
    std::vector<Row> rows;
};

/// Fits a program to a machine with the given instruction set and switches.
///
/// Target::register_value allocates one register per label that holds its line number, so it needs lines <=
/// base. Target::second_operand names the line by a register number and adds registers until the number
/// exists. Mass::literal and Mass::zero make every instruction write its destination; those without one get a
/// scratch register of their own, and under Mass::literal, where that register drains, unused operands point
/// at register 1 instead of everywhere. Lines beyond the program are `halt`. Fails when the instruction set
/// lacks an instruction, when labels cannot be encoded, or when `lines` is smaller than the program (0: as
/// many as needed).
base::Result<Lowered> lower(const assembly::Program& program, const assembly::InstructionSet& instruction_set,
                            const machine::Switches& switches, int lines);

} // namespace ropewalk::compiler
