#include "ropewalk/images/perceiving/report.hpp"

#include <numeric>

#include "ropewalk/base/json.hpp"
#include "ropewalk/formulas/text/text.hpp"
#include "ropewalk/images/identification/identification.hpp"

namespace ropewalk::perceiving {

using Json = nlohmann::ordered_json;

/// Of the run's letters in the units of the user.
std::vector<double> scaled(std::vector<double> alphabet, const perception::Problem& problem) {
    if (problem.given())
        for (double& letter : alphabet) letter *= problem.given()->scale;
    return alphabet;
}

namespace {

double mean(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Json json_of(const perception::Problem& problem, const perception::Judgement& judgement) {
    const auto& [train, test] = std::tie(judgement.train, judgement.test);
    const auto gauge = [](const perception::GaugeFit& fit) {
        return Json{{"loss", fit.loss_modulo_gauge}, {"scale", fit.scale}, {"offset", fit.offset}};
    };
    const auto outputs = [](const perception::OutputLoss& loss) {
        return Json{{"raw", loss.raw},
                    {"normalised", loss.normalised},
                    {"raw_by_moments", loss.raw_by_moments},
                    {"normalised_by_moments", loss.normalised_by_moments}};
    };
    return {{"tasks", problem.tasks.size()},
            {"programs_right", judgement.programs_right},
            {"symbolic_loss", {{"train", train.symbols.loss}, {"test", test.symbols.loss}}},
            {"symbolic_loss_modulo_gauge", test.symbols.loss_modulo_gauge},
            {"gauge", gauge(test.symbols)},
            {"test_loss", outputs(test.outputs)},
            {"train_loss", outputs(train.outputs)}};
}

Json json_of(const perception::Generalisation& generalisation) {
    return {{"formulas", generalisation.formulas.size()},
            {"right", generalisation.right},
            {"mean_loss", generalisation.mean},
            {"median_loss", generalisation.median},
            {"mean_loss_of_the_paper", perception::generalisation_of_the_paper}};
}

Json json_of(const perception::Problem& problem, const perception::GivenJudgement& judgement,
                const std::vector<learning::Answer>& answers) {
    Json found = Json::array();
    for (std::size_t t = 0; t < answers.size(); ++t)
        found.push_back({{"output", problem.given()->outputs[t]},
                         {"formula", answers[t].text},
                         {"runner_up", answers[t].next},
                         {"margin", answers[t].margin},
                         {"training_error", judgement.training[t]},
                         {"validation_error", judgement.validation[t]}});
    for (std::size_t t = 0; t < judgement.exact.size(); ++t)
        found[t]["validation_exact"] = judgement.exact[t];
    return {{"tasks", answers.size()},
            {"variables", problem.pool.variables},
            {"formulas_in_pool", problem.pool.formulas.size()},
            {"images", problem.given()->files.size()},
            {"training_rows", problem.given()->training.rows},
            {"validation_rows", problem.given()->validation.rows},
            {"training_error", mean(judgement.training)},
            {"validation_error", mean(judgement.validation)},
            {"unexplained", perception::unexplained_outputs(problem, judgement)},
            {"notes", problem.given()->notes},
            {"found", found}};
}

Json letters_json(const perception::Problem& problem, const learning::LetterFindings& letters) {
    Json others = Json::array();
    for (const std::vector<double>& alphabet : letters.other_alphabets)
        others.push_back(scaled(alphabet, problem));
    return {{"candidates", letters.candidates},
            {"steps", letters.steps},
            {"starts", letters.starts},
            {"log_likelihood_unseen", letters.unseen},
            {"log_likelihood_read", letters.read},
            {"other_alphabets", others},
            {"mirror_image", letters.mirror_text},
            {"beside_pool", !letters.rules.empty()}};
}

Json reading_json(const perception::Problem& problem, const learning::Learned& learned) {
    if (!learned.reading) return {{"decoded", false}, {"reason", learned.unread}};
    if (learned.letters) return {{"decoded", true}, {"alphabet", scaled(learned.reading->alphabet, problem)}};
    return {{"decoded", true},
            {"alphabet", scaled(learned.reading->alphabet, problem)},
            {"tasks", learned.reading->tasks.size()},
            {"explained", learned.reading->explained},
            {"residual", learned.reading->residual},
            {"uncertainty", learned.reading->uncertainty}};
}

void add_learned(Json& object, const perception::Problem& problem, const learning::Learned& learned) {
    object["settled"] = learned.settled;
    object["finished"] = learned.phase == learning::Phase::done;
    object["interrupted"] = learned.interrupted;
    object["images_seen"] = learned.images;
    object["searches"] = learned.searches;
    object["search_steps"] = learned.search_steps;
    object["refine_steps"] = learned.refine_steps;
    if (learned.agreement)
        object["consensus"] = {{"step", learned.agreement->step},
                               {"tasks", learned.agreement->tasks},
                               {"residual", learned.agreement->residual}};
    object["table"] = learned.table ? base::parse_json<Json>(learning::to_json(*learned.table)) : Json();
    if (learned.private_tables)
        object["table"] = base::parse_json<Json>(learning::to_json(*learned.private_tables));
    if (!learned.no_table.empty()) object["no_table"] = learned.no_table;
    if (learned.letters) object["letters"] = letters_json(problem, *learned.letters);
    if (!learned.no_letters.empty()) object["no_letters"] = learned.no_letters;
    object["reading"] = reading_json(problem, learned);
    object["mirrored"] = learned.mirrored;
    object["skipped_steps"] = learned.skipped;
    object["loss"] = learned.loss;
    object["search_seconds"] = learned.search_seconds;
    object["search_processor_seconds"] = learned.search_processor;
    object["seconds"] = learned.seconds;
}

Json judgement_of(const Perceived& run) {
    if (run.given) return json_of(run.problem, *run.given, learning::answers_of(run.problem, run.learned));
    if (run.judgement) return json_of(run.problem, *run.judgement);
    return run.learned.decided ? Json{{"judged", false}} : Json::object();
}

} // namespace

std::string to_json(const perception::Problem& problem, const perception::Judgement& judgement) {
    return base::json_file_text(json_of(problem, judgement));
}

std::string to_json(const perception::Problem& problem, const perception::GivenJudgement& judgement,
                    const std::vector<learning::Answer>& answers) {
    return base::json_file_text(json_of(problem, judgement, answers));
}

std::string to_json(const perception::Generalisation& generalisation) { return base::json_file_text(json_of(generalisation)); }

std::string to_json(const Perceived& run) {
    Json json = judgement_of(run);
    if (run.generalisation) json["generalisation"] = json_of(*run.generalisation);
    add_learned(json, run.problem, run.learned);
    json["method"] = "hybrid";
    json["settings"] = base::parse_json<Json>(learning::to_json(run.settings));
    return base::json_file_text(json);
}

} // namespace ropewalk::perceiving
