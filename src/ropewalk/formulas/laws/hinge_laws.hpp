// Lines with a bend: a + b x + c max(x - k, 0), as tariffs and saturations have.
#pragma once

#include "ropewalk/formulas/laws/law_candidates.hpp"

namespace ropewalk::formula {

/// Sums of the variables and of one of them beyond a point, the point being where the squared error is smallest. None
/// without `max` among the functions, and none with units.
void try_bends(const LawContext& context, const Part& part, Candidates& candidates);

} // namespace ropewalk::formula
