#include "app/commands/learning_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/commands/perceive_report.hpp"
#include "ropewalk/formulas/text/text.hpp"
#include "ropewalk/images/identification/identification.hpp"

namespace ropewalk::cli {

namespace {

/// Of the run's letters in the units of the user.
std::vector<double> scaled(std::vector<double> alphabet, const perception::Problem& problem) {
    if (problem.given)
        for (double& letter : alphabet) letter *= problem.given->scale;
    return alphabet;
}

std::vector<std::string> texts(const perception::Problem& problem, const std::vector<std::size_t>& formulas) {
    std::vector<std::string> result;
    for (const std::size_t formula : formulas)
        result.push_back(formula::written_text(problem.pool.formulas[formula]));
    return result;
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
            {"mirror_image", texts(problem, letters.mirror_image)}};
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

void show_search(const learning::Learned& learned, std::size_t last_change) {
    const std::size_t steps = learned.letters ? learned.letters->steps : learned.search_steps;
    fmt::print(
        "Search         {} steps in {:.1f} s ({:.1f} s of processor){}; {}\n", steps, learned.search_seconds,
        learned.search_processor,
        learned.searches > 1
            ? fmt::format(", best of {} {}", learned.searches, learned.letters ? "starts" : "searches")
            : "",
        learned.agreement ? fmt::format("consensus: {} of {} formulas leave no error on decoded symbols",
                                        learned.agreement->tasks, learned.decisions.size())
        : learned.table || learned.private_tables ? "formulas from tables of symbols"
        : !learned.settled                        ? "some formulas had not settled"
        : learned.letters
            ? fmt::format("formulas from how often outputs occur{}",
                          learned.letters->candidates == 1
                              ? std::string()
                              : fmt::format(", one of {} left to the images", learned.letters->candidates))
            : fmt::format("last change of a formula at step {}", last_change));
}

void show_reading(const perception::Problem& problem, const learning::Learned& learned) {
    if (learned.letters) {
        fmt::print("Alphabet       {} symbols discovered: {:.4g}\n", learned.reading->alphabet.size(),
                   fmt::join(scaled(learned.reading->alphabet, problem), ", "));
        for (const std::vector<double>& other : learned.letters->other_alphabets)
            fmt::print("               the outputs may as well be of {:.4g}\n",
                       fmt::join(scaled(other, problem), ", "));
        if (!learned.letters->mirror_image.empty())
            fmt::print("Undetermined   {} with the symbols in reverse order gives the same outputs\n",
                       fmt::join(texts(problem, learned.letters->mirror_image), ", "));
    } else if (learned.reading) {
        fmt::print("Alphabet       {} symbols discovered: {:.4g}\n"
                   "               from {} tasks, residual {:.1e}, {:.1f}% of the rows explained\n",
                   learned.reading->alphabet.size(),
                   fmt::join(scaled(learned.reading->alphabet, problem), ", "), learned.reading->tasks.size(),
                   learned.reading->residual, 100 * learned.reading->explained);
    } else if (!learned.unread.empty()) {
        fmt::print("Alphabet       none, refined through the formulas; {}", learned.unread);
    }
}

} // namespace

void add_learned(Json& object, const perception::Problem& problem, const learning::Learned& learned) {
    object["settled"] = learned.settled;
    object["finished"] = learned.phase == learning::Phase::done;
    object["images_seen"] = learned.images;
    object["searches"] = learned.searches;
    object["search_steps"] = learned.search_steps;
    object["refine_steps"] = learned.refine_steps;
    if (learned.agreement)
        object["consensus"] = {{"step", learned.agreement->step},
                               {"tasks", learned.agreement->tasks},
                               {"residual", learned.agreement->residual}};
    object["table"] = learned.table ? Json::parse(learning::to_json(*learned.table)) : Json();
    if (learned.private_tables) object["table"] = Json::parse(to_json(*learned.private_tables));
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

void show_learned(const perception::Problem& problem, const learning::Learned& learned, bool kept) {
    std::size_t weakest = 0, last = 0;
    for (std::size_t t = 0; t < learned.decisions.size(); ++t) {
        if (learned.decisions[t].margin < learned.decisions[weakest].margin) weakest = t;
        last = std::max(last, learned.decisions[t].since);
    }
    const identification::Decision& decision = learned.decisions[weakest];
    fmt::print("Closest call   {}: {} ahead of {} by {:.4f} of the outputs' variance\n",
               task_name(problem, weakest), formula::written_text(problem.pool.formulas[decision.formula]),
               formula::written_text(problem.pool.formulas[decision.runner_up]), decision.margin);
    show_determined(problem, learned);
    show_search(learned, last);
    show_reading(problem, learned);
    fmt::print("Refinement     {} steps; {} images in all, {:.1f} s\n", learned.refine_steps, learned.images,
               learned.seconds);
    if (learned.phase != learning::Phase::done)
        fmt::print("Stopped early; this is the best so far{}\n",
                   kept ? ", and --resume goes on with it" : "");
}

} // namespace ropewalk::cli
