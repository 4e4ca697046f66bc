// Small helpers for lists of cells, shared by the families of tasks.
#pragma once

#include <cstddef>
#include <vector>

#include "ropewalk/programs/machine/machine.hpp"

namespace ropewalk::tasks {

/// The cell at an address; addresses are machine values, so they are int.
inline int& at(std::vector<int>& cells, int address) { return cells[static_cast<std::size_t>(address)]; }

/// Expected memory in which nothing is scored yet.
inline std::vector<int> unscored(int cells) {
    return std::vector<int>(static_cast<std::size_t>(cells), machine::not_scored);
}

} // namespace ropewalk::tasks
