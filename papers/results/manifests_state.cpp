#include "papers/results/manifests_state.hpp"

#include "papers/shared/shared.hpp"

namespace ropewalk::papers {

namespace {

FinishedRunsFile file_of(const ManifestTableOptions& options) {
    return {.name = options.state_file,
            .resume = options.resume,
            .key = {{"experiment", "manifests"},
                    {"version", 1},
                    {"images", options.images},
                    {"steps", options.steps},
                    {"seconds", options.seconds}},
            .may_differ = "--kinds, --runs and --seed"};
}

ManifestRun run_from(const nlohmann::ordered_json& stored) {
    return {.kind = stored.at("kind"),
            .seed = stored.at("seed"),
            .tasks = stored.at("tasks"),
            .formulas_right = stored.at("formulas_right"),
            .found = stored.at("found"),
            .mirror_image = stored.at("mirror_image"),
            .exact = stored.at("exact"),
            .search_seconds = stored.at("search_seconds"),
            .seconds = stored.at("seconds")};
}

} // namespace

nlohmann::ordered_json run_json(const ManifestRun& run) {
    return {{"kind", run.kind},      {"seed", run.seed},
            {"tasks", run.tasks},    {"formulas_right", run.formulas_right},
            {"found", run.found},    {"mirror_image", run.mirror_image},
            {"exact", run.exact},    {"search_seconds", run.search_seconds},
            {"seconds", run.seconds}};
}

base::Result<std::string> save_runs(const std::vector<ManifestRun>& runs,
                                    const ManifestTableOptions& options) {
    return save_finished(runs, file_of(options), [](const ManifestRun& run) { return run_json(run); });
}

base::Result<std::vector<ManifestRun>> load_runs(const ManifestTableOptions& options) {
    return load_finished<ManifestRun>(file_of(options), run_from);
}

} // namespace ropewalk::papers
