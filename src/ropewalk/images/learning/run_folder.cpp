#include "ropewalk/images/learning/run_folder.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "ropewalk/formulas/text/text.hpp"
#include "ropewalk/images/learning/table_report.hpp"

namespace ropewalk::learning {

using Json = nlohmann::ordered_json;

namespace {

std::string in(const std::string& folder, const char* name) {
    return (std::filesystem::path(folder) / name).string();
}

Json readings_json(const perception::Problem& problem, const Learned& learned, std::size_t task) {
    constexpr std::size_t most = 8;
    Json readings = Json::array();
    if (!learned.table) return readings;
    for (const identification::OtherReading& each :
         identification::other_readings(*learned.table, task, most))
        readings.push_back({{"formula", formula::written_text(problem.pool.formulas[each.formula])},
                            {"formula_index", each.formula},
                            {"alphabet", each.alphabet},
                            {"as_likely", each.as_likely}});
    return readings;
}

std::string programs_text(const perception::Problem& problem, const Learned& learned) {
    Json programs = Json::array();
    for (std::size_t t = 0; t < learned.decisions.size(); ++t) {
        const identification::Decision& each = learned.decisions[t];
        const auto determined = determined_text(learned, t);
        Json program = Json::object();
        program["task"] = t;
        if (problem.given) program["output"] = problem.given->outputs[t];
        program["formula"] = formula::written_text(problem.pool.formulas[each.formula]);
        program["runner_up"] = formula::written_text(problem.pool.formulas[each.runner_up]);
        program["error"] = each.error;
        program["margin"] = each.margin;
        program["since_step"] = each.since;
        program["determined"] = determined ? Json(*determined) : Json();
        program["readings"] = readings_json(problem, learned, t);
        program["formula_index"] = each.formula;
        program["runner_up_index"] = each.runner_up;
        programs.push_back(std::move(program));
    }
    return programs.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

base::Result<std::vector<identification::Decision>> parse_programs(const std::string& text,
                                                                   const std::string& file) {
    try {
        std::vector<identification::Decision> decisions;
        for (const Json& each : Json::parse(text))
            decisions.push_back({each.at("formula_index"), each.at("runner_up_index"), each.at("error"),
                                 each.at("margin"), each.at("since_step")});
        return decisions;
    } catch (const Json::exception&) {
        return base::failure(file, "no list of programs", "a file written by `ropewalk perceive`");
    }
}

} // namespace

base::Result<std::string> save_settings(const std::string& folder, const Settings& settings) {
    return base::write_file(in(folder, settings_name), to_json(settings) + "\n", base::Overwrite::allow);
}

base::Result<std::optional<Settings>> load_settings(const std::string& folder) {
    const std::string file = in(folder, settings_name);
    std::error_code error;
    if (!std::filesystem::exists(file, error)) return std::optional<Settings>();
    return base::read_file(file)
        .and_then([&](const std::string& text) { return settings_from_json(text, file); })
        .map([](Settings settings) { return std::optional(std::move(settings)); });
}

base::Result<std::string> save_run(const std::string& folder, const Settings& settings,
                                   const perception::Problem& problem, const Learned& learned,
                                   const std::string& run_json) {
    perception::TensorFile weights = learned.engine->weights();
    weights.metadata["format"] = "ropewalk-grounder";
    weights.metadata["settings"] = to_json(settings);
    const auto write = [&](const char* name, const std::string& content) {
        return base::write_file(in(folder, name), content, base::Overwrite::allow);
    };
    return write(programs_name, programs_text(problem, learned))
        .and_then([&](auto) { return write(weights_name, perception::to_safetensors(weights)); })
        .and_then([&](auto) { return write(run_name, run_json); })
        .map([&](auto) { return folder; });
}

base::Result<StoredRun> load_run(const std::string& folder) {
    const auto bytes = base::read_file(in(folder, weights_name));
    if (!bytes) return base::failure(bytes.error());
    auto weights = perception::from_safetensors(*bytes, in(folder, weights_name));
    if (!weights) return base::failure(weights.error());
    auto settings = settings_from_json(weights->metadata["settings"], in(folder, weights_name));
    if (!settings) return base::failure(settings.error());
    const auto text = base::read_file(in(folder, programs_name));
    if (!text) return base::failure(text.error());
    auto decisions = parse_programs(*text, in(folder, programs_name));
    if (!decisions) return base::failure(decisions.error());
    if (decisions->size() != settings->tasks)
        return base::failure(in(folder, programs_name), fmt::format("{} programs", decisions->size()),
                             fmt::format("{}, one for each task of the run", settings->tasks));
    return StoredRun{std::move(*settings), std::move(*decisions), std::move(*weights)};
}

base::Result<std::unique_ptr<perception::Engine>>
engine_of(const StoredRun& run, const perception::Problem& problem, int threads, const std::string& device) {
    for (const identification::Decision& decision : run.decisions)
        if (const std::size_t index = std::max(decision.formula, decision.runner_up);
            index >= problem.pool.formulas.size())
            return base::failure(programs_name, fmt::format("formula {}", index),
                                 fmt::format("0 to {}", problem.pool.formulas.size() - 1));
    LearnOptions options = learn_options_of(run.settings);
    options.run.threads = threads;
    options.device = device;
    auto engine = perception::make_engine(engine_options_of(problem, options));
    if (!engine) return engine;
    if (const auto restored = (*engine)->restore(run.weights); !restored)
        return base::failure(restored.error());
    return engine;
}

} // namespace ropewalk::learning
