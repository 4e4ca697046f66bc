// Moments of uncertain symbols, and formulas of them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ropewalk/images/identification/monomials.hpp"

namespace ropewalk::identification {

/// E[s^k] of a normal symbol for k = 0..degree, by E[s^k] = mean E[s^(k-1)] + (k-1) variance E[s^(k-2)].
std::vector<double> normal_moments(double mean, double variance, int degree);

/// What a grounder says about images: a mean and a variance each.
struct Grounding {
    std::vector<double> mean;
    std::vector<double> variance;
};

/// Expectation of every formula of the table on every row: result[f * rows + n]. Row n holds the images
/// rows_of_images[n * variables + v], which must differ within a row: the expectation of a monomial is the
/// product of the moments only of independent symbols.
std::vector<double> expected_values(const MonomialTable& table, const Grounding& grounding,
                                    std::span<const std::uint32_t> rows_of_images);

} // namespace ropewalk::identification
