#pragma once

#include "ropewalk/experiments/sdp_table1.hpp"

namespace ropewalk::experiments {

/// Writes the finished cells to `options.state_file`, where there is one.
base::Result<std::string> save_state(const std::vector<Table1Cell>& cells, const Table1Options& options);

/// The finished cells of an earlier run, in order; none unless `options.resume` is set and there is a state
/// file. Fails when the file is of a run with other options.
base::Result<std::vector<Table1Cell>> load_state(const Table1Options& options);

} // namespace ropewalk::experiments
