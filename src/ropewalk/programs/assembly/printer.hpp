#pragma once

#include <string>

#include "ropewalk/programs/assembly/program.hpp"

namespace ropewalk::assembly {

/// One line without its label, for example `add r1 r2 r3`; a jump names the label of its target.
std::string to_string(const Instruction& instruction, const Program& program);

/// The whole program as text that parses to the same program. Jump targets without a name become `line_N`,
/// counted from 1.
std::string to_string(const Program& program);

/// The name printed for a line's label.
std::string label_of(int line, const Program& program);

} // namespace ropewalk::assembly
