#include "ropewalk/perception/learn.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "ropewalk/perception/alphabet.hpp"
#include "ropewalk/perception/checkpoint.hpp"
#include "ropewalk/perception/consensus.hpp"
#include "ropewalk/perception/rates.hpp"

namespace ropewalk::perception {

namespace {

double temperature(const Annealing& annealing, std::size_t step) {
    const double share = std::min(1.0, static_cast<double>(step) / static_cast<double>(annealing.steps));
    return annealing.first * std::pow(annealing.last / annealing.first, share);
}

/// One run: the steps, with what they share.
class Run {
public:
    Run(const Problem& problem, const LearnOptions& options, ExampleSource source,
        std::unique_ptr<Engine> engine)
        : problem_(problem), options_(options), source_(std::move(source)),
          engine_(std::move(engine)), state_{.decisions = no_decisions()} {}

    base::Result<bool> resume() {
        if (!options_.resume) return true;
        auto loaded = load_checkpoint(state_, *engine_, options_.settings, options_.checkpoint_file);
        shown_images_ = state_.images;
        return loaded;
    }

    /// Finds formulas by symbol tables, if that is wanted and there are some: at the start where tasks are
    /// few or alone with their images, later where the search is stuck. They are not kept in checkpoints: a
    /// run that goes on finds the same again.
    base::Result<bool> look_up() {
        const bool few = problem_.task_count() <= options_.few_tasks;
        const bool late = options_.consensus_interval > 0 && state_.search_steps == options_.table_step &&
                          !state_.agreement;
        const bool likely = options_.letters.empty() &&
                            (problem_.private_images || (problem_.can_form_rows() && (few || late)));
        if (options_.start == Start::network || (options_.start == Start::automatic && !likely)) return true;
        if (!state_.no_table.empty()) return true;
        auto errors = table_errors();
        if (!errors && options_.start == Start::table) return base::failure(errors.error());
        if (!errors) {
            state_.no_table = base::render(errors.error());
            return true;
        }
        if (state_.phase != Phase::search) return true;
        state_.decisions.forget();
        state_.decisions.add(*errors, state_.search_steps);
        state_.settled = true;
        state_.phase = Phase::refine;
        return true;
    }

    /// Looks for letters and formulas in the outputs, where rows are given, and learns to read the letters
    /// until the images have decided between the formulas. What the outputs say is not kept in checkpoints: a
    /// run that goes on finds the same again.
    base::Result<bool> search_letters() {
        if (!asks_outputs()) return true;
        auto found = LetterSearch::make(problem_, source_, options_.letters, options_.threads);
        if (!found) {
            state_.no_letters = base::render(found.error());
            return true;
        }
        letters_ = std::move(*found);
        for (const auto& stored : {state_.letters, state_.best_letters})
            if (stored && !letters_->fits(*stored))
                return base::failure(options_.checkpoint_file, "a search for letters in other rows",
                                     "the manifest with which the run began");
        if (!state_.letters) {
            state_.letters.emplace();
            if (auto begun = begin_letters(); !begun) return begun;
        }
        while (state_.phase == Phase::search && state_.no_letters.empty()) {
            if (letters_->decided(*state_.letters)) return decide_letters();
            if (letter_time_is_over()) {
                if (state_.best_letters && !letters_->reads_better(*state_.letters, *state_.best_letters))
                    if (auto gone = go_on_with_best_letters(); !gone) return gone;
                return letters_->reads(*state_.letters) ? decide_letters() : give_letters_up();
            }
            if (stopped()) return choose_formulas();
            if (auto done = letters_step(); !done) return done;
            if (letters_->decided(*state_.letters)) continue;
            if (letters_->trial_is_over(*state_.letters)) {
                if (auto ended = end_trial(); !ended) return ended;
            } else if (!state_.letters->trial && letters_->stuck(*state_.letters)) {
                if (auto started = start_letters_again(); !started) return started;
            }
            if (auto saved = checkpoint(false); !saved) return saved;
        }
        return true;
    }

    /// Ends with the phase `refine`, or earlier when stopped.
    base::Result<bool> search() {
        while (state_.phase == Phase::search) {
            if (settled() || steps_of_search() >= options_.most_steps || share_is_over()) {
                if (auto ended = end_search(); !ended) return ended;
                continue;
            }
            if (stopped()) break;
            if (auto done = search_step(); !done) return done;
            if (auto looked = look_for_consensus(); !looked) return looked;
            if (state_.search_steps == options_.table_step)
                if (auto looked = look_up(); !looked) return looked;
            if (auto saved = checkpoint(false); !saved) return saved;
        }
        search_seconds_ = watch_.seconds();
        search_processor_ = watch_.processor_seconds();
        return true;
    }

    base::Result<bool> refine() {
        const std::vector<std::size_t> formulas = formulas_of(state_.decisions.tasks());
        const base::Stopwatch refining;
        const std::size_t first = state_.refine_steps;
        if (auto begun = begin_reading(); !begun) return begun;
        while (state_.phase == Phase::refine) {
            plan(refining.seconds(), state_.refine_steps - first);
            if (state_.refine_planned && state_.refine_steps >= *state_.refine_planned) {
                if (auto decided = decide_again(); !decided) return decided;
                state_.phase = Phase::done;
                break;
            }
            if (stopped()) break;
            if (auto done = refine_step(formulas); !done) return done;
            if (auto saved = checkpoint(false); !saved) return saved;
        }
        return true;
    }

    base::Result<bool> checkpoint(bool now) {
        if (options_.checkpoint_file.empty()) return true;
        if (!now && since_checkpoint_.seconds() < options_.checkpoint_seconds) return true;
        since_checkpoint_ = {};
        const auto saved = save_checkpoint(state_, *engine_, options_.settings, options_.checkpoint_file);
        if (!saved) return base::failure(saved.error());
        return true;
    }

    /// A run that is stopped amid a search answers with a better one that has ended.
    base::Result<bool> fall_back() {
        if (!state_.best || state_.best->error > state_.decisions.mean_error()) return true;
        state_.decisions.settle(state_.best->decisions);
        return engine_->restore(state_.best->network);
    }

    Learned result() && {
        std::optional<LetterFindings> letters;
        if (reads_letters() && state_.phase != Phase::search) {
            letters = letters_->findings(*state_.letters);
            letters->mirror_image = letters_->mirror_image(problem_.table, *state_.letters);
        }
        if (private_tables_ && state_.phase == Phase::done && state_.refine_steps > 0)
            private_tables_->decided_by_network();
        return {.decisions = state_.decisions.tasks(),
                .phase = state_.phase,
                .settled = state_.settled,
                .agreement = state_.agreement,
                .searches = state_.searches,
                .search_steps = state_.search_steps,
                .refine_steps = state_.refine_steps,
                .table = std::move(table_),
                .private_tables = std::move(private_tables_),
                .no_table = state_.no_table,
                .letters = std::move(letters),
                .no_letters = state_.no_letters,
                .reading = state_.reading,
                .unread = state_.unread,
                .images = state_.images,
                .mirrored = state_.mirrored,
                .skipped = state_.skipped,
                .loss = state_.loss,
                .search_seconds = search_seconds_,
                .search_processor = search_processor_,
                .seconds = watch_.seconds(),
                .engine = std::move(engine_)};
    }

private:
    Decisions no_decisions() const { return {problem_.task_count(), problem_.table.formulas}; }

    std::size_t steps_of_search() const { return state_.search_steps - state_.search_start; }

    /// For how long nothing may have changed before the search ends.
    std::size_t settle_steps() const {
        const double share = options_.settle_share * static_cast<double>(steps_of_search());
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
        return steps_of_search() >= options_.least_steps && settled_tasks() == problem_.task_count() &&
               !errors_still_fall();
    }

    void mark_error() {
        constexpr double fallen = 0.9;
        const double error = state_.decisions.mean_error();
        if (error > fallen * state_.marked_error) return;
        state_.marked_error = error;
        state_.marked_at = state_.search_steps;
    }

    /// Begins another search, or goes on with the best one.
    base::Result<bool> end_search() {
        const double error = state_.decisions.mean_error();
        const bool is_best = !state_.best || error < state_.best->error;
        const bool is_settled = settled();
        ++state_.searches;
        if (state_.searches < options_.searches) {
            if (is_best && std::isfinite(error))
                state_.best = {state_.decisions.tasks(), error, is_settled, engine_->state()};
            state_.decisions = no_decisions();
            state_.marked_error = std::numeric_limits<double>::max();
            state_.search_start = state_.marked_at = state_.search_steps;
            return renew_engine(state_.searches);
        }
        state_.phase = Phase::refine;
        state_.settled = is_best ? is_settled : state_.best->settled;
        if (is_best) {
            state_.best.reset();
            return true;
        }
        const EndedSearch best = std::move(*std::exchange(state_.best, std::nullopt));
        state_.decisions.settle(best.decisions);
        return engine_->restore(best.network);
    }

    /// Whether the time of this search is over, where there are several.
    bool share_is_over() const {
        if (options_.searches == 1 || options_.seconds <= 0 || steps_of_search() == 0) return false;
        constexpr double of_all_searches = 0.75;
        const double share = watch_.seconds() / (of_all_searches * options_.seconds);
        if (state_.best && share >= 1) return true;
        const auto ended = static_cast<double>(state_.searches + 1);
        return steps_of_search() >= options_.least_steps &&
               share >= ended / static_cast<double>(options_.searches);
    }

    /// An engine with first weights of its own for every search.
    base::Result<bool> renew_engine(std::uint64_t search) {
        EngineOptions options = engine_options_of(problem_, options_);
        options.start = search;
        engine_.reset(); // two at once would take twice the memory
        auto engine = make_engine(options);
        if (!engine) return base::failure(engine.error());
        engine_ = std::move(*engine);
        return true;
    }

    bool stopped() const {
        if (options_.stop && options_.stop()) return true;
        return options_.seconds > 0 && watch_.seconds() >= options_.seconds;
    }

    base::Result<bool> search_step() {
        const std::size_t step = state_.search_steps++;
        const Batch batch = draw_batch(source_, options_.search_batch, step);
        const StepOptions step_options{temperature(options_.annealing, step - state_.search_start),
                                       options_.learning_rate};
        if (options_.mirror_interval > 0 && state_.search_steps % options_.mirror_interval == 0) {
            const auto mirrored = engine_->mirror_if_better(batch, step_options.temperature);
            if (!mirrored) return mirrored;
            if (*mirrored) ++state_.mirrored, state_.decisions.forget();
        }
        const auto report = engine_->search_step(batch, step_options);
        if (auto taken = take(report, batch.indices.size()); !taken) return taken;
        if (report->finite) {
            state_.decisions.add(engine_->errors(), state_.search_steps, batch.tasks);
            mark_error();
        }
        const std::size_t settled = settled_tasks();
        show(options_.searches > 1 ? fmt::format("search {}", state_.searches + 1) : "searching",
             static_cast<long>(settled), static_cast<long>(problem_.task_count()), settled);
        return true;
    }

    base::Result<bool> look_for_consensus() {
        const std::size_t step = state_.search_steps;
        if (options_.consensus_interval == 0 || step % options_.consensus_interval != 0) return true;
        if (!problem_.has_shared_rows()) return true;
        // Numbered behind all batches of gradient steps.
        const Batch batch = draw_batch(source_, options_.consensus_batch, (std::uint64_t{1} << 43) + step);
        const auto grounding = engine_->ground(batch.pixels);
        if (!grounding) return base::failure(grounding.error());
        std::vector<double> symbols;
        for (const std::uint32_t image : batch.rows_of_images) symbols.push_back(grounding->mean[image]);
        auto consensus = find_consensus(problem_.table, state_.decisions.tasks(), problem_.sigma,
                                        {batch.y, symbols}, step, {.seed = problem_.seed});
        if (!consensus) return true;
        for (Decision& decision : consensus->decisions) decision.since = step;
        state_.decisions.settle(std::move(consensus->decisions));
        state_.agreement = {step, consensus->agreeing, consensus->residual};
        ++state_.searches;
        state_.settled = true;
        state_.phase = Phase::refine;
        return true;
    }

    bool asks_outputs() const {
        return problem_.given && options_.start == Start::automatic && options_.consensus_interval > 0 &&
               problem_.task_count() <= options_.letter_tasks && state_.no_letters.empty() &&
               (state_.phase == Phase::search ? state_.search_steps == 0 : state_.letters.has_value());
    }

    bool reads_letters() const { return letters_ && state_.no_letters.empty(); }

    /// The network is to give a distribution over the letters.
    base::Result<bool> begin_letters() {
        if (same_alphabet(engine_->alphabet(), letters_->alphabet(*state_.letters))) return true;
        return engine_->begin_reading(letters_->alphabet(*state_.letters));
    }

    base::Result<bool> letters_step() {
        // Numbered behind all other batches.
        const std::uint64_t number = (std::uint64_t{1} << 44) + state_.letter_steps++;
        std::size_t images = 0;
        const auto report = letters_->step(*engine_, options_.reading_batch, number, options_.learning_rate,
                                           *state_.letters, images);
        const LetterFindings now = letters_->findings(*state_.letters);
        show(fmt::format("looking for letters, start {}, {:.2f} of {:.2f} nats left", now.starts, -now.read,
                         -now.unseen),
             0, 1, 0);
        return take(report, images);
    }

    /// Ends the trial of an alphabet: the next one is tried, or the best goes on.
    base::Result<bool> end_trial() {
        LetterSearchState& letters = *state_.letters;
        letters.trial = false;
        if (!state_.best_letters || letters_->reads_better(letters, *state_.best_letters)) {
            constexpr double not_known = std::numeric_limits<double>::max();
            state_.best = {state_.decisions.tasks(), not_known, false, engine_->state()};
            state_.best_letters = letters;
        }
        if (letters.alphabet + 1 < letters_->alphabets())
            return start_letters({.alphabet = letters.alphabet + 1, .start = letters.start + 1});
        return go_on_with_best_letters();
    }

    base::Result<bool> go_on_with_best_letters() {
        const std::size_t starts = state_.letters->start;
        state_.letters = std::move(state_.best_letters);
        state_.letters->start = starts;
        state_.best_letters.reset();
        const EndedSearch best = std::move(*std::exchange(state_.best, std::nullopt));
        return engine_->restore(best.network);
    }

    base::Result<bool> start_letters(LetterSearchState letters) {
        state_.letters = std::move(letters);
        return renew_engine(state_.letters->start).and_then([&](bool) { return begin_letters(); });
    }

    /// First weights other than those of the trials, or the letters are given up.
    base::Result<bool> start_letters_again() {
        constexpr std::size_t more_starts = 2;
        const std::size_t start = state_.letters->start + 1;
        if (start >= letters_->alphabets() + more_starts) return give_letters_up();
        return start_letters({.alphabet = state_.letters->alphabet, .trial = false, .start = start});
    }

    base::Result<bool> give_letters_up() {
        state_.no_letters = base::render(
            base::failure("letters", "images that are hardly read as the letters that the outputs tell of",
                          "images that show these letters")
                .value());
        return renew_engine(0);
    }

    /// Whether the refinement is to have what is left.
    bool letter_time_is_over() const {
        constexpr double share = 0.5;
        constexpr std::size_t most_steps = 5000;
        return state_.letters->steps > 0 &&
               (state_.letters->steps >= most_steps ||
                (options_.seconds > 0 && watch_.seconds() >= share * options_.seconds));
    }

    base::Result<bool> decide_letters() {
        const LetterSearchState& letters = *state_.letters;
        state_.settled = letters_->is_ahead(letters);
        state_.searches = letters.start + 1;
        state_.phase = Phase::refine;
        const std::size_t tasks = problem_.task_count();
        state_.reading = {.tasks = {}, .alphabet = letters_->alphabet(letters)};
        for (std::size_t t = 0; t < tasks; ++t) state_.reading->tasks.push_back(t);
        return choose_formulas();
    }

    /// Those of the letters, or of the candidate that is ahead, with errors as the network has them now.
    base::Result<bool> choose_formulas() {
        constexpr std::size_t batches = 20;
        if (state_.letters->steps == 0) return true;
        state_.decisions.forget();
        if (auto scored = score(options_.reading_batch, batches); !scored) return scored;
        state_.decisions.choose(letters_->formulas(*state_.letters),
                                letters_->same_formulas(problem_.table, *state_.letters),
                                state_.letter_steps);
        return true;
    }

    /// Finds the tables, and says what they make of all formulas.
    base::Result<std::vector<float>> table_errors() {
        if (problem_.private_images) {
            auto tables = find_private_tables(problem_, source_, options_.alphabet, options_.threads);
            if (!tables) return base::failure(tables.error());
            private_tables_ = std::move(*tables);
            return alphabet_errors(problem_, *private_tables_, options_.threads);
        }
        if (!problem_.can_form_rows())
            return base::failure("--start table", "rows that are given",
                                 "images of which any rows can be formed");
        auto table = find_symbol_table(table_question(problem_, source_, options_.alphabet));
        if (!table) return base::failure(table.error());
        table_ = std::move(*table);
        return decisive_errors(*table_);
    }

    /// Whether tables left some formulas to the network.
    bool open_tasks() const { return private_tables_ && private_tables_->count(Determined::no) > 0; }

    bool exact() const { return table_ || private_tables_ || state_.agreement; }

    /// Decodes symbols when the refinement is about to begin; a run that goes on keeps to how it began.
    base::Result<bool> begin_reading() {
        if (state_.phase != Phase::refine || !options_.decode || options_.refine_steps == 0) return true;
        if (!state_.reading && state_.refine_steps == 0) {
            auto reading = first_reading();
            if (reading) {
                state_.reading = std::move(*reading);
                // A network that gives a distribution over these letters keeps what it has learned.
                if (!same_alphabet(engine_->alphabet(), state_.reading->alphabet))
                    if (auto begun = engine_->begin_reading(state_.reading->alphabet); !begun) return begun;
            } else {
                state_.unread = base::render(reading.error());
            }
        }
        if (state_.reading && !reads_letters()) page_ = pages(*state_.reading);
        return true;
    }

    base::Result<Reading> first_reading() {
        if (private_tables_) return private_reading(*private_tables_);
        if (table_) return table_reading(*table_, TableReader(source_, *table_));
        if (!problem_.has_shared_rows())
            return base::failure("rows", "those of one task alone", "rows that many tasks share");
        return find_reading(source_, problem_.table, state_.decisions.tasks(), problem_.sigma, *engine_,
                            options_.reading);
    }

    using Pages = std::function<Reader::Page(const BatchOptions& options, std::uint64_t step)>;

    Pages pages(const Reading& reading) const {
        if (private_tables_)
            return [this](const BatchOptions& options, std::uint64_t step) {
                return private_page(source_, *private_tables_, options, step);
            };
        const auto of = [](auto reader) -> Pages {
            return [reader = std::move(reader)](const BatchOptions& options, std::uint64_t step) {
                return reader.page(options, step);
            };
        };
        if (table_) return of(TableReader(source_, *table_));
        return of(Reader(source_, problem_.table, state_.decisions.tasks(), problem_.sigma, reading));
    }

    base::Result<bool> reading_step(std::uint64_t number, double share) {
        const Reader::Page page = page_(options_.reading_batch, number);
        return take(engine_->reading_step(page.pixels, page.letters,
                                          options_.reading_learning_rate * half_cosine(share)),
                    page.letters.size());
    }

    base::Result<bool> formula_step(std::span<const std::size_t> formulas, std::uint64_t number,
                                    double share) {
        const Batch batch = draw_batch(source_, options_.refine_batch, number);
        return take(
            engine_->refine_step(batch, formulas, {0, options_.refine_learning_rate * half_cosine(share)}),
            batch.indices.size());
    }

    base::Result<bool> refine_letters_step(std::uint64_t number, double share) {
        const Batch batch = draw_batch(source_, options_.reading_batch, number);
        return take(letters_->refine_step(*engine_, batch, options_.learning_rate * half_cosine(share),
                                          *state_.letters),
                    batch.indices.size());
    }

    base::Result<bool> refine_step(std::span<const std::size_t> formulas) {
        const std::size_t step = state_.refine_steps++;
        // Batches of the refinement are numbered behind those of any search.
        const std::uint64_t number = (std::uint64_t{1} << 40) + step;
        const std::size_t planned = state_.refine_planned.value_or(step + 1);
        const double share =
            state_.refine_planned ? static_cast<double>(step) / static_cast<double>(planned) : 0;
        const auto done = reads_letters() ? refine_letters_step(number, share)
                          : page_         ? reading_step(number, share)
                                          : formula_step(formulas, number, share);
        if (!done) return done;
        show(page_ || reads_letters() ? "reading" : "refining", static_cast<long>(step),
             static_cast<long>(planned), problem_.task_count());
        return true;
    }

    /// The steps there will be: those asked for, or as many as fit into the time, once a few have shown how
    /// long one takes. The latter is looked at anew at every step: other work may come or go.
    void plan(double seconds, std::size_t steps) {
        constexpr std::size_t trial = 20, without_limit = 1000;
        if (options_.refine_steps || options_.seconds <= 0) {
            state_.refine_planned = options_.refine_steps.value_or(without_limit);
        } else if (steps >= trial) {
            // A little less than there is: the rate is to reach its end before the time does.
            const double left = std::max(0.0, 0.99 * options_.seconds - watch_.seconds());
            const double more = left * static_cast<double>(steps) / seconds;
            state_.refine_planned = state_.refine_steps + static_cast<std::size_t>(more);
        }
    }

    /// With the refined grounder, formulas stand further apart; where it explains less than the search's did,
    /// the decisions stay.
    base::Result<bool> decide_again() {
        if (state_.refine_steps == 0 || (exact() && !open_tasks())) return true;
        if (reads_letters()) return choose_formulas();
        const std::vector<Decision> before = state_.decisions.tasks();
        const double error_before = state_.decisions.mean_error();
        std::size_t batches = 20;
        BatchOptions options = options_.refine_batch;
        if (problem_.private_images) {
            // Few rows of few images tell close formulas apart badly, and without a gradient many are cheap.
            constexpr std::size_t most_images = 64, looks = 4;
            options.images = std::min(most_images, source_.images_of_task.back().size());
            options.rows = 8 * options.images;
            batches = looks * ((problem_.task_count() - 1) / options.tasks + 1);
        }
        state_.decisions.forget();
        if (auto scored = score(options, batches); !scored) return scored;
        if (private_tables_)
            state_.decisions.settle(decide_open_tasks(*private_tables_, before, state_.decisions));
        else if (!(state_.decisions.mean_error() <= error_before)) // not a number counts as more
            state_.decisions.settle(before);
        return true;
    }

    /// Adds the errors of so many batches to the decisions; nothing is learned.
    base::Result<bool> score(const BatchOptions& options, std::size_t batches) {
        for (std::size_t i = 0; i < batches; ++i) {
            const Batch batch = draw_batch(source_, options, (std::uint64_t{1} << 41) + i);
            const auto scored = engine_->score(batch);
            if (!scored) return scored;
            state_.decisions.add(engine_->errors(), state_.search_steps + state_.refine_steps, batch.tasks);
        }
        return true;
    }

    /// Counts a step on so many images, unless it failed.
    base::Result<bool> take(const base::Result<StepReport>& report, std::size_t images) {
        if (!report) return base::failure(report.error());
        state_.images += images;
        if (!report->finite) {
            ++state_.skipped;
            return true;
        }
        const double share = std::max(
            0.05, 1 / static_cast<double>(state_.letter_steps + state_.search_steps + state_.refine_steps));
        state_.loss += share * (report->loss - state_.loss);
        return true;
    }

    void show(const std::string& phase, long done, long total, std::size_t settled) {
        if (!options_.progress) return;
        if (const double seconds = since_shown_.seconds(); seconds > 1) {
            rate_ = static_cast<double>(state_.images - shown_images_) / seconds;
            since_shown_ = {};
            shown_images_ = state_.images;
        }
        options_.progress(done, total,
                          fmt::format("{}, {} of {} tasks decided, loss {:.4f}, {:.0f} images/s", phase,
                                      settled, problem_.task_count(), state_.loss, rate_));
    }

    const Problem& problem_;
    const LearnOptions& options_;
    ExampleSource source_;
    std::unique_ptr<Engine> engine_;
    LearnState state_;
    std::optional<SymbolTable> table_;
    std::optional<PrivateTables> private_tables_;
    std::optional<LetterSearch> letters_;
    Pages page_; ///< once letters are read
    const base::Stopwatch watch_;
    base::Stopwatch since_checkpoint_, since_shown_;
    std::size_t shown_images_ = 0;
    double rate_ = 0, search_seconds_ = 0, search_processor_ = 0;
};

} // namespace

EngineOptions engine_options_of(const Problem& problem, const LearnOptions& options) {
    const Images& images = problem.dataset.train;
    std::vector<double> alphabet = options.letters;
    std::sort(alphabet.begin(), alphabet.end());
    return {.network = options.network,
            .channels = images.channels,
            .height = images.height,
            .width = images.width,
            .statistics = pixel_statistics(images),
            .alphabet = std::move(alphabet),
            .pool = problem.table,
            .sigma = problem.sigma,
            .seed = problem.seed,
            .threads = options.threads,
            .device = options.device,
            .private_images = problem.private_images};
}

base::Result<bool> checked_letters(const LearnOptions& options) {
    auto fit = checked_letters(options.letters);
    if (fit && !options.letters.empty() && options.start == Start::table)
        return base::failure("--letters", "letters for a table",
                             "no --letters, or --start network: tables find letters themselves");
    return fit;
}

base::Result<Learned> learn(const Problem& problem, const LearnOptions& options) {
    if (auto fit = checked_letters(options); !fit) return base::failure(std::move(fit.error()));
    if (problem.private_images && (options.search_batch.tasks < 1 || options.refine_batch.tasks < 1))
        return base::failure("tasks of a batch", "0", "at least 1 where tasks have images of their own");
    auto source = example_source(problem, std::max(options.search_batch.images, options.refine_batch.images));
    if (!source) return base::failure(source.error());
    auto engine = make_engine(engine_options_of(problem, options));
    if (!engine) return base::failure(engine.error());
    Run run(problem, options, std::move(*source), std::move(*engine));
    return run.resume()
        .and_then([&](bool) { return run.look_up(); })
        .and_then([&](bool) { return run.search_letters(); })
        .and_then([&](bool) { return run.search(); })
        .and_then([&](bool) { return run.refine(); })
        .and_then([&](bool) { return run.checkpoint(true); })
        .and_then([&](bool) { return run.fall_back(); })
        .map([&](bool) { return std::move(run).result(); });
}

} // namespace ropewalk::perception
