#pragma once

#include <functional>
#include <span>

#include "ropewalk/programs/tuning/tune.hpp"

namespace ropewalk::tuning {

/// What descent is run on: examples that checks use, and the machine steps.
struct DescentData {
    std::vector<machine::Example> check_examples;
    long steps;
    /// Whether inputs set registers themselves (tasks::Task::sets_registers).
    bool sets_registers = false;
};

/// The weights of a new restart, for policies that start one over.
using Reseed = std::function<std::vector<float>(base::RandomStream&)>;

/// Restarts of a population group; as many as the widest vector has lanes.
constexpr std::size_t group_size = 16;

/// Tunes a block of restarts together, each to its best moment (see Restart). The restarts of a block share
/// the examples of a gradient step, which depend on the seed and the iteration alone. `first_restart` numbers
/// the block and is a multiple of `group_size` where restarts are copied from each other; how restarts are cut into blocks does not show in the result.
std::vector<Restart> descend(std::vector<compiler::Model> block, const tasks::Task& task,
                             const DescentData& data, const TuneOptions& options, std::uint64_t first_restart,
                             const Reseed& fresh, const std::function<void(int restarts_done)>& progress);

} // namespace ropewalk::tuning
