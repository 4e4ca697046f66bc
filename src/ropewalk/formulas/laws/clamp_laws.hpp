// Lines that end at a smallest or a largest value, as what cannot be negative and what saturates do.
#pragma once

#include "ropewalk/formulas/laws/law_candidates.hpp"

namespace ropewalk::formula {

/// Takes in max(u, c), min(u, c) and both around a sum u of the part's variables, where several rows have the target's
/// smallest or largest value c. None without those operators among the functions, and none with units.
void try_clamps(const LawContext& context, const Part& part, Candidates& candidates);

} // namespace ropewalk::formula
