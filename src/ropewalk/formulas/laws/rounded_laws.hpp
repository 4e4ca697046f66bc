// Targets that are whole numbers because somebody rounded: floor(1.5*x - z/2).
#pragma once

#include <functional>
#include <vector>

#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// Formulas floor(f + c) that are right on every row, for formulas f that come close: their numbers are moved until
/// every row lies within its unit, by projections onto these, and then made simple one by one as long as all rows stay
/// there. None for a target that is not of whole numbers, at least three different ones, or that has a unit.
std::vector<Program> rounded_programs(const std::vector<Program>& close, const Problem& problem,
                                      const std::function<bool()>& stop);

} // namespace ropewalk::formula
