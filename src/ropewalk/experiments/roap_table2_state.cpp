#include "ropewalk/experiments/roap_table2_state.hpp"

#include <filesystem>

#include "ropewalk/experiments/stored_number.hpp"
#include <nlohmann/json.hpp>

namespace ropewalk::experiments {

using Json = nlohmann::ordered_json;

namespace {

/// What a state file must agree on to be gone on with. Every run has tasks and a seed of its own.
Json key_of(const RoapTable2Options& options) {
    perception::Settings settings = options.settings;
    settings.tasks = 0;
    settings.seed = 0;
    return {{"experiment", "roap-table2"},
            {"version", 1},
            {"settings", perception::to_json(settings)},
            {"steps", options.steps}};
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
    if (options.state_file.empty()) return std::string{};
    Json state{{"key", key_of(options)}, {"runs", Json::array()}};
    for (const RoapTable2Run& run : runs) state["runs"].push_back(run_json(run));
    return base::write_file(options.state_file, state.dump(1) + "\n", base::Overwrite::allow);
}

base::Result<std::vector<RoapTable2Run>> load_runs(const RoapTable2Options& options) {
    std::error_code error;
    std::vector<RoapTable2Run> runs;
    if (options.state_file.empty() || !options.resume || !std::filesystem::exists(options.state_file, error))
        return runs;
    const auto text = base::read_file(options.state_file);
    if (!text) return base::failure(text.error());
    try {
        const Json state = Json::parse(*text);
        if (state.at("key") == key_of(options)) {
            for (const Json& run : state.at("runs")) runs.push_back(run_from(run));
            return runs;
        }
    } catch (const Json::exception&) {
        // Damaged is as bad as foreign; the diagnostic below is for both.
    }
    return base::failure(options.state_file, "the state of another table, or no state at all",
                         "a state of a table with the same options; tasks and seeds may differ");
}

} // namespace ropewalk::experiments
