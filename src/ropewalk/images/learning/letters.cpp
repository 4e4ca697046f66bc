#include "ropewalk/images/learning/letters.hpp"

#include <limits>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::learning {

namespace {

bool is_wanted(const LearningRun& run) {
    const LearnOptions& options = run.options;
    const LearnState& state = run.state;
    return run.problem.given() && options.start == Start::automatic && options.consensus_interval > 0 &&
           run.problem.task_count() <= options.letter_tasks && state.no_letters.empty() &&
           (state.phase == Phase::search ? state.search_steps == 0 : state.letters.has_value());
}

std::string hardly_read() {
    return base::render(base::failure("letters", "images that are hardly read as the letters that the outputs tell of",
                                      "images that show these letters")
                            .value());
}

} // namespace

base::Status LearningLetters::search(LearningRun& run) {
    run_ = &run;
    if (!is_wanted(run)) return {};
    if (auto looked = look(); !looked) return looked;
    while (learns() && run.state.phase == Phase::search) {
        if (search_->decided(letters())) return decide();
        if (time_is_over()) return end_in_time();
        if (run.stopped()) return choose_formulas();
        if (auto done = step(); !done) return done;
        if (search_->decided(letters())) continue;
        if (search_->trial_is_over(letters())) {
            if (auto ended = end_trial(); !ended) return ended;
        } else if (!letters().trial && search_->stuck(letters())) {
            // Rules that are the same on all rows of letters that images show are never told apart.
            if (search_->asked_rules() && search_->reads_well(letters())) return decide();
            if (auto started = start_again(); !started) return started;
        }
        if (auto saved = run.checkpoint(false); !saved) return saved;
    }
    return {};
}

base::Status LearningLetters::refine_step(const perception::StepNumber& number, double learning_rate) {
    return run_->take(
        search_->refine_step(*run_->engine, run_->source, run_->options.reading_batch, number, learning_rate, letters()));
}

base::Status LearningLetters::choose_formulas() {
    constexpr std::size_t batches = 20;
    if (letters().steps == 0) return {};
    LearnState& state = run_->state;
    if (run_->problem.has_long_rows()) return {};
    state.decisions.forget();
    if (auto scored = run_->score(run_->options.reading_batch, batches); !scored) return scored;
    // Where a rule beside the pool is found, the decisions are the pool's nearest formulas.
    if (!search_->leads_beside_pool(letters()))
        state.decisions.choose(search_->formulas(letters()), search_->same_formulas(letters()),
                               state.letter_steps);
    return {};
}

std::optional<LetterFindings> LearningLetters::findings() const {
    if (!learns() || run_->state.phase == Phase::search) return std::nullopt;
    LetterFindings findings = search_->findings(letters());
    search_->add_rules(findings, letters());
    return findings;
}

/// Asks the outputs. What they do not tell is no failure.
base::Status LearningLetters::look() {
    LearnState& state = run_->state;
    run_->show("looking at how often outputs occur", 0, 1, 0);
    // A run that goes on needs to know what its letters are.
    const auto stop = [this] { return !run_->state.letters && run_->options.run.is_over(run_->watch); };
    auto found = LetterSearch::make(run_->problem, run_->source, run_->options.letters, state.always_rules,
                                    run_->options.run.threads, stop);
    if (auto agreed = run_->agree(); !agreed) return agreed;
    // Where one process was stopped before it found them, none has.
    if (run_->options.group->size() > 1 && !state.letters && run_->stopped()) return {};
    if (!found) {
        if (stop()) return {};
        state.no_letters = base::render(found.error());
        return {};
    }
    search_ = std::move(*found);
    for (const auto& stored : {state.letters, state.best_letters})
        if (stored && !search_->fits(*stored))
            return base::failure(run_->options.checkpoint_file, "a search for letters in other rows",
                                 "the manifest with which the run began");
    if (state.letters) return {};
    state.letters.emplace();
    return read_alphabet();
}

/// The network is to give a distribution over the letters.
base::Status LearningLetters::read_alphabet() {
    const std::vector<double>& alphabet = search_->alphabet(letters());
    if (!identification::same_alphabet(run_->engine->alphabet(), alphabet))
        if (auto begun = run_->engine->begin_reading(alphabet); !begun) return begun;
    return search_->begin(*run_->engine, letters(), run_->options.reading_batch.augmentation,
                          run_->options.learning_rate, run_->parts(), run_->state.images);
}

base::Status LearningLetters::step() {
    const perception::StepNumber number =
        run_->number(perception::first_letter_batch, run_->state.letter_steps++);
    const auto report = search_->step(*run_->engine, run_->options.reading_batch, number,
                                      run_->options.learning_rate, letters());
    const LetterFindings now = search_->findings(letters());
    run_->show(fmt::format("looking for letters, start {}, {:.2f} of {:.2f} nats left", now.starts, -now.read,
                           -now.unseen),
               0, 1, 0);
    return run_->take(report);
}

/// Ends the trial of an alphabet: the next one is tried, or the best goes on.
base::Status LearningLetters::end_trial() {
    LearnState& state = run_->state;
    letters().trial = false;
    if (!state.best_letters || search_->reads_better(letters(), *state.best_letters)) {
        constexpr double not_known = std::numeric_limits<double>::max();
        run_->keep_best(not_known, false);
        state.best_letters = letters();
    }
    if (const auto next = search_->next_alphabet(*state.best_letters, letters().alphabet))
        return start({.alphabet = *next, .start = letters().start + 1});
    return return_to_best();
}

base::Status LearningLetters::return_to_best() {
    LearnState& state = run_->state;
    const std::size_t starts = letters().start;
    state.letters = std::exchange(state.best_letters, std::nullopt);
    letters().start = starts;
    return run_->return_to_best();
}

base::Status LearningLetters::start(LetterSearchState letters) {
    run_->state.letters = std::move(letters);
    if (auto renewed = run_->renew_engine(this->letters().start); !renewed) return renewed;
    return read_alphabet();
}

/// First weights other than those of the trials, or the letters are given up.
base::Status LearningLetters::start_again() {
    constexpr std::size_t more_starts = 2;
    const std::size_t next = letters().start + 1;
    if (next >= search_->alphabets() + more_starts) return give_up();
    return start({.alphabet = letters().alphabet, .trial = false, .start = next});
}

/// The refinement is to have what is left.
bool LearningLetters::time_is_over() const {
    constexpr double share = 0.5;
    constexpr std::size_t most_steps = 5000;
    return letters().steps > 0 &&
           (letters().steps >= most_steps ||
            (run_->options.run.seconds > 0 && run_->seconds() >= share * run_->options.run.seconds));
}

base::Status LearningLetters::end_in_time() {
    const std::optional<LetterSearchState>& best = run_->state.best_letters;
    if (best && !search_->reads_better(letters(), *best))
        if (auto returned = return_to_best(); !returned) return returned;
    return search_->reads(letters()) ? decide() : give_up();
}

base::Status LearningLetters::give_up() {
    if (!search_->asked_rules()) return ask_rules();
    run_->state.no_letters = hardly_read();
    return run_->renew_engine(0);
}

/// What the pool's formulas say was wrong, if images show letters at all: rules beside them are asked.
base::Status LearningLetters::ask_rules() {
    LearnState& state = run_->state;
    state.always_rules = true;
    state.letters.reset();
    state.best_letters.reset();
    state.best.reset();
    search_.reset();
    if (auto renewed = run_->renew_engine(0); !renewed) return renewed;
    if (auto looked = look(); !looked) return looked;
    if (!state.no_letters.empty()) state.no_letters = hardly_read();
    return {};
}

base::Status LearningLetters::decide() {
    LearnState& state = run_->state;
    state.settled = search_->is_ahead(letters()) || (search_->asked_rules() && search_->reads_very_well(letters()));
    state.searches = letters().start + 1;
    state.phase = Phase::refine;
    std::vector<std::size_t> tasks(run_->problem.task_count());
    std::iota(tasks.begin(), tasks.end(), std::size_t{0});
    state.reading = {.tasks = std::move(tasks), .alphabet = search_->alphabet(letters())};
    return choose_formulas();
}

} // namespace ropewalk::learning
