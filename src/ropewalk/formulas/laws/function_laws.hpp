// Functions of a number times a product of powers, over a grid of numbers.
#pragma once

#include "ropewalk/formulas/laws/law_candidates.hpp"
#include "ropewalk/formulas/laws/law_context.hpp"

namespace ropewalk::formula {

/// exp(u), exp(u) - 1, exp(u) + 1, cosh u, 1 + u, sin u, cos u and tanh u with u a number times a product of
/// powers: as a factor beside powers of variables, as a term beside a number, and in sums with others.
void try_functions(const LawContext& context, const Part& part, Candidates& candidates);

} // namespace ropewalk::formula
