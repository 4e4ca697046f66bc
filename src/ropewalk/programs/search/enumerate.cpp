#include "ropewalk/programs/search/enumerate.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ropewalk/programs/search/growing_banks.hpp"
#include "ropewalk/programs/search/near_misses.hpp"
#include "ropewalk/programs/search/screening.hpp"
#include "ropewalk/programs/search/unit_runner.hpp"
#include "ropewalk/programs/search/units.hpp"
#include "ropewalk/programs/search/units_elsewhere.hpp"

namespace ropewalk::search {

namespace {

/// Units run together up to about so many candidates; the same number at any number of threads, because what
/// a batch keeps depends on the batches before it.
constexpr std::uint64_t batch_candidates = std::uint64_t{1} << 20;
constexpr std::size_t batch_units = 4096;
/// Candidates of each sketch in the first round, and the growth from round to round. Every sketch gets the
/// same share: one with few and narrow holes goes to high costs while one with many holes stays at low ones.
constexpr std::uint64_t first_quota = std::uint64_t{1} << 12;
constexpr std::uint64_t quota_growth = 2;
/// The smallest round after which programs that fit are compared. What is meant may come later in its sketch
/// than an accident in another.
constexpr std::uint64_t least_compared = std::uint64_t{1} << 14;
constexpr long most_fits_of_sketch = 8;
/// A program that comes so many times later in its sketch than another in its own carries no weight.
constexpr std::uint64_t weightless = 64;

struct PreparedSketch {
    SketchCode code;
    std::vector<const HoleBank*> banks;
};

/// Scored cells that are to hold something else than before.
int changes(const machine::Example& example) {
    int count = 0;
    for (std::size_t i = 0; i < example.expected_memory.size(); ++i)
        count += example.expected_memory[i] != machine::not_scored &&
                 example.expected_memory[i] != example.memory[i];
    return count;
}

base::Status checked(const Specification& specification) {
    const language::Machine& m = specification.machine;
    const auto refuse = [](std::string found, std::string expected) {
        return base::failure("search", std::move(found), std::move(expected));
    };
    if (m.base < 2 || m.base > 64) return refuse(fmt::format("base {}", m.base), "a base of 2 to 64");
    if (m.cells < 1 || m.cells > m.base)
        return refuse(fmt::format("{} cells", m.cells), "1 cell up to the base");
    if (specification.examples.empty()) return refuse("no examples", "at least one");
    for (const machine::Example& example : specification.examples) {
        const auto fits = [&](int value) { return value >= 0 && value < m.base; };
        if (example.memory.size() != static_cast<std::size_t>(m.cells) ||
            !std::all_of(example.memory.begin(), example.memory.end(), fits))
            return refuse("an example that does not fit the machine",
                          fmt::format("{} cells of 0..{}", m.cells, m.base - 1));
        if (example.expected_memory.size() > static_cast<std::size_t>(m.cells) ||
            !std::all_of(example.expected_memory.begin(), example.expected_memory.end(),
                         [&](int value) { return value == machine::not_scored || fits(value); }))
            return refuse("an expected memory that does not fit the machine",
                          fmt::format("up to {} cells of 0..{}", m.cells, m.base - 1));
    }
    return {};
}

class Enumeration {
public:
    Enumeration(const Specification& specification, const SearchOptions& options, const Verifier& verify)
        : machine_(specification.machine), options_(options), verify_(verify),
          banks_({.machine = machine_, .costs = options.costs, .functions = options.functions}, result_.examples) {
        result_.examples = specification.examples;
        // What changes most tells most: it comes first, where most candidates fail.
        std::stable_sort(
            result_.examples.begin(), result_.examples.end(),
            [](const machine::Example& a, const machine::Example& b) { return changes(a) > changes(b); });
    }

    base::Result<SearchResult> run() {
        for (const Sketch& sketch : options_.sketches) {
            auto code = translate(sketch, machine_);
            if (!code) return base::failure(std::move(code.error()));
            sketches_.push_back({std::move(*code), banks_.banks_of(sketch)});
        }
        next_cost_.assign(sketches_.size(), 1);
        tried_.assign(sketches_.size(), 0);
        pack();
        for (std::uint64_t quota = first_quota; !result_.solution && !stopped_; quota *= quota_growth) {
            std::vector<Unit> units = next_units(quota);
            if (!units.empty()) run_units(units);
            if (quota >= least_compared) choose_fit();
            report();
            const auto finished = [this](int cost) { return cost > options_.largest_cost; };
            if (std::all_of(next_cost_.begin(), next_cost_.end(), finished)) break;
            if (banks_.bytes() > options_.memory_bytes) stopped_ = StopReason::memory;
        }
        choose_fit();
        result_.stop_reason = result_.solution ? StopReason::found : stopped_.value_or(StopReason::exhausted);
        publish_misses();
        return std::move(result_);
    }

private:
    bool out_of_time() const { return options_.run.is_over(since_); }

    void pack() {
        packed_.emplace(machine_, result_.examples);
        untouched_ = untouched_by(*packed_);
    }

    /// The next costs of every sketch, as far as its share of the round goes, cheapest first over all
    /// sketches.
    std::vector<Unit> next_units(std::uint64_t quota) {
        std::vector<Unit> units;
        for (std::size_t s = 0; s < sketches_.size(); ++s)
            while (next_cost_[s] <= options_.largest_cost) {
                banks_.prepare(options_.sketches[s], own_cost(s), next_cost_[s]);
                const std::uint64_t more = count_at(s, next_cost_[s]);
                if (tried_[s] + more > quota) break;
                add_units_at(s, next_cost_[s]++, tried_[s], units);
                tried_[s] += more;
            }
        std::stable_sort(units.begin(), units.end(),
                         [](const Unit& a, const Unit& b) { return a.cost < b.cost; });
        return units;
    }

    int own_cost(std::size_t s) const {
        const Sketch& sketch = options_.sketches[s];
        return options_.costs.of_sketch(sketch.name, sketch.size);
    }

    /// Candidates of a sketch at a cost.
    std::uint64_t count_at(std::size_t s, int cost) const {
        return count_fillings(sketches_[s].banks, cost - own_cost(s));
    }

    void add_units_at(std::size_t s, int cost, std::uint64_t before, std::vector<Unit>& units) const {
        add_units(sketches_[s].banks, cost - own_cost(s), {.sketch = s, .cost = cost, .before = before}, units);
    }

    bool uses_points(std::size_t s) const {
        const auto& holes = options_.sketches[s].holes;
        return std::any_of(holes.begin(), holes.end(),
                           [](const Sketch::Hole& hole) { return hole.kind == HoleKind::point; });
    }

    void run_units(std::vector<Unit>& units) {
        for (std::size_t first = 0; first < units.size() && !result_.solution && !stopped_;) {
            std::size_t last = first;
            std::uint64_t candidates = 0;
            while (last < units.size() && last - first < batch_units && candidates < batch_candidates) {
                Unit& unit = units[last++];
                if (options_.programs > 0) // the limit may cut a unit short
                    unit.end =
                        std::min(unit.end, unit.begin + options_.programs -
                                               std::min(options_.programs, result_.candidates + candidates));
                candidates += unit.end - unit.begin;
            }
            result_.cost = std::max(result_.cost, units[first].cost);
            const bool new_examples = run_batch(std::span(units).subspan(first, last - first));
            first = last;
            if (options_.programs > 0 && result_.candidates >= options_.programs && !result_.solution)
                stopped_ = StopReason::work;
            if (!new_examples) continue;
            pack();
            banks_.renew_point_banks();
            units = units_after_new_examples(std::span(units).subspan(first));
            first = 0;
        }
    }

    /// All of the sketches with fillings that are told apart by examples, and what is left of the others.
    std::vector<Unit> units_after_new_examples(std::span<Unit> left) const {
        std::vector<Unit> again;
        for (std::size_t s = 0; s < sketches_.size(); ++s) {
            if (!uses_points(s)) continue;
            std::uint64_t before = 0;
            for (int cost = 1; cost < next_cost_[s]; ++cost) {
                add_units_at(s, cost, before, again);
                before += count_at(s, cost);
            }
        }
        for (Unit& unit : left)
            if (!uses_points(unit.sketch)) again.push_back(std::move(unit));
        return again;
    }

    /// Whether a counterexample has turned up.
    bool run_batch(std::span<const Unit> batch) {
        std::vector<Outcome> outcomes = run_elsewhere(batch);
        if (outcomes.empty()) outcomes = run_here(batch);
        outcomes.resize(batch.size());
        bool new_examples = false;
        for (std::size_t u = 0; u < batch.size() && !result_.solution; ++u)
            new_examples |= take(batch[u], outcomes[u]);
        if (!result_.solution && out_of_time())
            stopped_ = options_.run.stop() ? StopReason::interrupted : StopReason::seconds;
        return new_examples;
    }

    std::vector<Outcome> run_here(std::span<const Unit> batch) {
        std::vector<Outcome> outcomes(batch.size());
        const int bar = miss_bar();
        base::parallel_for(batch.size(), options_.run.threads, [&](std::size_t u) {
            if (out_of_time()) return;
            const PreparedSketch& sketch = sketches_[batch[u].sketch];
            UnitRunner runner(sketch.code, sketch.banks, batch[u], *packed_, untouched_, bar);
            outcomes[u] = runner.run([this] { return out_of_time(); });
        });
        return outcomes;
    }

    /// What others make of a batch; nothing where there are no others, or too little for them.
    std::vector<Outcome> run_elsewhere(std::span<const Unit> batch) {
        constexpr std::uint64_t worth_sending = std::uint64_t{1} << 18;
        if (!options_.elsewhere || !is_of_library()) return {};
        std::uint64_t candidates = 0;
        for (const Unit& unit : batch) candidates += unit.end - unit.begin;
        if (candidates < worth_sending) return {};
        return options_.elsewhere({machine_, result_.examples, miss_bar()}, batch);
    }

    /// Others know the library's sketches, functions and costs and no others.
    bool is_of_library() const {
        const auto same_name = [](const auto& a, const auto& b) { return a.name == b.name; };
        const auto &sketches = sketch_library(), &own = options_.sketches;
        const auto functions = standard_library();
        return !options_.costs.fitted() &&
               std::equal(own.begin(), own.end(), sketches.begin(), sketches.end(), same_name) &&
               std::equal(options_.functions.begin(), options_.functions.end(), functions.begin(), functions.end(), same_name);
    }

    /// Keeps what came of a unit, and verifies what is right; whether a counterexample has turned up.
    bool take(const Unit& unit, const Outcome& outcome) {
        result_.candidates += outcome.candidates;
        for (const Miss& miss : outcome.misses) near_misses_.keep(miss, unit, miss.right);
        for (const Miss& miss : outcome.first_parts) first_parts_.keep(miss, unit, miss.whole_cells);
        bool new_examples = false;
        for (const std::uint64_t index : outcome.right) {
            Candidate candidate = candidate_of(unit, index, 1.0);
            if (refuted(candidate.program)) continue;
            if (options_.compare && enough_fits(candidate)) break; // the others are later in the sketch
            const Verdict verdict = verify_ ? verify_(candidate.program) : Verdict{};
            if (verdict.accepted && options_.compare) {
                fits_.push_back(std::move(candidate));
            } else if (verdict.accepted) {
                result_.candidates -= unit.begin + outcome.candidates - index - 1;
                result_.solution = std::move(candidate);
                break;
            }
            if (verdict.counterexample) {
                result_.examples.push_back(*verdict.counterexample);
                new_examples = true;
            }
        }
        return new_examples;
    }

    /// Whether a sketch has shown enough programs that fit, or so much earlier ones that this one carries no
    /// weight.
    bool enough_fits(const Candidate& candidate) const {
        const auto of_sketch = std::count_if(fits_.begin(), fits_.end(), [&](const Candidate& each) {
            return each.sketch == candidate.sketch;
        });
        return of_sketch >= most_fits_of_sketch ||
               std::any_of(fits_.begin(), fits_.end(),
                           [&](const Candidate& each) { return candidate.rank / weightless > each.rank; });
    }

    void choose_fit() {
        if (fits_.empty() || result_.solution) return;
        result_.choice = choose(fits_, machine_, result_.examples, options_.run.threads);
        result_.solution = result_.choice.readings.front().program;
    }

    /// Whether an example found since the batch began shows the program wrong.
    bool refuted(const language::Program& program) const {
        for (std::size_t e = packed_->count(); e < result_.examples.size(); ++e) {
            const machine::Example& example = result_.examples[e];
            const auto memory = language::evaluate(program, machine_, example.memory);
            if (!memory) return true;
            for (std::size_t i = 0; i < example.expected_memory.size(); ++i)
                if (example.expected_memory[i] != machine::not_scored &&
                    example.expected_memory[i] != (*memory)[i])
                    return true;
        }
        return false;
    }

    Candidate candidate_of(const Unit& unit, std::uint64_t index, double score) const {
        const Sketch& sketch = options_.sketches[unit.sketch];
        language::Program program = filled(sketch, fillings_of(sketches_[unit.sketch].banks, unit, index));
        program.functions = options_.functions;
        return {inlined(program), sketch.name, unit.cost, score, unit.before + index + 1};
    }

    /// Near misses that are behind by less than the worst one kept are not worth a full run.
    int miss_bar() { return std::max(untouched_.total, near_misses_.bar(places())); }

    std::size_t places() const { return static_cast<std::size_t>(std::max(1, options_.near_misses)); }

    void publish_misses() {
        const auto publish = [this](NearMisses& kept, std::vector<Candidate>& into) {
            for (const NearMisses::Kept& each : kept.best(places()))
                into.push_back(
                    candidate_of(each.unit, each.miss.index,
                                 static_cast<double>(each.miss.right) / packed_->scored_in_ranking()));
        };
        publish(near_misses_, result_.near_misses);
        publish(first_parts_, result_.first_parts);
    }

    void report() const {
        if (!options_.run.progress) return;
        const double seconds = since_.seconds();
        const double share = std::max(options_.run.seconds > 0 ? seconds / options_.run.seconds : 0.0,
                                      options_.programs > 0 ? static_cast<double>(result_.candidates) /
                                                                  static_cast<double>(options_.programs)
                                                            : 0.0);
        options_.run.progress(
            static_cast<long>(1000 * std::min(share, 1.0)), 1000,
            fmt::format("{:.1f} million programs", static_cast<double>(result_.candidates) / 1e6));
    }

    language::Machine machine_;
    const SearchOptions& options_;
    const Verifier& verify_;
    base::Stopwatch since_;
    SearchResult result_;
    GrowingBanks banks_;
    std::vector<PreparedSketch> sketches_;
    std::vector<int> next_cost_;       ///< of each sketch: the first cost not tried yet
    std::vector<std::uint64_t> tried_; ///< of each sketch: candidates below that cost
    std::optional<PackedExamples> packed_;
    Untouched untouched_;
    NearMisses near_misses_, first_parts_;
    std::vector<Candidate> fits_; ///< accepted programs to choose from
    std::optional<StopReason> stopped_;
};

} // namespace

base::Result<SearchResult> enumerate(const Specification& specification, const SearchOptions& options,
                                     const Verifier& verify) {
    if (auto valid = checked(specification); !valid) return base::failure(std::move(valid.error()));
    return Enumeration(specification, options, verify).run();
}

} // namespace ropewalk::search
