#include "ropewalk/cli/learning_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ropewalk/cli/perceive_report.hpp"

namespace ropewalk::cli {

namespace {

Json reading_json(const perception::Learned& learned) {
    if (!learned.reading) return {{"decoded", false}, {"reason", learned.unread}};
    return {{"decoded", true},
            {"alphabet", learned.reading->alphabet},
            {"tasks", learned.reading->tasks.size()},
            {"explained", learned.reading->explained},
            {"residual", learned.reading->residual},
            {"uncertainty", learned.reading->uncertainty}};
}

} // namespace

void add_learned(Json& object, const perception::Learned& learned) {
    object["settled"] = learned.settled;
    object["finished"] = learned.phase == perception::Phase::done;
    object["images_seen"] = learned.images;
    object["searches"] = learned.searches;
    object["search_steps"] = learned.search_steps;
    object["refine_steps"] = learned.refine_steps;
    if (learned.agreement)
        object["consensus"] = {{"step", learned.agreement->step},
                               {"tasks", learned.agreement->tasks},
                               {"residual", learned.agreement->residual}};
    object["table"] = learned.table ? Json::parse(to_json(*learned.table)) : Json();
    if (learned.private_tables) object["table"] = Json::parse(to_json(*learned.private_tables));
    if (!learned.no_table.empty()) object["no_table"] = learned.no_table;
    object["reading"] = reading_json(learned);
    object["mirrored"] = learned.mirrored;
    object["skipped_steps"] = learned.skipped;
    object["loss"] = learned.loss;
    object["search_seconds"] = learned.search_seconds;
    object["search_processor_seconds"] = learned.search_processor;
    object["seconds"] = learned.seconds;
}

void show_learned(const perception::Problem& problem, const perception::Learned& learned, bool kept) {
    std::size_t weakest = 0, last = 0;
    for (std::size_t t = 0; t < learned.decisions.size(); ++t) {
        if (learned.decisions[t].margin < learned.decisions[weakest].margin) weakest = t;
        last = std::max(last, learned.decisions[t].since);
    }
    const perception::Decision& decision = learned.decisions[weakest];
    fmt::print("Closest call   task {}: {} ahead of {} by {:.4f} of the outputs' variance\n", weakest,
               perception::formula_text(problem.pool.formulas[decision.formula]),
               perception::formula_text(problem.pool.formulas[decision.runner_up]), decision.margin);
    show_determined(problem, learned);
    fmt::print("Search         {} steps in {:.1f} s ({:.1f} s of processor){}; {}\n", learned.search_steps,
               learned.search_seconds, learned.search_processor,
               learned.searches > 1 ? fmt::format(", best of {} searches", learned.searches) : "",
               learned.agreement
                   ? fmt::format("consensus: {} of {} formulas leave no error on decoded symbols",
                                 learned.agreement->tasks, learned.decisions.size())
               : learned.table || learned.private_tables ? "formulas from tables of symbols"
               : learned.settled ? fmt::format("last change of a formula at step {}", last)
                                 : "some formulas had not settled");
    if (learned.reading)
        fmt::print("Alphabet       {} symbols discovered: {:.4g}\n"
                   "               from {} tasks, residual {:.1e}, {:.1f}% of the rows explained\n",
                   learned.reading->alphabet.size(), fmt::join(learned.reading->alphabet, ", "),
                   learned.reading->tasks.size(), learned.reading->residual,
                   100 * learned.reading->explained);
    else if (!learned.unread.empty())
        fmt::print("Alphabet       none, refined through the formulas; {}", learned.unread);
    fmt::print("Refinement     {} steps; {} images in all, {:.1f} s\n", learned.refine_steps, learned.images,
               learned.seconds);
    if (learned.phase != perception::Phase::done)
        fmt::print("Stopped early; this is the best so far{}\n",
                   kept ? ", and --resume goes on with it" : "");
}

} // namespace ropewalk::cli
