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
    return {.name = options.state_file,
            .resume = options.resume,
            .key = {{"experiment", "roap-table2"},
                    {"version", 1},
                    {"settings", learning::to_json(settings)},
                    {"steps", options.steps}},
            .may_differ = "--tasks, --seeds and --seed"};
}

RoapTable2Run run_from(const Json& stored) {
    RoapTable2Run run;
    run.tasks = stored.at("tasks");
    run.seed = stored.at("seed");
    run.programs_right = stored.at("programs_right");
    run.symbolic_loss = stored_number(stored.at("symbolic_loss"));
    run.modulo_gauge = stored_number(stored.at("symbolic_loss_modulo_gauge"));
    run.table = stored.at("table");
    run.by_data = stored.at("determined_by_data");
    run.by_prior = stored.at("determined_by_prior");
    run.undetermined = stored.at("undetermined");
    run.symbols = stored.at("symbols_determined");
    run.seconds = stored.at("seconds");
    run.processor_seconds = stored.at("processor_seconds");
    return run;
}

} // namespace

Json run_json(const RoapTable2Run& run) {
    return {{"tasks", run.tasks},
            {"seed", run.seed},
            {"programs_right", run.programs_right},
            {"symbolic_loss", run.symbolic_loss},
            {"symbolic_loss_modulo_gauge", run.modulo_gauge},
            {"grounded", run.grounded()},
            {"table", run.table},
            {"determined_by_data", run.by_data},
            {"determined_by_prior", run.by_prior},
            {"undetermined", run.undetermined},
            {"symbols_determined", run.symbols},
            {"seconds", run.seconds},
            {"processor_seconds", run.processor_seconds}};
}

base::Result<std::string> save_runs(const std::vector<RoapTable2Run>& runs,
                                    const RoapTable2Options& options) {
    return save_finished(runs, file_of(options), run_json);
}

base::Result<std::vector<RoapTable2Run>> load_runs(const RoapTable2Options& options) {
    return load_finished<RoapTable2Run>(file_of(options), run_from);
}

} // namespace ropewalk::papers
