#pragma once

#include <nlohmann/json_fwd.hpp>

#include "papers/roap/roap_table2.hpp"

namespace ropewalk::papers {

nlohmann::ordered_json run_json(const RoapTable2Run& run);

/// Writes the finished runs to `options.run.state_file`, where there is one.
base::Result<std::string> save_runs(const std::vector<RoapTable2Run>& runs, const RoapTable2Options& options);

/// The finished runs of an earlier table; none unless `options.run.resume` is set and there is a state file.
/// Fails when the file is of a table with other options; tasks and seeds may differ.
base::Result<std::vector<RoapTable2Run>> load_runs(const RoapTable2Options& options);

} // namespace ropewalk::papers
