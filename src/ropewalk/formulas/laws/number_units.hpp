// Which units the numbers of a formula have.
#pragma once

#include <optional>
#include <vector>

#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// The units that the numbers of a program must have for it to have the `wanted` unit where its variables have `units`:
/// one for every line that holds a number, in their order. Numbers that units leave open are pure, and so are 0, 1 and -1
/// wherever that is possible. Nothing where no units fit or where an exponent is no number of sixtieths.
std::optional<std::vector<Unit>> number_units(const Program& program, const std::vector<Unit>& units,
                                              const Unit& wanted);

} // namespace ropewalk::formula
