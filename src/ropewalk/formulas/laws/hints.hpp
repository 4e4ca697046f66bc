// What a table says beside any formula, and what may find more in it.
#pragma once

#include <string>
#include <vector>

#include "ropewalk/formulas/laws/explanation.hpp"

namespace ropewalk::formula {

/// The root mean squared error that every function of the inputs leaves, as rows with the same inputs differ in the
/// target; 0 where none do.
double unavoidable_error(const Problem& problem);

/// How many rows lie beyond ten robust standard deviations of the others, where these are at least two and at most a
/// quarter of all; otherwise 0.
std::size_t rows_far_off(const std::vector<double>& residuals);

/// Settings that may find more than an answer that is not exact: lags for rows that are numbered, another loss for rows
/// far off, columns for constants with units.
std::vector<std::string> hints_for(const Problem& problem, const Explanation& answer);

} // namespace ropewalk::formula
