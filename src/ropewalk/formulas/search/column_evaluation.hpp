// Programs evaluated column by column.
#pragma once

#include <span>
#include <vector>

#include "ropewalk/formulas/expression/expression.hpp"

namespace ropewalk::formula {

/// The fast version of `evaluate` for many rows: the same values up to the rounding stated for `apply_column`
/// (kernels/columns.hpp).
std::vector<double> evaluate_columns(const Program& program, std::span<const std::vector<double>> columns);

} // namespace ropewalk::formula
