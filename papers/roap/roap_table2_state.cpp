#include "papers/roap/roap_table2_state.hpp"

#include "papers/shared/shared.hpp"

namespace ropewalk::papers {

using Json = nlohmann::ordered_json;

namespace {

/// Every run has tasks and a seed of its own.
FinishedRunsFile file_of(const RoapTable2Options& options) {
    learning::Settings settings = options.settings;
    settings.tasks = 0;
    settings.seed = 0;
    return {.name = options.run.state_file,
            .resume = options.run.resume,
            .key = {{"experiment", "roap-table2"},
                    {"version", 1},
                    {"settings", learning::to_json(settings)},
                    {"steps", options.steps}},
            .may_differ = "--tasks, --seeds and --seed"};
}

const RunFields table2_fields{std::pair{"tasks", &RoapTable2Run::tasks},
                              std::pair{"seed", &RoapTable2Run::seed},
                              std::pair{"programs_right", &RoapTable2Run::programs_right},
                              std::pair{"symbolic_loss", &RoapTable2Run::symbolic_loss},
                              std::pair{"symbolic_loss_modulo_gauge", &RoapTable2Run::modulo_gauge},
                              std::pair{"table", &RoapTable2Run::table},
                              std::pair{"determined_by_data", &RoapTable2Run::by_data},
                              std::pair{"determined_by_prior", &RoapTable2Run::by_prior},
                              std::pair{"undetermined", &RoapTable2Run::undetermined},
                              std::pair{"symbols_determined", &RoapTable2Run::symbols},
                              std::pair{"seconds", &RoapTable2Run::seconds},
                              std::pair{"processor_seconds", &RoapTable2Run::processor_seconds}};

} // namespace

Json run_json(const RoapTable2Run& run) {
    Json object = table2_fields.to_json(run);
    object["grounded"] = run.grounded();
    return object;
}

base::Result<std::string> save_runs(const std::vector<RoapTable2Run>& runs,
                                    const RoapTable2Options& options) {
    return save_finished(runs, file_of(options), run_json);
}

base::Result<std::vector<RoapTable2Run>> load_runs(const RoapTable2Options& options) {
    return load_finished(file_of(options), table2_fields);
}

} // namespace ropewalk::papers
