#include "app/commands/learning_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/commands/perceive_report.hpp"
#include "ropewalk/formulas/text/text.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/perceiving/perceiving.hpp"

namespace ropewalk::cli {

namespace {

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
            ? fmt::format("{} from how often outputs occur{}",
                          learning::is_beside_pool(learned) ? "rules" : "formulas",
                          learned.letters->candidates == 1
                              ? std::string()
                              : fmt::format(", one of {} left to the images", learned.letters->candidates))
            : fmt::format("last change of a formula at step {}", last_change));
}

void show_reading(const perception::Problem& problem, const learning::Learned& learned, bool details) {
    if (learned.letters) {
        fmt::print("Alphabet       {} symbols discovered: {:.4g}\n", learned.reading->alphabet.size(),
                   fmt::join(perceiving::scaled(learned.reading->alphabet, problem), ", "));
        for (const std::vector<double>& other : learned.letters->other_alphabets)
            fmt::print("               the outputs may as well be of {:.4g}\n",
                       fmt::join(perceiving::scaled(other, problem), ", "));
        if (!learned.letters->mirror_text.empty())
            fmt::print("Undetermined   {} with the symbols in reverse order gives the same outputs\n",
                       fmt::join(learned.letters->mirror_text, ", "));
    } else if (learned.reading) {
        fmt::print("Alphabet       {} symbols discovered: {:.4g}\n", learned.reading->alphabet.size(),
                   fmt::join(perceiving::scaled(learned.reading->alphabet, problem), ", "));
        if (details)
            fmt::print("               from {} tasks, residual {:.1e}, {:.1f}% of the rows explained\n",
                       learned.reading->tasks.size(), learned.reading->residual, 100 * learned.reading->explained);
    } else if (!learned.unread.empty()) {
        fmt::print("Alphabet       none, refined through the formulas; {}", learned.unread);
    }
}

/// What only those ask for who know the method.
void show_course(const perception::Problem& problem, const learning::Learned& learned) {
    const std::vector<learning::Answer> answers = learning::answers_of(problem, learned);
    std::size_t weakest = 0, last = 0;
    for (std::size_t t = 0; t < learned.decisions.size(); ++t) {
        if (answers[t].margin < answers[weakest].margin) weakest = t;
        last = std::max(last, learned.decisions[t].since);
    }
    const learning::Answer& closest = answers[weakest];
    fmt::print("Closest call   {}: {} ahead of {} by {:.4f} {}\n", perception::task_name(problem, weakest),
               closest.text, closest.next, closest.margin,
               learning::is_beside_pool(learned) ? "nats of a row that was held out" : "of the outputs' variance");
    show_search(learned, last);
    fmt::print("Refinement     {} steps; {} images in all, {:.1f} s\n", learned.refine_steps, learned.images,
               learned.seconds);
}

} // namespace

void show_learned(const perception::Problem& problem, const learning::Learned& learned, bool kept, bool details) {
    show_reading(problem, learned, details);
    show_determined(problem, learned, details);
    if (!learned.settled)
        fmt::print("Not settled    some formulas might still have changed\n");
    if (details) show_course(problem, learned);
    if (learned.phase != learning::Phase::done)
        fmt::print("{}; this is the best so far{}\n",
                   learned.interrupted ? "Stopped on request" : "Out of time before all was learned",
                   kept ? ", and --resume goes on with it" : "");
}

} // namespace ropewalk::cli
