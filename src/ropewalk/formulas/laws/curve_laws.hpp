// Curves of one variable that the sciences draw first: logistic, Gompertz, bell, resonance, saturation, rise and decay.
#pragma once

#include "ropewalk/formulas/laws/law_candidates.hpp"

namespace ropewalk::formula {

/// a f(x) and a f(x) + c for each variable x and curve f with a place and a width: both over a grid, a and c by least
/// squares (variable projection, Golub and Pereyra 1973), and the best places of each curve fitted to the end. None with
/// units.
void try_curves(const LawContext& context, const Part& part, Candidates& candidates);

} // namespace ropewalk::formula
