#include "papers/results/manifests_state.hpp"

#include "papers/shared/shared.hpp"

namespace ropewalk::papers {

namespace {

FinishedRunsFile file_of(const ManifestTableOptions& options) {
    return {.name = options.run.state_file,
            .resume = options.run.resume,
            .key = {{"experiment", "manifests"},
                    {"version", 1},
                    {"images", options.images},
                    {"data", folder_in_key(options.data)},
                    {"steps", options.steps},
                    {"seconds", options.seconds}},
            .may_differ = "--kinds, --runs and --seed"};
}

const RunFields manifest_fields{std::pair{"kind", &ManifestRun::kind},
                                std::pair{"seed", &ManifestRun::seed},
                                std::pair{"tasks", &ManifestRun::tasks},
                                std::pair{"formulas_right", &ManifestRun::formulas_right},
                                std::pair{"found", &ManifestRun::found},
                                std::pair{"mirror_image", &ManifestRun::mirror_image},
                                std::pair{"exact", &ManifestRun::exact},
                                std::pair{"search_seconds", &ManifestRun::search_seconds},
                                std::pair{"seconds", &ManifestRun::seconds}};

} // namespace

nlohmann::ordered_json run_json(const ManifestRun& run) { return manifest_fields.to_json(run); }

base::Result<std::string> save_runs(const std::vector<ManifestRun>& runs,
                                    const ManifestTableOptions& options) {
    return save_finished(runs, file_of(options), manifest_fields);
}

base::Result<std::vector<ManifestRun>> load_runs(const ManifestTableOptions& options) {
    return load_finished(file_of(options), manifest_fields);
}

} // namespace ropewalk::papers
