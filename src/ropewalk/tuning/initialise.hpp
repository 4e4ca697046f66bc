#pragma once

#include <optional>

#include "ropewalk/tuning/tune.hpp"

namespace ropewalk::tuning {

/// Starting weights of one restart: the compiled program with its noise, or eq. 3 without a program,
/// log(u + epsilon), which is a uniformly drawn distribution per head.
base::Result<compiler::Model> initial_model(const tasks::Task& task,
                                            const std::optional<assembly::Program>& initial,
                                            const TuneOptions& options, base::RandomStream& random);

/// Starting weights of every restart, drawn from streams keyed by (seed, restart).
base::Result<std::vector<compiler::Model>> initialise(const tasks::Task& task,
                                                      const std::optional<assembly::Program>& initial,
                                                      const TuneOptions& options);

} // namespace ropewalk::tuning
