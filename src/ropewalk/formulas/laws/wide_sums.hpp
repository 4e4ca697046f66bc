// Sums of few terms out of a library of many thousands.
#pragma once

#include <vector>

#include "ropewalk/formulas/laws/law_context.hpp"

namespace ropewalk::formula {

/// Sums of up to six terms, powers of variables to high degree, roots and functions beside them, through the
/// views that most laws are seen by. The library is scanned on a part of the screening rows, on which the
/// terms are chosen; coefficients are fitted on all of them.
std::vector<Program> wide_sum_programs(const LawContext& context, const Part& part);

} // namespace ropewalk::formula
