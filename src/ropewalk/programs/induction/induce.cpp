#include "ropewalk/programs/induction/induce.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/induction/realise.hpp"
#include "ropewalk/programs/induction/templates.hpp"

namespace ropewalk::induction {

namespace {

/// Programs of a search's first turn; each later one has four times as many.
constexpr std::uint64_t first_turn = std::uint64_t{1} << 25;

/// Up to so many examples of a file may leave several programs open, which are then compared.
constexpr std::uint64_t few_examples = 256;

/// A step of gradient descent on one example takes about as long as so many programs of a search, with what
/// comes behind it: judging, repair and certificates.
constexpr double step_work = 4;

/// As tuning takes them.
const auto examples_per_gradient_step = static_cast<std::uint64_t>(tuning::TuneOptions{}.batch);

/// A way to look for the program, with what it has cost and brought so far.
struct Strategy {
    const char* name;
    /// Gain it is credited with before it has shown any: its share of the budget while none gains anything.
    double credit;
    int turns = 0;
    double work = 0; ///< in programs tried; see step_work
    double gain = 0; ///< how much it has raised the best score
};

class Induction {
public:
    Induction(const tasks::Task& task, const InduceOptions& options)
        : task_(task), options_(options), deadline_(options.run.stop.or_after(options.run.seconds)) {}

    base::Result<Induced> run() {
        auto specification = specification_of(task_, options_.examples, options_.run.seed);
        if (specification)
            specification_ = std::move(*specification);
        else if (!options_.tune)
            return base::failure(std::move(specification.error()));
        std::vector<Strategy> strategies;
        if (options_.search && specification)
            strategies = {{.name = "enumerate", .credit = 0.06}, {.name = "sequences", .credit = 0.02}};
        if (options_.tune) strategies.push_back({.name = "tune", .credit = 0.02});
        while (!result_.program && !strategies.empty() && !out_of_budget()) {
            Strategy& strategy = most_promising(strategies);
            if (auto taken = turn(strategy); !taken) return base::failure(std::move(taken.error()));
            ++strategy.turns;
            std::erase_if(strategies,
                          [this](const Strategy& each) { return exhausted_.contains(each.name); });
        }
        return finish();
    }

private:
    double seconds_left() const {
        return options_.run.seconds > 0 ? std::max(0.01, options_.run.seconds - watch_.seconds()) : 0;
    }

    bool out_of_budget() const {
        return options_.run.stop() ||
               (options_.run.seconds > 0 && watch_.seconds() >= options_.run.seconds) ||
               (options_.programs > 0 && work_ >= static_cast<double>(options_.programs));
    }

    /// Each strategy once, in order; then the one with the most gain per work, with a little gain for free so
    /// that none is given up for good.
    static Strategy& most_promising(std::vector<Strategy>& strategies) {
        for (Strategy& each : strategies)
            if (each.turns == 0) return each;
        return *std::max_element(strategies.begin(), strategies.end(),
                                 [](const Strategy& a, const Strategy& b) {
                                     return (a.gain + a.credit) / a.work < (b.gain + b.credit) / b.work;
                                 });
    }

    base::Result<std::string> turn(Strategy& strategy) {
        const base::Stopwatch watch;
        const double best_before = best_score_;
        Turn record{.strategy = strategy.name};
        const std::string name = strategy.name;
        auto done = name == "enumerate"   ? enumerate_turn(strategy, record)
                    : name == "sequences" ? sequence_turn(strategy, record)
                                          : tune_turn(record);
        if (!done) return done;
        record.seconds = watch.seconds();
        record.found = result_.program.has_value();
        const double work =
            static_cast<double>(record.candidates) + step_work * static_cast<double>(record.step_samples);
        work_ += work;
        strategy.work += std::max(1.0, work);
        best_score_ = std::max(best_score_, record.score);
        strategy.gain += best_score_ - best_before;
        result_.candidates += record.candidates;
        result_.record.push_back(std::move(record));
        return done;
    }

    search::SearchOptions limits(std::uint64_t programs) {
        search::SearchOptions limits = options_.search_options;
        limits.run.threads = options_.run.threads;
        limits.run.stop = options_.run.stop;
        limits.run.progress = options_.run.progress;
        limits.run.seconds = seconds_left();
        limits.programs = programs;
        if (options_.programs > 0)
            limits.programs =
                std::min(limits.programs,
                         std::max<std::uint64_t>(1, options_.programs - static_cast<std::uint64_t>(work_)));
        return limits;
    }

    search::Verifier verifier() const {
        return verifier_of(task_, specification_.examples, options_.run.seed, options_.run.threads);
    }

    base::Result<std::string> enumerate_turn(const Strategy& strategy, Turn& record) {
        search::SearchOptions options = limits(first_turn << (2 * strategy.turns));
        options.compare = task_.from_examples && task_.domain_size <= few_examples;
        auto found = search::enumerate(specification_, options, verifier());
        return absorb(std::move(found), "enumerate", record);
    }

    base::Result<std::string> sequence_turn(const Strategy& strategy, Turn& record) {
        auto found = search::enumerate_sequences(specification_, first_parts(),
                                                 limits(first_turn << (2 * strategy.turns)), verifier());
        auto done = absorb(std::move(found), "sequences", record);
        if (done && !result_.program) done = finish_tuned(record);
        return done;
    }

    base::Result<std::string> absorb(base::Result<search::SearchResult> found, const char* strategy,
                                     Turn& record) {
        if (!found && options_.tune) { // beyond the search's sizes tuning may still work
            exhausted_[strategy] = true;
            return std::string{};
        }
        if (!found) return base::failure(std::move(found.error()));
        record.candidates += found->candidates;
        specification_.examples = std::move(found->examples);
        if (!found->near_misses.empty()) record.score = found->near_misses.front().score;
        merge(std::move(found->near_misses));
        if (!found->first_parts.empty()) first_parts_ = std::move(found->first_parts);
        // What ended at its cost limit would only do the same again.
        if (found->stop_reason == base::StopReason::exhausted ||
            found->stop_reason == base::StopReason::memory)
            exhausted_[strategy] = true;
        if (found->solution) {
            record.score = 1;
            result_.choice = std::move(found->choice);
            accept(found->solution->program, fmt::format("{} ({})", strategy, found->solution->sketch));
        }
        return std::string{};
    }

    /// Programs that do a part of the work wholly, then those that come near all of it.
    std::vector<search::Candidate> first_parts() const {
        std::vector<search::Candidate> parts = first_parts_;
        for (const search::Candidate& miss : result_.near_misses) {
            const bool known = std::any_of(parts.begin(), parts.end(),
                                           [&](const auto& each) { return each.program == miss.program; });
            if (!known) parts.push_back(miss);
        }
        return parts;
    }

    void merge(std::vector<search::Candidate> misses) {
        for (search::Candidate& miss : misses) {
            const bool known = std::any_of(result_.near_misses.begin(), result_.near_misses.end(),
                                           [&](const auto& each) { return each.program == miss.program; });
            if (!known) result_.near_misses.push_back(std::move(miss));
        }
        std::stable_sort(result_.near_misses.begin(), result_.near_misses.end(),
                         [](const auto& a, const auto& b) { return a.score > b.score; });
        const auto most = static_cast<std::size_t>(std::max(1, options_.search_options.near_misses));
        if (result_.near_misses.size() > most) result_.near_misses.resize(most);
    }

    /// Second parts, by search, for programs that tuning has brought nearer to the target.
    base::Result<std::string> finish_tuned(Turn& record) {
        for (const Template& first : tuned_) {
            if (result_.program || out_of_budget()) break;
            search::Specification rest = specification_;
            machine::ExactMachine machine(*first.program);
            bool halts = true;
            for (machine::Example& example : rest.examples) {
                machine.load(example);
                machine.run(*first.program->steps);
                halts = halts && machine.state().halted;
                example.memory = machine.state().memory;
            }
            if (!halts) continue; // nothing can come behind it
            std::optional<assembly::Program> whole;
            const search::Verifier verify = [&](const language::Program& second) {
                auto lowered = realised(second, task_, rest.examples);
                if (!lowered) return search::Verdict{.accepted = false};
                auto both = in_sequence(*first.program, *lowered);
                if (!both || !tuning::certify(*both, task_,
                                              {.seed = options_.run.seed, .threads = options_.run.threads})
                                  .holds)
                    return search::Verdict{.accepted = false};
                whole = std::move(*both);
                return search::Verdict{};
            };
            auto found = search::enumerate(rest, limits(std::uint64_t{1} << 20), verify);
            if (!found) return base::failure(std::move(found.error()));
            record.candidates += found->candidates;
            if (!found->solution || !whole) continue;
            record.score = 1;
            accept_assembly(*whole, fmt::format("tuning from {}, then sequences ({})", first.name,
                                                found->solution->sketch));
        }
        return std::string{};
    }

    base::Result<std::string> tune_turn(Turn& record) {
        auto examples = specification_.examples;
        if (examples.empty()) {
            base::RandomStream random(options_.run.seed, base::Purpose::training_examples);
            examples = draw_examples(task_, options_.examples, random);
        }
        refresh_templates(examples);
        Template& start =
            *std::min_element(templates_.begin(), templates_.end(), [](const Template& a, const Template& b) {
                return std::pair(a.turns, -a.score) < std::pair(b.turns, -b.score);
            });
        record.strategy = "tune " + start.name;
        const int iterations = options_.iterations << std::min(start.turns, 10);
        const long steps = start.program ? *start.program->steps : task_.steps;
        record.step_samples = static_cast<std::uint64_t>(options_.restarts) *
                              static_cast<std::uint64_t>(iterations) * examples_per_gradient_step *
                              static_cast<std::uint64_t>(steps);
        const auto tuned =
            tune_template(start, task_, options_.restarts, iterations, options_, tune_turns_++, deadline_);
        ++start.turns;
        // A template that does not fit is no reason to give up the others.
        if (!tuned) return std::string{};
        // A copy, because templates are added below.
        const Template tuned_from = start;
        for (const tuning::Restart& restart : tuned->restarts) {
            assembly::Program program = restart.program;
            program.steps = tuned->steps;
            const double score = score_of(program, examples);
            record.score = std::max(record.score, score);
            if (score > std::max(tuned_from.score, best_tuned_) && score < 1) {
                best_tuned_ = score;
                tuned_.insert(tuned_.begin(), {tuned_from.name, program, score});
                templates_.push_back({tuned_from.name + ", tuned", program, score});
                if (tuned_.size() > 4) tuned_.pop_back();
                break;
            }
        }
        if (!tuned->best) return std::string{};
        const tuning::Restart& best = tuned->restarts[*tuned->best];
        assembly::Program program = best.program;
        if (!program.steps) program.steps = tuned->steps;
        accept_assembly(
            program, fmt::format("tuning from {}{}", tuned_from.name, best.repaired ? ", then repair" : ""));
        if (!best.repaired) result_.weights = best.model;
        return std::string{};
    }

    /// Near misses that are new since the last turn become templates; turns that were taken stay counted.
    void refresh_templates(const std::vector<machine::Example>& examples) {
        for (Template& each : templates_of(result_.near_misses, task_, examples, options_)) {
            const bool known = std::any_of(templates_.begin(), templates_.end(), [&](const Template& old) {
                return old.program == each.program && old.name == each.name;
            });
            if (!known) templates_.push_back(std::move(each));
        }
    }

    void accept(const language::Program& source, std::string found_by) {
        auto program = realised(source, task_, specification_.examples);
        if (!program) return;
        accept_assembly(*program, std::move(found_by));
        if (result_.program) result_.source = source;
    }

    void accept_assembly(const assembly::Program& program, std::string found_by) {
        const auto fitted = tuning::fit_to_task(program, task_);
        if (!fitted) return;
        tuning::Certificate certificate =
            tuning::certify(*fitted, task_, {.seed = options_.run.seed, .threads = options_.run.threads});
        if (!certificate.holds) return;
        result_.program = *fitted;
        result_.certificate = std::move(certificate);
        result_.found_by = std::move(found_by);
    }

    base::Result<Induced> finish() {
        using base::StopReason;
        result_.stop_reason = result_.program       ? StopReason::found
                              : options_.run.stop() ? StopReason::interrupted
                              : options_.run.seconds > 0 && watch_.seconds() >= options_.run.seconds
                                  ? StopReason::seconds
                              : options_.programs > 0 && work_ >= static_cast<double>(options_.programs)
                                  ? StopReason::work
                                  : StopReason::exhausted;
        if (result_.program && !result_.weights) {
            base::RandomStream noise(options_.run.seed, base::Purpose::compile_noise);
            if (auto model = compiler::compile(
                    *result_.program, {.instruction_set = compiler::instruction_set_for(*result_.program)},
                    noise))
                result_.weights = std::move(*model);
        }
        result_.seconds = watch_.seconds();
        return std::move(result_);
    }

    const tasks::Task& task_;
    const InduceOptions& options_;
    base::Stopwatch watch_;
    base::Stop deadline_;
    Induced result_;
    search::Specification specification_;
    std::vector<search::Candidate> first_parts_;
    std::map<std::string, bool> exhausted_;
    double work_ = 0;
    double best_score_ = 0;
    double best_tuned_ = 0;
    std::uint64_t tune_turns_ = 0;
    std::vector<Template> templates_, tuned_;
};

} // namespace

base::Result<Induced> induce(const tasks::Task& task, const InduceOptions& options) {
    if (const auto fit = base::check_settings(options); !fit) return base::failure(fit.error());
    return Induction(task, options).run();
}

} // namespace ropewalk::induction
