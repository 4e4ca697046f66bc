// The units below the names of the columns.
#pragma once

#include <string>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/formulas/table/columns.hpp"

namespace ropewalk::formula {

/// Reads the units of the columns that are used, in brackets or not; what is wrong goes to `faults`, and what a person
/// may not expect of them to `notes`: units that no other measures, and those that are scales of pure numbers.
void read_units(Columns& columns, const std::string& file, base::Diagnostics& faults, std::vector<std::string>& notes);

} // namespace ropewalk::formula
