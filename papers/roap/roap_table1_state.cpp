#include "papers/roap/roap_table1_state.hpp"

#include <fmt/format.h>

#include "papers/roap/roap_fields.hpp"
#include "papers/shared/shared.hpp"
#include "ropewalk/formulas/sketch/sketch.hpp"
#include "ropewalk/images/networks/networks.hpp"

namespace ropewalk::papers {

using Json = nlohmann::ordered_json;

namespace {

const RunFields size_fields{std::pair{"nodes", &MeanSize::nodes}, std::pair{"operators", &MeanSize::operators},
                            std::pair{"live_lines", &MeanSize::live_lines}};

const RunFields difficulty_fields{std::pair{"operators", &RoapDifficulty::operators},
                                  std::pair{"tasks", &RoapDifficulty::tasks},
                                  std::pair{"programs_right", &RoapDifficulty::programs_right}};

/// Without sizes, curve and difficulties.
const RunFields row_fields{std::pair{"row", &RoapRow::name},
                           std::pair{"run", &RoapRow::run},
                           std::pair{"tasks", &RoapRow::tasks},
                           std::pair{"programs_right", &RoapRow::programs_right},
                           std::pair{"symbolic_loss", &RoapRow::symbolic_loss},
                           std::pair{"symbolic_loss_modulo_gauge", &RoapRow::modulo_gauge},
                           std::pair{"train_loss", &RoapRow::train_loss},
                           std::pair{"test_loss", &RoapRow::test_loss},
                           std::pair{"test_loss_normalised", &RoapRow::test_loss_normalised},
                           std::pair{"steps", &RoapRow::steps},
                           std::pair{"skipped_steps", &RoapRow::skipped},
                           std::pair{"seconds", &RoapRow::seconds},
                           std::pair{"processor_seconds", &RoapRow::processor_seconds}};

RoapRow row_from(const Json& stored) {
    RoapRow row = row_fields.from_json(stored);
    row.size = size_fields.from_json(stored.at("mean_size"));
    row.right_size = size_fields.from_json(stored.at("mean_size_right"));
    for (const Json& check : stored.at("curve")) row.curve.push_back(check_fields().from_json(check));
    for (const Json& count : stored.at("by_operators")) row.by_difficulty.push_back(difficulty_fields.from_json(count));
    return row;
}

/// What a state file must agree on to be gone on with.
Json key_of(const RoapTable1Options& options) {
    const papers::RoapOptions& training = options.training;
    const perception::RoapModel& model = training.model;
    return {{"experiment", options.experiment},
            {"version", 2},
            {"settings", learning::to_json(options.settings)},
            {"symbols_given", training.symbols_given},
            {"lines", model.lines},
            {"features", model.features},
            {"start_deviation", model.start_deviation},
            {"images", training.batch.images},
            {"rows", training.batch.rows},
            {"tasks_per_step", training.tasks_per_step},
            {"pairs", training.pairs},
            {"samples", training.samples},
            {"steps", training.steps},
            {"seconds", training.seconds},
            {"rates", {training.learning_rate, training.grounder_rate}},
            {"literal", training.sharpness == formula::Sharpness::temperature},
            {"beta", {training.beta_first, training.beta_last, training.beta_from}},
            {"beta_ramp", training.beta_ramp},
            {"noise", {training.noise_first, training.noise_last}},
            {"lambda", {training.lambda, training.lambda_from}},
            {"largest_gradient", training.largest_gradient}};
}

FinishedRunsFile file_of(const RoapTable1Options& options) {
    return {.name = options.run.state_file,
            .resume = options.run.resume,
            .key = key_of(options),
            .list = "rows",
            .may_differ = "--rows and --runs"};
}

} // namespace

Json row_json(const RoapRow& row) {
    Json curve = Json::array(), by_operators = Json::array();
    for (const RoapCheck& check : row.curve) curve.push_back(check_fields().to_json(check));
    for (const RoapDifficulty& count : row.by_difficulty) by_operators.push_back(difficulty_fields.to_json(count));
    Json object = row_fields.to_json(row);
    object["mean_size"] = size_fields.to_json(row.size);
    object["mean_size_right"] = size_fields.to_json(row.right_size);
    object["by_operators"] = std::move(by_operators);
    object["curve"] = std::move(curve);
    return object;
}

Checkpoint checkpoint_of(const RoapTable1Options& options, const std::string& row, std::size_t run) {
    if (options.run.state_file.empty()) return {};
    Json settings = key_of(options);
    settings["row"] = row;
    settings["run"] = run;
    return {.file = unit_file(options.run.state_file, fmt::format("{}-{}", row, run)),
            .resume = options.run.resume,
            .settings = base::json_text(settings)};
}

base::Result<std::string> save_rows(const std::vector<RoapRow>& rows, const RoapTable1Options& options) {
    return save_finished(rows, file_of(options), row_json);
}

base::Result<std::vector<RoapRow>> load_rows(const RoapTable1Options& options) {
    return load_finished<RoapRow>(file_of(options), row_from);
}

} // namespace ropewalk::papers
