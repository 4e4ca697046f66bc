#include "ropewalk/images/learning/run_folder.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "ropewalk/base/json.hpp"
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
    const std::vector<Answer> answers = answers_of(problem, learned);
    Json programs = Json::array();
    for (std::size_t t = 0; t < learned.decisions.size(); ++t) {
        const identification::Decision& each = learned.decisions[t];
        const auto determined = determined_text(learned, t);
        Json program = Json::object();
        program["task"] = t;
        if (problem.given()) program["output"] = problem.given()->outputs[t];
        if (problem.given() && t < problem.given()->words.size() && !problem.given()->words[t].empty())
            program["words"] = problem.given()->words[t];
        program["formula"] = answers[t].text;
        program["runner_up"] = answers[t].next;
        if (is_beside_pool(learned))
            program["rule"] = base::parse_json<Json>(rules::to_json(answers[t].rule));
        program["error"] = each.error;
        program["margin"] = answers[t].margin;
        program["since_step"] = each.since;
        program["determined"] = determined ? Json(*determined) : Json();
        program["readings"] = readings_json(problem, learned, t);
        program["formula_index"] = each.formula;
        program["runner_up_index"] = each.runner_up;
        programs.push_back(std::move(program));
    }
    return base::json_text(programs, 1) + "\n";
}

/// Throws as Json does.
identification::Decision decision_in(const Json& stored) {
    identification::Decision decision;
    stored.at("formula_index").get_to(decision.formula);
    stored.at("runner_up_index").get_to(decision.runner_up);
    stored.at("error").get_to(decision.error);
    stored.at("margin").get_to(decision.margin);
    stored.at("since_step").get_to(decision.since);
    return decision;
}

/// Fills decisions and outputs. Formulas name their variables s1, s2, ...
base::Status parse_programs(const std::string& text, const std::string& file, StoredRun& run) {
    const std::size_t variables = run.reader.columns.empty() ? 3 : run.reader.columns.size();
    const std::vector<std::string> names = formula::names_of_variables(variables);
    try {
        for (const Json& each : base::parse_json<Json>(text)) {
            run.decisions.push_back(decision_in(each));
            StoredOutput output;
            output.name = each.value("output", fmt::format("task {}", run.outputs.size()));
            output.next = each.value("runner_up", "");
            output.words = each.value("words", output.words);
            each.at("formula").get_to(output.text);
            const bool has_rule = each.contains("rule");
            run.beside_pool = run.beside_pool || has_rule;
            auto rule =
                has_rule
                    ? rules::rule_from_json(base::json_text(each.at("rule")), file)
                    : formula::parse_formula(output.text, names).map([](const formula::Program& program) {
                          return rules::rule_of(program);
                      });
            if (!rule) return base::failure(rule.error());
            output.rule = std::move(*rule);
            run.outputs.push_back(std::move(output));
        }
        return {};
    } catch (const Json::exception&) {
        return base::failure(file, "no list of programs", "a file written by `ropewalk perceive`");
    }
}

std::string reader_text(const perception::Problem& problem) {
    const datasets::Images& images = problem.dataset.train;
    const datasets::PixelStatistics statistics = datasets::pixel_statistics(images);
    const datasets::ImageForm form =
        problem.given() ? problem.given()->form
                      : datasets::ImageForm{images.channels, images.height, images.width};
    return base::json_text(
        Json{{"channels", form.channels},
             {"height", form.height},
             {"width", form.width},
             {"background", form.background == datasets::Background::white ? "white" : "black"},
             {"scales", form.scales},
             {"mean", statistics.mean},
             {"deviation", statistics.deviation},
             {"scale", problem.given() ? problem.given()->scale : 1.0},
             {"columns", problem.given() ? problem.given()->columns : std::vector<std::string>()}});
}

base::Result<StoredReader> parse_reader(const std::string& text, const std::string& file) {
    const auto refused = [&] {
        return base::failure(file, "nothing of how images are read, or not all of it",
                             "the run of a version that keeps it; setting `resume` of `ropewalk perceive` writes it anew");
    };
    try {
        const Json json = base::parse_json<Json>(text);
        StoredReader reader;
        json.at("channels").get_to(reader.form.channels);
        json.at("height").get_to(reader.form.height);
        json.at("width").get_to(reader.form.width);
        if (json.at("background") == "white") reader.form.background = datasets::Background::white;
        json.at("scales").get_to(reader.form.scales);
        json.at("mean").get_to(reader.statistics.mean);
        json.at("deviation").get_to(reader.statistics.deviation);
        json.at("scale").get_to(reader.scale);
        json.at("columns").get_to(reader.columns);
        const auto channels = static_cast<std::size_t>(reader.form.channels);
        if (reader.form.height >= datasets::least_image_side &&
            reader.form.width >= datasets::least_image_side && (channels == 1 || channels == 3) &&
            reader.statistics.mean.size() == channels && reader.statistics.deviation.size() == channels)
            return reader;
        return refused();
    } catch (const Json::exception&) {
        return refused();
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
    weights.metadata["reader"] = reader_text(problem);
    const auto write = [&](const char* name, const std::string& content) {
        return base::write_file(in(folder, name), content, base::Overwrite::allow);
    };
    return write(programs_name, programs_text(problem, learned))
        .and_then([&](const auto&) { return write(weights_name, perception::to_safetensors(weights)); })
        .and_then([&](const auto&) { return write(run_name, run_json); })
        .map([&](const auto&) { return folder; });
}

std::vector<Answer> answers_of(const StoredRun& run) {
    std::vector<Answer> answers;
    for (std::size_t t = 0; t < run.outputs.size(); ++t)
        answers.push_back({run.outputs[t].rule, run.outputs[t].text, run.outputs[t].next, run.decisions[t].margin});
    return answers;
}

base::Result<StoredRun> load_run(const std::string& folder) {
    const std::string weights_file = in(folder, weights_name), programs_file = in(folder, programs_name);
    const auto bytes = base::read_file(weights_file);
    if (!bytes) return base::failure(bytes.error());
    auto weights = perception::from_safetensors(*bytes, weights_file);
    if (!weights) return base::failure(weights.error());
    auto settings = settings_from_json(weights->metadata["settings"], weights_file);
    if (!settings) return base::failure(settings.error());
    auto reader = parse_reader(weights->metadata["reader"], weights_file);
    if (!reader) return base::failure(reader.error());
    StoredRun run{.settings = std::move(*settings),
                  .decisions = {},
                  .outputs = {},
                  .reader = std::move(*reader),
                  .weights = std::move(*weights)};
    const auto text = base::read_file(programs_file);
    if (!text) return base::failure(text.error());
    if (auto parsed = parse_programs(*text, programs_file, run); !parsed) return base::failure(parsed.error());
    if (run.decisions.size() != run.settings.tasks)
        return base::failure(programs_file, fmt::format("{} programs", run.decisions.size()),
                             fmt::format("{}, one for each task of the run", run.settings.tasks));
    return run;
}

namespace {

/// With the run's weights, network and pixels; formulas are the caller's.
base::Result<std::unique_ptr<perception::Engine>> restored_engine(const StoredRun& run,
                                                                  perception::EngineOptions options) {
    options.channels = run.reader.form.channels;
    options.height = run.reader.form.height;
    options.width = run.reader.form.width;
    options.statistics = run.reader.statistics;
    auto engine = perception::make_engine(options);
    if (!engine) return engine;
    if (const auto restored = (*engine)->restore(run.weights); !restored)
        return base::failure(restored.error());
    return engine;
}

} // namespace

base::Result<std::unique_ptr<perception::Engine>>
engine_of(const StoredRun& run, const perception::Problem& problem, int threads, const std::string& device) {
    for (const identification::Decision& decision : run.decisions)
        if (const std::size_t index = std::max(decision.formula, decision.runner_up);
            index >= problem.pool.formulas.size())
            return base::failure(programs_name, fmt::format("formula {}", index),
                                 fmt::format("0 to {}", problem.pool.formulas.size() - 1));
    const datasets::Images& images = problem.dataset.train;
    const datasets::ImageForm& form = run.reader.form;
    if (images.channels != form.channels || images.height != form.height || images.width != form.width)
        return base::failure(
            problem.dataset.name,
            fmt::format("images of {} x {} x {}", images.channels, images.height, images.width),
            fmt::format("{} x {} x {} (channels x height x width), as the run reads", form.channels,
                        form.height, form.width));
    LearnOptions options = learn_options_of(run.settings);
    options.run.threads = threads;
    options.device = device;
    return restored_engine(run, engine_options_of(problem, options));
}

base::Result<std::unique_ptr<perception::Engine>> reading_engine_of(const StoredRun& run, int threads,
                                                                    const std::string& device) {
    auto any_formula = identification::monomial_table({formula::variable(1, 0)});
    if (!any_formula) return base::failure(any_formula.error());
    return restored_engine(run, {.network = learn_options_of(run.settings).network,
                                 .pool = std::move(*any_formula),
                                 .sigma = {1.0},
                                 .seed = run.settings.seed,
                                 .threads = threads,
                                 .device = device});
}

} // namespace ropewalk::learning
