// The families of tasks the catalogue is put together from.
#pragma once

#include <vector>

#include "ropewalk/programs/tasks/task.hpp"

namespace ropewalk::tasks {

/// The six tasks of Table 1 (Saldyt).
std::vector<Task> table1_tasks();

/// Tasks on arrays: access, swap, copy, reverse, permutation, linear-search, merge, addition, sort.
std::vector<Task> array_tasks();

/// Tasks that follow pointers: list-k, list-search, walk-bst.
std::vector<Task> pointer_tasks();

} // namespace ropewalk::tasks
