// Scattered data: formulas judged by how well they predict rows that their numbers were not fitted to.
#pragma once

#include <functional>
#include <vector>

#include "ropewalk/formulas/laws/explanation.hpp"

namespace ropewalk::formula {

/// Sums of the variables with coefficients, of one up to ten and at most one for every 12 rows: the best found of every
/// size. None with units, nor of more than 200 variables.
std::vector<Program> linear_programs(const Problem& problem);

/// Where the answer leaves more than 0.3 of the target's spread, on 40 rows or more: the squared errors of all formulas
/// of the front are cross-validated (five folds, four times, numbers fitted to the other rows, at most 1,000 rows). The
/// answer stays if its mean is within two standard errors of the smallest one; otherwise the formula with the shortest
/// description among those within one becomes the answer (Breiman et al. 1984). Where the answer is the mean it takes three
/// standard errors. Depends on the seed and not on threads.
void choose_by_prediction(const Problem& problem, Explanation& explanation, std::uint64_t seed, int threads,
                          const std::function<bool()>& stop);

} // namespace ropewalk::formula
