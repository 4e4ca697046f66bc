// Where a polynomial of one variable is zero.
#pragma once

#include <vector>

namespace ropewalk::identification {

/// All real roots of the sum over k of coefficients[k] x^k, in rising order, each once whatever its
/// multiplicity; none for constants. A value counts as zero when it is so to rounding.
std::vector<double> real_roots(std::vector<double> coefficients);

} // namespace ropewalk::identification
