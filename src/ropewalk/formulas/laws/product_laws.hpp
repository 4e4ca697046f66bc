// Products of powers of sums of two terms.
#pragma once

#include "ropewalk/formulas/laws/law_candidates.hpp"
#include "ropewalk/formulas/laws/law_context.hpp"

namespace ropewalk::formula {

/// Products of powers of variables, of functions of them, of sums of two terms with simple coefficients and of compound
/// growth (growth_terms.hpp): sparse regression of the logarithm, also where the target is a logarithm itself.
void try_products(const LawContext& context, const Part& part, Candidates& candidates);

} // namespace ropewalk::formula
