// What a fold makes of a row of uncertain letters: its outputs and their probabilities.
#pragma once

#include <span>
#include <vector>

#include "ropewalk/images/rules/fold.hpp"

namespace ropewalk::rules {

/// An output and its probability.
struct Output {
    double value = 0;
    double probability = 0;
};

/// Up to here whole numbers are exact, beyond they are rounded as others are.
inline constexpr double most_exact = 0x1p53;

/// All outputs, in rising order; those that rounding alone tells apart are one. Letters of an image with less
/// than 1e-4 are left out, and so are the least probable of more than 50,000 states, so probabilities may sum
/// to less than 1. `probabilities[i][k]` is that of letter k at place i.
std::vector<Output> outputs_of(const Fold& fold, std::span<const double> letters,
                               std::span<const double* const> probabilities);

} // namespace ropewalk::rules
