// A last row that holds the sums of the others.
#pragma once

#include <string>
#include <vector>

#include "ropewalk/formulas/table/columns.hpp"

namespace ropewalk::formula {

/// Leaves out a last row that has nothing but sums of the others, of columns that differ by more than a factor, or of one
/// where others end in no number, and says so.
void leave_out_totals(Columns& columns, std::vector<std::string>& notes);

} // namespace ropewalk::formula
