#pragma once

#include <string_view>
#include <vector>

#include "ropewalk/programs/tasks/task.hpp"

namespace ropewalk::tasks {

/// Every task that comes with Ropewalk: the six of Table 1 (Saldyt) and twelve of Kurach et al. 2016 (NRAM)
/// and Bunel et al. 2016.
const std::vector<Task>& catalogue();

/// The task with this name; the diagnostic suggests the closest one.
base::Result<Task> find_task(std::string_view name);

} // namespace ropewalk::tasks
