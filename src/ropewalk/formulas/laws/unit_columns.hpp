// Fitted numbers with units: a column of ones for every unit that they may have.
#pragma once

#include <vector>

#include "ropewalk/formulas/laws/explanation.hpp"

namespace ropewalk::formula {

/// Units of numbers that turn one unit of a problem into another: m/km where lengths are measured in km beside m. Each
/// leads from a symbol that is a multiple of a known unit (known_multiple_of) to that unit, where the others have its symbols.
std::vector<Unit> conversions(const Problem& problem);

/// A problem with units, and behind its inputs a column of ones for each of `numbers` that is no pure number: a number
/// times powers of these is a number with a unit.
Problem with_unit_columns(Problem problem, const std::vector<Unit>& numbers);

/// What was said of such a problem, without the columns behind the first `inputs`: what they multiply are numbers. Of
/// formulas that this makes as long as others the later ones stay, and the answer.
Explanation without_unit_columns(Explanation explanation, std::size_t inputs);

} // namespace ropewalk::formula
