#pragma once

#include <functional>
#include <vector>

#include "ropewalk/programs/assembly/assembly.hpp"

namespace ropewalk::tuning {

using Code = std::vector<assembly::Instruction>;

/// Every instruction of a set with every operand, on a machine of so many registers and lines; where two
/// operands may be exchanged, in one order only.
Code every_instruction(const assembly::InstructionSet& set, int registers, int lines);

/// Calls `visit` with every program one edit away from `code`, in a fixed order: a line deleted, two
/// neighbouring lines exchanged, a line replaced, a line inserted (while at most `longest` lines remain).
/// Jump targets follow the lines they pointed at. Stops and returns true when `visit` does. The argument of
/// `visit` is valid during the call only.
bool for_each_edit(const Code& code, const assembly::InstructionSet& set, int registers, int longest,
                   const std::function<bool(const Code&)>& visit);

} // namespace ropewalk::tuning
