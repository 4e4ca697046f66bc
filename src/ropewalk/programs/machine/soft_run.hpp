#pragma once

#include <span>
#include <vector>

#include "ropewalk/programs/machine/configuration.hpp"
#include "ropewalk/programs/machine/example.hpp"

namespace ropewalk::machine {

/// Final state of a differentiable run, read out.
struct SoftOutcome {
    std::vector<int> memory;    ///< [cells] most probable value of each cell
    std::vector<int> registers; ///< [registers]
    double confidence = 1;      ///< smallest probability among those most probable values
    double mass_error = 0;      ///< largest distance of any row's mass from 1, over all steps
    double halted = 0;          ///< halting probability H after the last step
    /// [lines] expected number of visits: sum over steps of the probability of being there, not halted.
    std::vector<double> line_visits;
};

/// The most probable value of every row of `width`.
std::vector<int> most_probable(const std::vector<double>& rows, int width);

/// The smallest probability of the values given, one for each row of `width`; 1 where there are none.
double least_probability(const std::vector<double>& rows, int width, const std::vector<int>& values);

/// Runs a differentiable program [L, columns] on one input and reads the most probable values out.
SoftOutcome run_soft(const Configuration& configuration, std::span<const float> weights,
                     const Example& example, long steps);

/// The state of a differentiable machine between steps, as distributions (eq. 1).
struct SoftState {
    std::vector<double> line;      ///< instruction register l [lines]
    std::vector<double> memory;    ///< M [cells, base]
    std::vector<double> registers; ///< R [registers, base]
    double halted = 0;             ///< H
};

/// The state after a run of a differentiable program [L, columns] from memory as distributions [cells, base].
SoftState soft_state(const Configuration& configuration, std::span<const float> weights,
                     std::span<const double> memory, long steps);

/// Whether the most probable value is the expected one in every scored place.
bool matches(const SoftOutcome& outcome, const Example& example);

/// Whether values are as expected wherever these are not `not_scored`. Expects at least as many values.
bool agrees(const std::vector<int>& found, const std::vector<int>& expected);

} // namespace ropewalk::machine
