#pragma once

#include <optional>

#include "ropewalk/tuning/tune.hpp"

namespace ropewalk::tuning {

/// Starting weights of every restart, drawn from streams keyed by (seed, restart): the compiled program with
/// its noise, or eq. 3 without a program, log(u + epsilon), which is a uniformly drawn distribution per head.
base::Result<std::vector<compiler::Model>> initialise(const tasks::Task& task,
                                                      const std::optional<assembly::Program>& initial,
                                                      const TuneOptions& options);

} // namespace ropewalk::tuning
