// The straight line, which everybody fits first: its slopes and its offset are numbers of the data.
#pragma once

#include "ropewalk/formulas/laws/explanation.hpp"

namespace ropewalk::formula {

/// Where the answer is a sum of variables in which slopes are 1 or the offset is 0, such as x or x + 38.9, and which is not
/// exact: the line through the same variables with all its numbers fitted becomes the answer if it is better by Schwarz's
/// criterion (1978), n log2 of the ratio of errors against half of log2 n for every number more. A line has no other
/// structure that should cost anything. Not with units, where slopes have units of their own.
void choose_line(const Problem& problem, Explanation& explanation, std::int64_t most_operators);

} // namespace ropewalk::formula
