#include "papers/roap/roap_table1_state.hpp"

#include "papers/shared/shared.hpp"
#include "ropewalk/formulas/sketch/sketch.hpp"
#include "ropewalk/images/networks/networks.hpp"

namespace ropewalk::papers {

using Json = nlohmann::ordered_json;

namespace {

Json size_json(const papers::MeanSize& size) {
    return {{"nodes", size.nodes}, {"operators", size.operators}, {"live_lines", size.live_lines}};
}

papers::MeanSize size_from(const Json& stored) {
    return {stored.at("nodes"), stored.at("operators"), stored.at("live_lines")};
}

Json optional_json(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

std::optional<double> optional_from(const Json& stored) {
    return stored.is_null() ? std::nullopt : std::optional(stored.get<double>());
}

RoapRow row_from(const Json& stored) {
    RoapRow row{.name = stored.at("row"),
                .run = stored.value("run", std::size_t{0}),
                .paper = {},
                .tasks = stored.at("tasks"),
                .programs_right = stored.at("programs_right"),
                .symbolic_loss = optional_from(stored.at("symbolic_loss")),
                .modulo_gauge = optional_from(stored.at("symbolic_loss_modulo_gauge")),
                .train_loss = stored_number(stored.at("train_loss")),
                .test_loss = stored_number(stored.at("test_loss")),
                .test_loss_normalised = stored_number(stored.at("test_loss_normalised")),
                .size = size_from(stored.at("mean_size")),
                .right_size = size_from(stored.at("mean_size_right")),
                .steps = stored.at("steps"),
                .skipped = stored.at("skipped_steps"),
                .seconds = stored.at("seconds"),
                .processor_seconds = stored.at("processor_seconds"),
                .curve = {}};
    for (const Json& check : stored.at("curve"))
        row.curve.push_back({check.at("step"), check.at("seconds"), stored_number(check.at("loss")),
                             check.at("programs_right"), check.at("nodes")});
    for (const Json& count : stored.at("by_operators"))
        row.by_difficulty.push_back({count.at("operators"), count.at("tasks"), count.at("programs_right")});
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
    return {.name = options.state_file,
            .resume = options.resume,
            .key = key_of(options),
            .list = "rows",
            .may_differ = "--rows and --runs"};
}

} // namespace

Json row_json(const RoapRow& row) {
    Json curve = Json::array();
    for (const papers::RoapCheck& check : row.curve)
        curve.push_back({{"step", check.step},
                         {"seconds", check.seconds},
                         {"loss", check.loss},
                         {"programs_right", check.programs_right},
                         {"nodes", check.nodes}});
    Json by_operators = Json::array();
    for (const RoapDifficulty& count : row.by_difficulty)
        by_operators.push_back({{"operators", count.operators},
                                {"tasks", count.tasks},
                                {"programs_right", count.programs_right}});
    return {{"row", row.name},
            {"run", row.run},
            {"tasks", row.tasks},
            {"programs_right", row.programs_right},
            {"symbolic_loss", optional_json(row.symbolic_loss)},
            {"symbolic_loss_modulo_gauge", optional_json(row.modulo_gauge)},
            {"train_loss", row.train_loss},
            {"test_loss", row.test_loss},
            {"test_loss_normalised", row.test_loss_normalised},
            {"mean_size", size_json(row.size)},
            {"mean_size_right", size_json(row.right_size)},
            {"steps", row.steps},
            {"skipped_steps", row.skipped},
            {"seconds", row.seconds},
            {"processor_seconds", row.processor_seconds},
            {"by_operators", by_operators},
            {"curve", curve}};
}

base::Result<std::string> save_rows(const std::vector<RoapRow>& rows, const RoapTable1Options& options) {
    return save_finished(rows, file_of(options), row_json);
}

base::Result<std::vector<RoapRow>> load_rows(const RoapTable1Options& options) {
    return load_finished<RoapRow>(file_of(options), row_from);
}

} // namespace ropewalk::papers
