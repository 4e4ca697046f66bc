// How far rounding may move the values of a formula.
#pragma once

#include "ropewalk/formulas/expression/expression.hpp"

namespace ropewalk::formula {

/// A value and the largest error that arithmetic with 53 bits may leave in it.
struct RoundedValue {
    long double value = 0;
    long double error = 0; ///< to first order; infinite where nothing is known
    bool whole = false;    ///< a whole number below 2^53 made of such numbers: without an error in any order
    long double terms = 0; ///< the sum of the magnitudes of what a sum adds; 0 where it is no sum
};

/// The value of a line and a bound of its error: what its operands' errors become, and its own rounding. The
/// bound holds for other ways to write the same arithmetic too, such as (a + b) - c for a + (b - c), or x/y^2
/// for x*y^-2: a result that happens to be without an error still counts as rounded, and one below the least
/// normal number as if it were 0. Steps (sign, floor, ceiling, less) are where they are.
RoundedValue rounded_value(const Line& line, const RoundedValue& left, const RoundedValue& right);

} // namespace ropewalk::formula
