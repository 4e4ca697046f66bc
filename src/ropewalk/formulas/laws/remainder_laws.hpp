// Laws of remainders: clocks, weekdays, angles, check digits.
#pragma once

#include "ropewalk/formulas/laws/law_candidates.hpp"

namespace ropewalk::formula {

/// (a x + c) mod m that is right on every row: x a variable, its square, or a sum, difference or product of two; m a number
/// or another variable; a and c whole numbers where x and the target are whole, else 1 and 0. None without `mod` among the
/// functions, and none with units.
void try_remainders(const LawContext& context, const Part& part, Candidates& candidates);

} // namespace ropewalk::formula
