// Series: the values of earlier rows as columns.
#pragma once

#include "ropewalk/formulas/table/csv_table.hpp"

namespace ropewalk::formula {

/// The table with the target and every input of 1 to `lags` rows earlier as inputs of their own (`y_lag1`),
/// with their units, and without its first `lags` rows. Fails unless at least two rows are left and the names
/// are free.
base::Result<Table> with_lags(const Table& table, int lags);

} // namespace ropewalk::formula
