// What "exact" means: an agreement that rounding explains and that does not rest on rounding.
#pragma once

#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// The fit of a program to a problem on all its rows, by weight where rows have weights.
///
/// It is exact when on every row n the value, computed with 64 bits of mantissa, is within t_n of the target:
/// t_n is the larger of the target's resolution and of 16 units in the last place (of 53 bits) of the largest
/// number that the formula meets on its way to the value, and this second part is at most 4e-12 of the
/// target's spread, but at least 2 units in the last place of the target. A resolution counts only where it is
/// below a thousandth of the spread. A formula that rounding may move by more than a millionth of the spread
/// on some row (rounding.hpp, and by more than 2 units in the last place of the target), or whose values with
/// 53 and 64 bits differ by as much, lives on rounding errors: its fit has an infinite error.
Fit fit_of(const Program& program, const Problem& problem);

} // namespace ropewalk::formula
