#include "ropewalk/images/learning/refinement.hpp"

#include <algorithm>
#include <utility>

#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::learning {

namespace {

class Refinement {
public:
    Refinement(LearningRun& run, const LearningTables& tables, LearningLetters& letters)
        : run_(run), options_(run.options), state_(run.state), tables_(tables), letters_(letters),
          formulas_(identification::formulas_of(run.state.decisions.tasks())),
          first_step_(run.state.refine_steps), began_(run.seconds()) {}

    /// Decodes symbols when the refinement is about to begin; a run that goes on keeps to how it began.
    base::Status begin_reading() {
        if (state_.phase != Phase::refine || !options_.decode || options_.refine_steps == 0) return {};
        if (!state_.reading && state_.refine_steps == 0) {
            auto reading = first_reading();
            if (reading) {
                state_.reading = std::move(*reading);
                // A network that gives a distribution over these letters keeps what it has learned.
                if (!identification::same_alphabet(run_.engine->alphabet(), state_.reading->alphabet))
                    if (auto begun = run_.engine->begin_reading(state_.reading->alphabet); !begun)
                        return begun;
            } else {
                state_.unread = base::render(reading.error());
            }
        }
        if (state_.reading && !letters_.learns()) pages_ = pages(*state_.reading);
        return {};
    }

    bool is_over() {
        plan(run_.seconds() - began_, state_.refine_steps - first_step_);
        if (!state_.refine_planned) return false;
        // As many steps as fit into the time are made when it is over.
        const bool is_late = !options_.refine_steps && options_.run.seconds > 0 &&
                             run_.seconds() >= options_.run.seconds && state_.refine_steps > first_step_;
        return is_late || state_.refine_steps >= *state_.refine_planned;
    }

    base::Status step() {
        const std::size_t step = state_.refine_steps++;
        const perception::StepNumber number = run_.number(perception::first_refinement_batch, step);
        const std::size_t planned = state_.refine_planned.value_or(step + 1);
        const double share =
            state_.refine_planned ? static_cast<double>(step) / static_cast<double>(planned) : 0;
        const double rate = perception::half_cosine(share);
        const auto done = letters_.learns() ? letters_.refine_step(number, options_.reading_learning_rate * rate)
                          : pages_          ? reading_step(number, options_.reading_learning_rate * rate)
                                            : formula_step(number, options_.refine_learning_rate * rate);
        if (!done) return done;
        run_.show(pages_ || letters_.learns() ? "reading" : "refining", step, planned,
                  run_.problem.task_count());
        return {};
    }

    /// With the refined grounder, formulas stand further apart; where it explains less than the search's did,
    /// the decisions stay.
    base::Status decide_again() {
        const bool exact = tables_.found() || state_.agreement;
        if (state_.refine_steps == 0 || (exact && !tables_.open_tasks())) return {};
        if (letters_.learns()) return letters_.choose_formulas();
        const std::vector<identification::Decision> before = state_.decisions.tasks();
        const double error_before = state_.decisions.mean_error();
        std::size_t batches = 20;
        perception::BatchOptions batch_options = options_.refine_batch;
        if (run_.problem.has_private_images()) {
            // Few rows of few images tell close formulas apart badly, and without a gradient many are cheap.
            constexpr std::size_t most_images = 64, looks = 4;
            batch_options.images = std::min(most_images, run_.source.images_of_task.back().size());
            batch_options.rows = 8 * batch_options.images;
            batches = looks * ((run_.problem.task_count() - 1) / batch_options.tasks + 1);
        }
        state_.decisions.forget();
        if (auto scored = run_.score(batch_options, batches); !scored) return scored;
        if (tables_.open_tasks())
            state_.decisions.settle(tables_.decide_open_tasks(before, state_.decisions));
        else if (!(state_.decisions.mean_error() <= error_before)) // not a number counts as more
            state_.decisions.settle(before);
        return {};
    }

private:
    base::Result<Reading> first_reading() const {
        if (tables_.found()) return tables_.reading(run_.source);
        if (!run_.problem.has_shared_rows())
            return base::failure("rows", "those of one task alone", "rows that many tasks share");
        return find_reading(run_.source, run_.problem.table, state_.decisions.tasks(), run_.problem.sigma,
                            *run_.engine, options_.reading);
    }

    Pages pages(const Reading& reading) const {
        if (tables_.found()) return tables_.pages(run_.source);
        return [reader = Reader(run_.source, run_.problem.table, state_.decisions.tasks(), run_.problem.sigma,
                                reading)](const perception::BatchOptions& options, std::uint64_t step) {
            return reader.page(options, step);
        };
    }

    base::Status reading_step(const perception::StepNumber& number, double learning_rate) {
        const perception::BatchOptions of_part =
            perception::options_of_part(options_.reading_batch, number.parts.all, run_.source.variables);
        std::vector<Reader::Page> pages;
        std::vector<perception::PartToRead> parts;
        for (std::size_t k = 0; k < number.parts.count; ++k) pages.push_back(pages_(of_part, number.batch(k)));
        for (const Reader::Page& page : pages) parts.push_back({page.pixels, page.letters});
        return run_.take(run_.engine->reading_step(parts, learning_rate));
    }

    base::Status formula_step(const perception::StepNumber& number, double learning_rate) {
        const std::vector<perception::Batch> batch =
            perception::draw_parts(run_.source, options_.refine_batch, number);
        return run_.take(run_.engine->refine_step(batch, formulas_, {0, learning_rate}));
    }

    /// The steps there will be: those asked for, or as many as fit into the time, once a few have shown how
    /// long one takes. The latter is looked at anew at every step: other work may come or go.
    void plan(double seconds, std::size_t steps) {
        constexpr std::size_t trial = 20, without_limit = 1000;
        if (options_.refine_steps || options_.run.seconds <= 0) {
            state_.refine_planned = options_.refine_steps.value_or(without_limit);
        } else if (steps >= trial) {
            // A little less than there is: the rate is to reach its end before the time does.
            const double left = std::max(0.0, 0.99 * options_.run.seconds - run_.seconds());
            const double more = left * static_cast<double>(steps) / seconds;
            state_.refine_planned = state_.refine_steps + static_cast<std::size_t>(more);
        }
    }

    LearningRun& run_;
    const LearnOptions& options_;
    LearnState& state_;
    const LearningTables& tables_;
    LearningLetters& letters_;
    const std::vector<std::size_t> formulas_;
    const std::size_t first_step_; ///< of this process
    const double began_; ///< in seconds of the run
    Pages pages_; ///< where letters are read that are known
};

} // namespace

base::Status refine(LearningRun& run, const LearningTables& tables, LearningLetters& letters) {
    Refinement refinement(run, tables, letters);
    if (auto begun = refinement.begin_reading(); !begun) return begun;
    while (run.state.phase == Phase::refine) {
        if (refinement.is_over()) {
            if (auto decided = refinement.decide_again(); !decided) return decided;
            run.state.phase = Phase::done;
            break;
        }
        if (run.stopped()) break;
        if (auto done = refinement.step(); !done) return done;
        if (auto saved = run.checkpoint(false); !saved) return saved;
    }
    return {};
}

} // namespace ropewalk::learning
