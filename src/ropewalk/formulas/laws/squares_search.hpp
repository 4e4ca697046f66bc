// From a table to an answer by squared errors: enumeration, laws, and one front.
#pragma once

#include "ropewalk/formulas/laws/explain.hpp"

namespace ropewalk::formula {

/// Enumerates small formulas (formula_search.hpp), looks for laws (law_search.hpp), enumerates on while there
/// is time, and chooses by description length. Ends early at an exact formula. `loss` and `held_out` of the
/// options play no part. Fails as search_formulas does.
base::Result<Explanation> explain_squares(const Problem& problem, const ExplainOptions& options);

} // namespace ropewalk::formula
