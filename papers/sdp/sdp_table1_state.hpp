#pragma once

#include <optional>
#include <vector>

#include "papers/sdp/sdp_table1.hpp"

namespace ropewalk::papers {

/// A place for every cell of the table, row by row; empty until the cell is finished.
using Table1Slots = std::vector<std::optional<Table1Cell>>;

/// Writes the finished cells to `options.run.state_file`, where there is one.
base::Result<std::string> save_state(const Table1Slots& slots, const Table1Options& options);

/// The finished cells of an earlier run; none unless `options.run.resume` is set and there is a state file. Fails
/// when the file is of a run with other options.
base::Result<Table1Slots> load_state(const Table1Options& options);

} // namespace ropewalk::papers
