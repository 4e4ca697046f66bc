// A number beside a variable under a power: c (x + k)^a z^b.
#pragma once

#include "ropewalk/formulas/laws/law_candidates.hpp"

namespace ropewalk::formula {

/// Powers of one variable with a number beside it, times powers of the others, by least squares in logarithms over a
/// grid of the number. None with units.
void try_shifted_powers(const LawContext& context, const Part& part, Candidates& candidates);

} // namespace ropewalk::formula
