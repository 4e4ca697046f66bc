#pragma once

#include <nlohmann/json.hpp>

#include "papers/results/manifests.hpp"

namespace ropewalk::papers {

nlohmann::ordered_json run_json(const ManifestRun& run);

/// Writes the finished runs to `options.run.state_file`, where there is one.
base::Result<std::string> save_runs(const std::vector<ManifestRun>& runs,
                                    const ManifestTableOptions& options);

/// The finished runs of an earlier table; none unless `options.run.resume` is set and there is a state file.
/// Fails when the file is of a table with other options; kinds, runs and seeds may differ.
base::Result<std::vector<ManifestRun>> load_runs(const ManifestTableOptions& options);

} // namespace ropewalk::papers
