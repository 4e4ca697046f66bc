// What the phases of learning share: the problem, the engine, where the run is, when it has to stop, what it
// tells and what it keeps.
#pragma once

#include <memory>
#include <string>

#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/learning/checkpoint.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::learning {

struct LearningRun {
    LearningRun(const perception::Problem& its_problem, const LearnOptions& its_options,
                perception::ExampleSource its_source, std::unique_ptr<perception::Engine> its_engine)
        : problem(its_problem), options(its_options), source(std::move(its_source)),
          engine(std::move(its_engine)), state{.decisions = no_decisions()} {}

    /// Goes on from the checkpoint, if that is asked for; with a run that was finished in its refinement.
    base::Status resume();

    /// Keeps the state, `now` or when it has not been kept for long.
    base::Status checkpoint(bool now);

    /// Whether the run is to end where it is: it was asked to, or its time is over. Of several processes all say the
    /// same, as they last agreed.
    bool stopped() const;

    /// Seconds since it began, likewise.
    double seconds() const;

    /// Looks what other processes say of that; nothing where there are none.
    base::Status agree();

    /// The parts of every step that this process has.
    perception::StepParts parts() const { return perception::parts_of(*options.group, options.ranks); }

    /// The batches of a step, of these parts.
    perception::StepNumber number(std::uint64_t begin, std::uint64_t step) const;

    /// An engine with first weights of its own for every start.
    base::Status renew_engine(std::uint64_t start);

    /// Keeps decisions and network as the best so far, with the error that others must be below.
    void keep_best(double error, bool settled);

    /// Goes on with the best; there is none afterwards.
    base::Status return_to_best();

    /// Adds the errors of so many batches to the decisions; nothing is learned.
    base::Status score(const perception::BatchOptions& batch_options, std::size_t batches);

    /// Counts a step, unless it failed, and agrees with the other processes.
    base::Status take(const base::Result<perception::StepReport>& report);

    /// Tells how far a phase is, and of how many tasks the formula is decided.
    void show(const std::string& phase, std::size_t done, std::size_t total, std::size_t decided);

    identification::Decisions no_decisions() const { return {problem.task_count(), problem.table.formulas}; }

    const perception::Problem& problem;
    const LearnOptions& options;
    const perception::ExampleSource source;
    std::unique_ptr<perception::Engine> engine;
    LearnState state;
    bool nothing_left = false; ///< whether it was resumed, and had been finished
    const base::Stopwatch watch;

private:
    base::Stopwatch since_checkpoint_, since_shown_;
    std::size_t shown_images_ = 0;
    double rate_ = 0; ///< images a second, of late
    double agreed_seconds_ = 0;
    bool agreed_to_stop_ = false;
};

} // namespace ropewalk::learning
