// What all restarts of a run have in common.
#pragma once

#include "ropewalk/programs/tuning/descend.hpp"
#include "ropewalk/programs/tuning/tune.hpp"

namespace ropewalk::tuning {

struct TuneSetup {
    TuneOptions options; ///< with the time limit as part of their stop
    compiler::Model first; ///< what restart 0 begins with
    DescentData data;
};

/// Fails with all that is wrong with the options, or when the program does not fit the task's machine.
base::Result<TuneSetup> tune_setup(const tasks::Task& task, const std::optional<assembly::Program>& initial,
                                   const TuneOptions& options);

} // namespace ropewalk::tuning
