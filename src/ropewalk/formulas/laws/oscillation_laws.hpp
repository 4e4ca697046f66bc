// Sums of waves of one variable, each with its frequency and its decay, as beats and what rings down have.
#pragma once

#include "ropewalk/formulas/laws/law_candidates.hpp"

namespace ropewalk::formula {

/// Takes in a + b x + sums of up to three A exp(-d x) sin(w x + p) for each of a few variables x: one wave after the other
/// where it leaves least, then all of them moved together (matching pursuit, Mallat & Zhang 1993). Without the exponential
/// among the functions waves do not decay. None without the sine, and none with units.
void try_oscillations(const LawContext& context, const Part& part, Candidates& candidates);

} // namespace ropewalk::formula
