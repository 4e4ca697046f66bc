#pragma once

#include <vector>

#include "ropewalk/programs/tuning/tune.hpp"

namespace ropewalk::tuning {

/// How often a restart has started before.
enum class Start { first, again };

/// Weights one restart starts from: the compiled program, or normal random weights without one, moved as
/// StartOptions say. Fails when the program does not fit the task's machine.
base::Result<compiler::Model> initial_model(const tasks::Task& task,
                                            const std::optional<assembly::Program>& initial,
                                            const TuneOptions& options, Start start,
                                            base::RandomStream& random);

/// The models of the restarts first..last-1 at their first start. Restart r depends on the seed and r alone,
/// not on how many others there are.
base::Result<std::vector<compiler::Model>> initialise(const tasks::Task& task,
                                                      const std::optional<assembly::Program>& initial,
                                                      const TuneOptions& options, int first, int last);

/// Those of all restarts.
inline base::Result<std::vector<compiler::Model>> initialise(const tasks::Task& task,
                                                             const std::optional<assembly::Program>& initial,
                                                             const TuneOptions& options) {
    return initialise(task, initial, options, 0, options.restarts);
}

} // namespace ropewalk::tuning
