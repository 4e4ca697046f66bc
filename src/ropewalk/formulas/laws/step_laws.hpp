// Laws with a jump: lines whose values change at once where a variable passes a point, as fees and switches have.
#pragma once

#include "ropewalk/formulas/laws/law_candidates.hpp"

namespace ropewalk::formula {

/// A number, or a sum of the variables, and what is added where one of them is above a point, or above one and another: points
/// between two of its values where the squared error is smallest, written with few digits. None without `less` among the functions, and none
/// with units.
void try_steps(const LawContext& context, const Part& part, Candidates& candidates);

} // namespace ropewalk::formula
