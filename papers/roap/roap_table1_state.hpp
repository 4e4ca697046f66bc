#pragma once

#include <nlohmann/json_fwd.hpp>

#include "papers/roap/roap_table1.hpp"

namespace ropewalk::papers {

/// A measured row as JSON, without the paper's numbers.
nlohmann::ordered_json row_json(const RoapRow& row);

/// Writes the finished rows to `options.state_file`, where there is one.
base::Result<std::string> save_rows(const std::vector<RoapRow>& rows, const RoapTable1Options& options);

/// The finished rows of an earlier run; none unless `options.resume` is set and there is a state file. Fails
/// when the file is of a run with other options.
base::Result<std::vector<RoapRow>> load_rows(const RoapTable1Options& options);

} // namespace ropewalk::papers
