// A program run exactly and softly, step by step beside each other.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "ropewalk/programs/machine/configuration.hpp"
#include "ropewalk/programs/machine/exact.hpp"
#include "ropewalk/programs/machine/example.hpp"
#include "ropewalk/programs/machine/soft_run.hpp"

namespace ropewalk::machine {

/// States of both machines before one step.
struct TraceStep {
    ExactState exact; ///< `line` is the instruction about to run
    SoftState soft;
    /// The smallest probability that the differentiable machine gives to what the exact one holds, over the
    /// line (unless the exact machine has halted), all registers and all cells.
    double agreement = 1;
};

struct Trace {
    std::vector<TraceStep> steps; ///< before step 0, 1, ..., and after the last
    /// The first entry of `steps` whose agreement is below one half: there the most probable reading may be
    /// another state than the exact one.
    std::optional<std::size_t> parts;
};

/// Runs `program` exactly and `weights` [lines, columns] of `configuration` softly on one input, for at most
/// `steps` steps; ends before where the exact machine has halted and the halting probability is above 0.999.
/// `program` has the base, cells and registers of the configuration.
Trace trace(const assembly::Program& program, const Configuration& configuration,
            std::span<const float> weights, const Example& example, long steps);

} // namespace ropewalk::machine
