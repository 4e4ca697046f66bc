// Laws of two branches: sums of lines on one side of a condition, others on the other.
#pragma once

#include "ropewalk/formulas/laws/law_candidates.hpp"

namespace ropewalk::formula {

/// Takes in the best laws "u where a condition holds, v where it does not" with sums u and v of the part's variables, the
/// condition being that one variable is less than another or that one is above a number (for at most 8 variables). They are
/// written with less(x, y), which is 1 or 0. None where that operator is not allowed or variables have units.
void try_branches(const LawContext& context, const Part& part, Candidates& candidates);

} // namespace ropewalk::formula
