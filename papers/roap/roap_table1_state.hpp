#pragma once

#include <nlohmann/json_fwd.hpp>

#include "papers/roap/roap_table1.hpp"

namespace ropewalk::papers {

/// A measured row as JSON, without the paper's numbers.
nlohmann::ordered_json row_json(const RoapRow& row);

/// Where a run of a row is kept while it trains: beside the state file, where there is one.
Checkpoint checkpoint_of(const RoapTable1Options& options, const std::string& row, std::size_t run);

/// Writes the finished rows to `options.run.state_file`, where there is one.
base::Result<std::string> save_rows(const std::vector<RoapRow>& rows, const RoapTable1Options& options);

/// The finished rows of an earlier run; none unless `options.run.resume` is set and there is a state file. Fails
/// when the file is of a run with other options.
base::Result<std::vector<RoapRow>> load_rows(const RoapTable1Options& options);

} // namespace ropewalk::papers
