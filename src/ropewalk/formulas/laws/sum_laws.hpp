// Sums of terms with fitted coefficients, and quotients of two of them, through the views.
#pragma once

#include <vector>

#include "ropewalk/formulas/laws/law_context.hpp"
#include "ropewalk/formulas/laws/term_library.hpp"
#include "ropewalk/formulas/laws/views.hpp"

namespace ropewalk::formula {

/// Sums of powers and functions, from several libraries of terms, and quotients of such sums: through the
/// views that most laws are seen by (y, 1/y, y^2, 1/y^2, log y) where `usual`, otherwise through the others.
std::vector<Program> sum_programs(const LawContext& context, const Part& part, bool usual);

/// Sums out of one large library of terms, through all views.
std::vector<Program> large_sum_programs(const LawContext& context, const Part& part);

/// The same through one view, with more terms in the library.
std::vector<Program> sum_programs_through(const LawContext& context, const Part& part, const View& view,
                                          const std::vector<CandidateTerm>& extra);

} // namespace ropewalk::formula
