// The exact posterior over a pool of formulas, and its gradient on the symbols.
#pragma once

#include <span>
#include <vector>

#include "ropewalk/images/identification/moments.hpp"

namespace ropewalk::identification {

/// What the posterior is asked about.
struct PosteriorQuestion {
    /// [rows, variables], see expected_values; where every task has rows of its own, [tasks, rows, variables]
    std::span<const std::uint32_t> rows_of_images;
    std::span<const double> y;     ///< [tasks, rows]
    std::span<const double> sigma; ///< [tasks], standard deviation of a task's outputs
    double temperature = 1;
};

/// E[t, f] = mean over rows of (y_t - E[f(s)])^2 / sigma_t^2, the posterior softmax over f of
/// -E / temperature, and loss = mean over t of -temperature log sum over f of exp(-E / temperature), with its
/// gradient on means and variances.
///
/// The error compares y with the expectation of f, and not with f's values: (y - E f)^2, not E (y - f)^2.
/// The conditional mean E[y | images] is the best any function of the images can do, and the right formula
/// under the right moments attains it, so nothing beats the truth. E (y - f)^2 adds the variance of f, which
/// falls as the variance of the symbols does: it teaches the grounder to be sure where it is not, and sure
/// symbols that shrink to the mean favour wrong formulas (errors in variables).
struct Posterior {
    double loss = 0;
    std::vector<double> errors;        ///< [tasks, formulas]
    std::vector<double> probabilities; ///< [tasks, formulas]
    Grounding gradient;
};

/// The plain version, in double precision; the training step has its own in torch/, tested against this one.
/// Tasks share the rows unless there are as many rows of images as outputs.
Posterior posterior(const MonomialTable& table, const Grounding& grounding,
                    const PosteriorQuestion& question);

} // namespace ropewalk::identification
