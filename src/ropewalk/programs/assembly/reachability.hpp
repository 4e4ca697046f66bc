#pragma once

#include <vector>

#include "ropewalk/programs/assembly/program.hpp"

namespace ropewalk::assembly {

/// Whether runs start with the program's own register values, or with values that an input gives.
enum class StartingRegisters { fixed, any };

/// For every line, whether any run from line 0 can get there. With fixed starting registers a jump on a
/// register that no reachable line writes has a known outcome, so lines behind `jump` on a register that
/// stays 0 count as unreachable.
std::vector<bool> reachable_lines(const Program& program,
                                  StartingRegisters registers = StartingRegisters::fixed);

/// The program without its unreachable lines, jump targets moved along. Every run that
/// starts with the program's own register values visits the same instructions in the same order as before;
/// with other values it may not.
Program without_unreachable_lines(const Program& program,
                                  StartingRegisters registers = StartingRegisters::fixed);

} // namespace ropewalk::assembly
