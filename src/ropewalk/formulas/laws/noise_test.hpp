// Whether what a formula leaves of a target is noise.
#pragma once

#include <vector>

#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// Whether what a formula leaves of the target looks like noise: a polynomial of degree at most 3 in the
/// inputs explains no more of it than chance does (F-test at 1 in 1000), and in the order of no input what is left of
/// one row tells of the next (lag-1 correlation, at 1 in 1000 for all inputs together). Rows with the same inputs do
/// not count as neighbours.
bool looks_like_noise(const std::vector<double>& residual, const Problem& problem);

/// The same of what a program leaves; true where it is exact.
bool leaves_noise(const Program& program, const Problem& problem);

} // namespace ropewalk::formula
