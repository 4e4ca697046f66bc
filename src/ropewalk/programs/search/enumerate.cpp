#include "ropewalk/programs/search/enumerate.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "ropewalk/programs/search/candidate_machine.hpp"
#include "ropewalk/programs/search/screening.hpp"

namespace ropewalk::search {

namespace {

using Clock = std::chrono::steady_clock;

/// Fillings of a sketch whose costs are fixed hole by hole, or a slice of them: numbers begin..end-1 of the
/// product of the holes' levels, the last hole varying fastest.
struct Unit {
    std::size_t sketch;
    int cost;
    std::vector<HoleBank::Level> levels;
    std::uint64_t begin, end;
    /// Candidates of the sketch that come before number 0.
    std::uint64_t before;
};

constexpr std::uint64_t slice = std::uint64_t{1} << 16;
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
constexpr std::size_t largest_memory = 256;
constexpr std::size_t misses_per_unit = 8;
/// Cost up to which banks are filled at first; most searches end before dearer fillings are needed.
constexpr int first_filling = 4;
/// About what an expression takes besides its table.
constexpr std::size_t bytes_per_expression = 256;

/// What came of a unit.
struct Outcome {
    std::uint64_t candidates = 0;
    std::vector<std::uint64_t> right; ///< fillings that are right on every example
    std::vector<Miss> misses;
    std::vector<Miss> first_parts; ///< more cells right on every example than untouched
};

struct PreparedSketch {
    SketchCode code;
    std::vector<const HoleBank*> banks;
};

std::vector<language::Expression> fillings_of(const PreparedSketch& sketch, const Unit& unit,
                                              std::uint64_t index) {
    std::vector<language::Expression> fillings(sketch.banks.size());
    for (std::size_t h = sketch.banks.size(); h-- > 0;) {
        const std::uint64_t width = unit.levels[h].end - unit.levels[h].begin;
        fillings[h] = sketch.banks[h]->expressions[unit.levels[h].begin + index % width];
        index /= width;
    }
    return fillings;
}

/// What is right before anything is done.
struct Untouched {
    std::vector<int> right; ///< cells, example by example
    int total = 0;
    int whole_cells = 0; ///< cells that are right on every example
};

/// Runs every filling of a unit. What is hopeless on the first example is dropped there: it has no more right
/// than the untouched input. `bar` is the number of right cells, over all examples, a near miss has to
/// exceed.
class UnitRunner {
public:
    UnitRunner(const PreparedSketch& sketch, const Unit& unit, const PackedExamples& examples,
               const Untouched& untouched, int bar)
        : sketch_(sketch), unit_(unit), examples_(examples), untouched_(untouched), bar_(bar),
          machine_(sketch.code) {}

    Outcome run(const base::Stop& stopped) {
        Outcome outcome;
        place(unit_.begin);
        for (std::uint64_t index = unit_.begin; index < unit_.end; ++index) {
            if ((index & 4095) == 0 && stopped()) break;
            judge(index, outcome);
            ++outcome.candidates;
            advance();
        }
        return outcome;
    }

private:
    void place(std::uint64_t index) {
        for (std::size_t h = unit_.levels.size(); h-- > 0;) {
            const std::uint64_t width = unit_.levels[h].end - unit_.levels[h].begin;
            set(h, unit_.levels[h].begin + index % width);
            index /= width;
        }
    }

    void advance() {
        for (std::size_t h = unit_.levels.size(); h-- > 0;) {
            if (position_[h] + 1 < unit_.levels[h].end) {
                set(h, position_[h] + 1);
                return;
            }
            set(h, unit_.levels[h].begin);
        }
    }

    void set(std::size_t hole, std::size_t position) {
        position_[hole] = position;
        machine_.fill(hole, sketch_.banks[hole]->table(position));
    }

    /// Cells right on an example; the memory afterwards is in memory_. -1 when the candidate does not end.
    int right_on(std::size_t example) {
        std::memcpy(memory_.data(), examples_.memory(example), examples_.stride());
        return machine_.run(memory_.data(), example) ? examples_.right(memory_.data(), example) : -1;
    }

    void judge(std::uint64_t index, Outcome& outcome) {
        const int first = right_on(0);
        if (first == examples_.scored(0)) {
            std::size_t example = 1;
            while (example < examples_.count() && right_on(example) == examples_.scored(example)) ++example;
            if (example == examples_.count()) {
                outcome.right.push_back(index);
                return;
            }
            right_on(0);
        } else if (first <= untouched_.right[0]) {
            return;
        }
        miss(index, first, outcome);
    }

    /// Whether a candidate with so much right on the first examples may still be worth keeping: it is about
    /// as good as the bar asks, or has whole cells right that the input has not.
    bool hopeful(int right, int scored, int whole_cells) const {
        constexpr int slack = 2;
        const long share_of_bar = static_cast<long>(bar_) * scored / examples_.scored_in_ranking();
        return right + slack > share_of_bar || whole_cells > untouched_.whole_cells;
    }

    /// Near misses are ranked on that many examples; being right is decided on all.
    std::size_t scoring_examples() const { return examples_.scoring(); }

    /// Runs a wrong candidate on until it is hopeless. The memory it leaves of the first example is in
    /// memory_.
    void miss(std::uint64_t index, int first, Outcome& outcome) {
        int right = 0, scored = 0;
        std::uint64_t behaviour = 0, wrong = 0;
        const auto whole_cells = [&] { return std::popcount(examples_.scored_cells() & ~wrong); };
        for (std::size_t example = 0; example < scoring_examples(); ++example) {
            const int here = example == 0 ? first : right_on(example);
            if (here < 0) return;
            right += here;
            scored += examples_.scored(example);
            wrong |= examples_.wrong_cells(memory_.data(), example);
            if (!hopeful(right, scored, whole_cells())) return;
            behaviour = examples_.hash(memory_.data(), example, behaviour);
        }
        const Miss miss{right, whole_cells(), behaviour, index};
        if (right > bar_)
            keep(miss, outcome.misses, [](const Miss& a, const Miss& b) { return a.right < b.right; });
        if (miss.whole_cells > untouched_.whole_cells)
            keep(miss, outcome.first_parts,
                 [](const Miss& a, const Miss& b) { return a.whole_cells < b.whole_cells; });
    }

    template<class Less>
    static void keep(const Miss& miss, std::vector<Miss>& misses, const Less& less) {
        for (const Miss& each : misses)
            if (each.behaviour == miss.behaviour) return; // the earlier one is not dearer
        if (misses.size() < misses_per_unit) {
            misses.reserve(misses_per_unit);
            misses.push_back(miss);
            return;
        }
        const auto worst = std::min_element(misses.begin(), misses.end(), less);
        if (less(*worst, miss)) *worst = miss;
    }

    const PreparedSketch& sketch_;
    const Unit& unit_;
    const PackedExamples& examples_;
    const Untouched& untouched_;
    int bar_;
    CandidateMachine machine_;
    std::array<std::size_t, most_holes> position_{};
    std::array<std::uint8_t, largest_memory> memory_;
};

/// Scored cells that are to hold something else than before.
int changes(const machine::Example& example) {
    int count = 0;
    for (std::size_t i = 0; i < example.expected_memory.size(); ++i)
        count += example.expected_memory[i] != machine::not_scored &&
                 example.expected_memory[i] != example.memory[i];
    return count;
}

base::Result<std::string> checked(const Specification& specification) {
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
    return std::string{};
}

/// Wrong programs, one per behaviour, ranked by a merit; no sketch has more than a quarter of the places.
class NearMisses {
public:
    struct Kept {
        Miss miss;
        Unit unit;
        int merit;
    };

    void keep(const Miss& miss, const Unit& unit, int merit) {
        if (behaviours_.insert(miss.behaviour).second) kept_.push_back({miss, unit, merit});
        if (kept_.size() > most_kept) shrink();
    }

    /// The merit of the last place when all places are taken, else -1.
    int bar(std::size_t places) {
        if (kept_.size() < places) return -1;
        const std::vector<Kept> ranked = best(places);
        return ranked.size() < places ? -1 : ranked.back().merit;
    }

    std::vector<Kept> best(std::size_t places) {
        rank();
        std::map<std::size_t, std::size_t> of_sketch;
        std::vector<Kept> chosen;
        for (const Kept& each : kept_)
            if (chosen.size() < places &&
                of_sketch[each.unit.sketch]++ < std::max<std::size_t>(1, places / 4))
                chosen.push_back(each);
        return chosen;
    }

private:
    static constexpr std::size_t most_kept = 512;

    void rank() {
        std::stable_sort(kept_.begin(), kept_.end(), [](const Kept& a, const Kept& b) {
            return std::pair(-a.merit, a.unit.cost) < std::pair(-b.merit, b.unit.cost);
        });
    }

    void shrink() {
        rank();
        while (kept_.size() > most_kept / 2) {
            behaviours_.erase(kept_.back().miss.behaviour);
            kept_.pop_back();
        }
    }

    std::vector<Kept> kept_;
    std::set<std::uint64_t> behaviours_;
};

class Enumeration {
public:
    Enumeration(const Specification& specification, const SearchOptions& options, const Verifier& verify)
        : machine_(specification.machine), options_(options), verify_(verify), start_(Clock::now()) {
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
            sketches_.push_back({std::move(*code), {}});
        }
        next_cost_.assign(sketches_.size(), 1);
        tried_.assign(sketches_.size(), 0);
        pack();
        make_banks();
        for (std::uint64_t quota = first_quota; !result_.solution && !stopped_; quota *= quota_growth) {
            std::vector<Unit> units = next_units(quota);
            if (!units.empty()) run_units(units);
            if (quota >= least_compared) choose_fit();
            report();
            const auto finished = [this](int cost) { return cost > options_.largest_cost; };
            if (std::all_of(next_cost_.begin(), next_cost_.end(), finished)) break;
            if (bank_bytes_ > options_.memory_bytes) stopped_ = StopReason::memory;
        }
        choose_fit();
        result_.stop_reason = result_.solution ? StopReason::found : stopped_.value_or(StopReason::exhausted);
        publish_misses();
        return std::move(result_);
    }

private:
    bool out_of_time() const {
        return options_.run.stop() ||
               (options_.run.seconds > 0 &&
                std::chrono::duration<double>(Clock::now() - start_).count() > options_.run.seconds);
    }

    void pack() {
        packed_.emplace(machine_, result_.examples);
        untouched_ = {};
        std::uint64_t wrong = 0;
        for (std::size_t e = 0; e < packed_->scoring(); ++e) {
            untouched_.right.push_back(packed_->right(packed_->memory(e), e));
            untouched_.total += untouched_.right.back();
            wrong |= packed_->wrong_cells(packed_->memory(e), e);
        }
        untouched_.whole_cells = std::popcount(packed_->scored_cells() & ~wrong);
    }

    /// A bank and the cost up to which it is complete. It grows when a sketch needs dearer fillings; what it
    /// holds already keeps its place.
    struct GrowingBank {
        HoleBank bank;
        int largest_cost = 0;
    };

    int largest_filling() const { return options_.costs.fitted() ? 18 : 9; }

    /// Kind and arity of the holes a bank is for, and whether an address is a value as well.
    using BankKey = std::tuple<HoleKind, int, bool>;
    static BankKey key_of(const Sketch::Hole& hole) { return {hole.kind, hole.arity, hole.is_value}; }

    void grow(const BankKey& key, GrowingBank& growing, int cost) {
        const auto [kind, arity, is_value] = key;
        growing.largest_cost = std::min(cost, largest_filling());
        bank_bytes_ -= growing.bank.tables.size() + growing.bank.size() * bytes_per_expression;
        growing.bank = make_bank(kind, arity,
                                 {.machine = machine_,
                                  .costs = options_.costs,
                                  .functions = options_.functions,
                                  .fold_addresses = !is_value,
                                  .largest_cost = growing.largest_cost},
                                 result_.examples);
        bank_bytes_ += growing.bank.tables.size() + growing.bank.size() * bytes_per_expression;
    }

    void make_banks() {
        for (std::size_t s = 0; s < sketches_.size(); ++s)
            for (const Sketch::Hole& hole : options_.sketches[s].holes) {
                GrowingBank& growing = banks_[key_of(hole)];
                if (growing.largest_cost == 0) grow(key_of(hole), growing, first_filling);
                sketches_[s].banks.push_back(&growing.bank);
            }
    }

    /// Expressions that were alike on the old examples may differ on the new ones.
    void renew_point_banks() {
        for (auto& [key, growing] : banks_)
            if (std::get<HoleKind>(key) == HoleKind::point) grow(key, growing, growing.largest_cost);
    }

    /// Grows the banks of a sketch until they hold every filling a candidate of this cost may have.
    void prepare(std::size_t s, int cost) {
        const Sketch& sketch = options_.sketches[s];
        int cheapest = options_.costs.of_sketch(sketch.name, sketch.size);
        for (const HoleBank* bank : sketches_[s].banks)
            cheapest += bank->levels.empty() ? 0 : bank->levels.front().cost;
        for (const Sketch::Hole& hole : sketch.holes) {
            GrowingBank& growing = banks_[key_of(hole)];
            const int own = growing.bank.levels.empty() ? 0 : growing.bank.levels.front().cost;
            const int needed = cost - cheapest + own;
            if (needed > growing.largest_cost && growing.largest_cost < largest_filling())
                grow(key_of(hole), growing, std::max(needed, growing.largest_cost + 1));
        }
    }

    /// The next costs of every sketch, as far as its share of the round goes, cheapest first over all
    /// sketches.
    std::vector<Unit> next_units(std::uint64_t quota) {
        std::vector<Unit> units;
        for (std::size_t s = 0; s < sketches_.size(); ++s)
            while (next_cost_[s] <= options_.largest_cost) {
                prepare(s, next_cost_[s]);
                const std::uint64_t more = count_at(s, next_cost_[s]);
                if (tried_[s] + more > quota) break;
                add_units(s, next_cost_[s]++, tried_[s], units);
                tried_[s] += more;
            }
        std::stable_sort(units.begin(), units.end(),
                         [](const Unit& a, const Unit& b) { return a.cost < b.cost; });
        return units;
    }

    /// Candidates of a sketch at a cost.
    std::uint64_t count_at(std::size_t s, int cost) const {
        const Sketch& sketch = options_.sketches[s];
        const int own = options_.costs.of_sketch(sketch.name, sketch.size);
        if (own > cost) return 0;
        std::vector<std::uint64_t> ways(static_cast<std::size_t>(cost - own) + 1, 0);
        ways[0] = 1;
        for (const HoleBank* bank : sketches_[s].banks) {
            std::vector<std::uint64_t> next(ways.size(), 0);
            for (std::size_t c = 0; c < ways.size(); ++c)
                for (const HoleBank::Level& level : bank->levels) {
                    const std::size_t sum = c + static_cast<std::size_t>(level.cost);
                    if (sum < next.size()) next[sum] += ways[c] * (level.end - level.begin);
                }
            ways = std::move(next);
        }
        return ways.back();
    }

    /// Every way to share a cost among the holes of a sketch, in slices.
    void add_units(std::size_t s, int cost, std::uint64_t before, std::vector<Unit>& units) const {
        const Sketch& sketch = options_.sketches[s];
        const int left = cost - options_.costs.of_sketch(sketch.name, sketch.size);
        std::vector<HoleBank::Level> levels;
        share(s, left, levels, cost, before, units);
    }

    void share(std::size_t s, int left, std::vector<HoleBank::Level>& levels, int cost, std::uint64_t& before,
               std::vector<Unit>& units) const {
        const PreparedSketch& sketch = sketches_[s];
        if (levels.size() == sketch.banks.size()) {
            if (left != 0) return;
            std::uint64_t total = 1;
            for (const HoleBank::Level& level : levels) total *= level.end - level.begin;
            for (std::uint64_t begin = 0; begin < total; begin += slice)
                units.push_back({s, cost, levels, begin, std::min(begin + slice, total), before});
            before += total;
            return;
        }
        for (const HoleBank::Level& level : sketch.banks[levels.size()]->levels) {
            if (level.cost > left) break;
            levels.push_back(level);
            share(s, left - level.cost, levels, cost, before, units);
            levels.pop_back();
        }
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
            renew_point_banks();
            std::vector<Unit> again;
            for (std::size_t s = 0; s < sketches_.size(); ++s)
                if (uses_points(s)) {
                    std::uint64_t before = 0;
                    for (int cost = 1; cost < next_cost_[s]; ++cost) {
                        add_units(s, cost, before, again);
                        before += count_at(s, cost);
                    }
                }
            for (std::size_t u = first; u < units.size(); ++u)
                if (!uses_points(units[u].sketch)) again.push_back(std::move(units[u]));
            units = std::move(again);
            first = 0;
        }
    }

    /// Whether a counterexample has turned up.
    bool run_batch(std::span<const Unit> batch) {
        std::vector<Outcome> outcomes(batch.size());
        const int bar = miss_bar();
        base::parallel_for(batch.size(), options_.run.threads, [&](std::size_t u) {
            if (out_of_time()) return;
            UnitRunner runner(sketches_[batch[u].sketch], batch[u], *packed_, untouched_, bar);
            outcomes[u] = runner.run([this] { return out_of_time(); });
        });
        bool new_examples = false;
        for (std::size_t u = 0; u < batch.size() && !result_.solution; ++u) {
            result_.candidates += outcomes[u].candidates;
            for (const Miss& miss : outcomes[u].misses) near_misses_.keep(miss, batch[u], miss.right);
            for (const Miss& miss : outcomes[u].first_parts)
                first_parts_.keep(miss, batch[u], miss.whole_cells);
            for (const std::uint64_t index : outcomes[u].right) {
                Candidate candidate = candidate_of(batch[u], index, 1.0);
                if (refuted(candidate.program)) continue;
                if (options_.compare && enough_fits(candidate)) break; // the others are later in the sketch
                const Verdict verdict = verify_ ? verify_(candidate.program) : Verdict{};
                if (verdict.accepted && options_.compare) {
                    fits_.push_back(std::move(candidate));
                } else if (verdict.accepted) {
                    result_.candidates -= batch[u].begin + outcomes[u].candidates - index - 1;
                    result_.solution = std::move(candidate);
                    break;
                }
                if (verdict.counterexample) {
                    result_.examples.push_back(*verdict.counterexample);
                    new_examples = true;
                }
            }
        }
        if (!result_.solution && out_of_time())
            stopped_ = options_.run.stop() ? StopReason::interrupted : StopReason::seconds;
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
        language::Program program = filled(sketch, fillings_of(sketches_[unit.sketch], unit, index));
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
        const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
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
    Clock::time_point start_;
    SearchResult result_;
    std::vector<PreparedSketch> sketches_;
    std::vector<int> next_cost_;       ///< of each sketch: the first cost not tried yet
    std::vector<std::uint64_t> tried_; ///< of each sketch: candidates below that cost
    std::map<BankKey, GrowingBank> banks_;
    std::size_t bank_bytes_ = 0;
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
