// Numbers that stand for a missing value, such as -999.
#pragma once

#include <string>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/formulas/table/columns.hpp"

namespace ropewalk::formula {

/// Makes the numbers that mark missing values NaN in the columns that are used, and says so. `chosen` is as
/// TableOptions::missing; fails where it holds what is no number.
///
/// Where nothing is chosen, marks are 999, 9999, 99999 and 999999 of either sign where the nearest other value of the
/// column is more than 10 times as far away as all others are apart. A negative one that stands on several rows needs
/// twice as far if no other value is negative. At least five others must be there, more than marks, three of them different.
base::Status take_missing_marks(Columns& columns, const std::vector<std::string>& chosen, std::vector<std::string>& notes);

} // namespace ropewalk::formula
