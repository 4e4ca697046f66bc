#pragma once

#include "ropewalk/programs/assembly/assembly.hpp"
#include "ropewalk/programs/tasks/tasks.hpp"

namespace ropewalk::tuning {

/// The same instructions on the task's machine: its base and cells, and at least its registers. The program's
/// `.steps` hold where the program was written for that machine; otherwise the task's steps do. Fails when an
/// initial register value does not exist in the task's base.
base::Result<assembly::Program> fit_to_task(const assembly::Program& program, const tasks::Task& task);

} // namespace ropewalk::tuning
