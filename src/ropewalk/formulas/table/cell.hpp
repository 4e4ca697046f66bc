// What stands in one field of a table.
#pragma once

#include <limits>
#include <string_view>

namespace ropewalk::formula {

enum class CellKind { number, missing, infinite, out_of_range, decimal_comma, text };

struct Cell {
    CellKind kind = CellKind::text;
    double number = std::numeric_limits<double>::quiet_NaN(); ///< of a number
};

/// Numbers have a decimal point and are finite; true and false are 1 and 0. Missing are NA, N/A, NaN, null, none, `?`,
/// `-`, `.` and nothing at all.
Cell cell_of(std::string_view text);

/// Half a unit of the last decimal of a number in text; 0 for whole numbers and for those with as many digits
/// as a double has.
double half_unit(std::string_view text);

} // namespace ropewalk::formula
