#include "ropewalk/images/learning/search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::learning {

namespace {

double temperature(const Annealing& annealing, std::size_t step) {
    const double share = std::min(1.0, static_cast<double>(step) / static_cast<double>(annealing.steps));
    return annealing.first * std::pow(annealing.last / annealing.first, share);
}

/// Whether outputs can be exact: most tasks have each of theirs in two rows or more on average, as outputs of
/// letters do and outputs with noise do not. Those of labels are.
bool outputs_repeat(const perception::Problem& problem) {
    if (!problem.given()) return true;
    const perception::GivenRows& rows = problem.given()->training;
    std::size_t repeating = 0;
    for (std::size_t t = 0; t < problem.task_count(); ++t) {
        const auto begin = rows.y.begin() + static_cast<std::ptrdiff_t>(t * rows.rows);
        const std::set<double> different(begin, begin + static_cast<std::ptrdiff_t>(rows.rows));
        if (2 * different.size() <= rows.rows) ++repeating;
    }
    return 2 * repeating >= problem.task_count();
}

class FormulaSearch {
public:
    explicit FormulaSearch(LearningRun& run) : run_(run), options_(run.options), state_(run.state) {}

    bool is_over() const { return settled() || steps() >= options_.most_steps || share_is_over(); }

    base::Status step() {
        const std::size_t step = state_.search_steps++;
        const std::vector<perception::Batch> batch =
            perception::draw_parts(run_.source, options_.search_batch, run_.number(0, step));
        const perception::StepOptions step_options{
            temperature(options_.annealing, step - state_.search_start), options_.learning_rate};
        if (options_.mirror_interval > 0 && state_.search_steps % options_.mirror_interval == 0) {
            const auto mirrored = run_.engine->mirror_if_better(batch, step_options.temperature);
            if (!mirrored) return base::failure(mirrored.error());
            if (*mirrored) ++state_.mirrored, state_.decisions.forget();
        }
        const auto report = run_.engine->search_step(batch, step_options);
        if (auto taken = run_.take(report); !taken) return taken;
        if (report->finite) {
            state_.decisions.add(run_.engine->errors(), state_.search_steps, batch.front().tasks);
            mark_error();
        }
        const std::size_t settled = settled_tasks();
        const bool several = options_.searches > 1 || state_.searches > 0;
        run_.show(several ? fmt::format("search {}", state_.searches + 1) : "searching", settled,
                  run_.problem.task_count(), settled);
        return {};
    }

    base::Status look_for_consensus() {
        const std::size_t step = state_.search_steps;
        if (options_.consensus_interval == 0 || step % options_.consensus_interval != 0) return {};
        if (!run_.problem.has_shared_rows()) return {};
        const perception::Batch batch = perception::draw_batch(run_.source, options_.consensus_batch,
                                                               perception::first_consensus_batch + step);
        const auto grounding = run_.engine->ground(batch.pixels);
        if (!grounding) return base::failure(grounding.error());
        std::vector<double> symbols;
        for (const std::uint32_t image : batch.rows_of_images) symbols.push_back(grounding->mean[image]);
        auto consensus =
            identification::find_consensus(run_.problem.table, state_.decisions.tasks(), run_.problem.sigma,
                                           {batch.y, symbols}, step, {.seed = run_.problem.seed});
        if (!consensus) return {};
        for (identification::Decision& decision : consensus->decisions) decision.since = step;
        state_.decisions.settle(std::move(consensus->decisions));
        state_.agreement = {step, consensus->agreeing, consensus->residual};
        ++state_.searches;
        state_.settled = true;
        state_.phase = Phase::refine;
        return {};
    }

    /// Begins another search, or goes on with the best one.
    base::Status end() {
        const double error = state_.decisions.mean_error();
        const bool is_best = !state_.best || error < state_.best->error;
        const bool is_settled = settled();
        ++state_.searches;
        if (state_.searches < options_.searches || may_start_again()) {
            if (is_best && std::isfinite(error)) run_.keep_best(error, is_settled);
            state_.decisions = run_.no_decisions();
            state_.marked_error = std::numeric_limits<double>::max();
            state_.search_start = state_.marked_at = state_.search_steps;
            return run_.renew_engine(state_.searches);
        }
        state_.phase = Phase::refine;
        state_.settled = is_best ? is_settled : state_.best->settled;
        if (!is_best) return run_.return_to_best();
        state_.best.reset();
        return {};
    }

private:
    std::size_t steps() const { return state_.search_steps - state_.search_start; }

    /// For how long nothing may have changed before the search ends.
    std::size_t settle_steps() const {
        const double share = options_.settle_share * static_cast<double>(steps());
        return std::max(options_.settle_steps, static_cast<std::size_t>(share));
    }

    /// Tasks that have kept their formula long enough.
    std::size_t settled_tasks() const {
        return state_.decisions.settled(state_.search_steps, settle_steps());
    }

    bool errors_still_fall() const {
        return state_.decisions.mean_error() > options_.settle_error &&
               state_.search_steps < state_.marked_at + settle_steps();
    }

    bool settled() const {
        return steps() >= options_.least_steps && settled_tasks() == run_.problem.task_count() &&
               !errors_still_fall();
    }

    void mark_error() {
        constexpr double fallen = 0.9;
        const double error = state_.decisions.mean_error();
        if (error > fallen * state_.marked_error) return;
        state_.marked_error = error;
        state_.marked_at = state_.search_steps;
    }

    /// Whether a search that no consensus ended may be followed by more than were asked for: exact outputs of
    /// that many tasks give each other away once a few formulas are right, so none of these weights led
    /// there.
    bool may_start_again() const {
        return state_.searches < options_.consensus_searches && options_.consensus_interval > 0 &&
               run_.problem.has_shared_rows() &&
               run_.problem.task_count() > static_cast<std::size_t>(run_.problem.table.variables) + 1 &&
               share_of_time() < 1 && outputs_repeat(run_.problem);
    }

    /// The time that is over, as a share of what all searches together may take.
    double share_of_time() const {
        constexpr double of_all_searches = 0.75;
        return options_.run.seconds > 0 ? run_.seconds() / (of_all_searches * options_.run.seconds) : 0;
    }

    /// Whether the time of this search is over, where there are several.
    bool share_is_over() const {
        if (options_.run.seconds <= 0 || steps() == 0) return false;
        const double share = share_of_time();
        if (state_.best && share >= 1) return true;
        if (options_.searches == 1) return false;
        const auto ended = static_cast<double>(state_.searches + 1);
        return steps() >= options_.least_steps && share >= ended / static_cast<double>(options_.searches);
    }

    LearningRun& run_;
    const LearnOptions& options_;
    LearnState& state_;
};

} // namespace

base::Status search_by_posterior(LearningRun& run, LearningTables& tables) {
    FormulaSearch search(run);
    while (run.state.phase == Phase::search) {
        if (search.is_over()) {
            if (auto ended = search.end(); !ended) return ended;
            continue;
        }
        if (run.stopped()) break;
        if (auto done = search.step(); !done) return done;
        if (auto looked = search.look_for_consensus(); !looked) return looked;
        if (run.state.search_steps == run.options.table_step)
            if (auto looked = tables.look_up(run); !looked) return looked;
        if (auto saved = run.checkpoint(false); !saved) return saved;
    }
    return {};
}

} // namespace ropewalk::learning
