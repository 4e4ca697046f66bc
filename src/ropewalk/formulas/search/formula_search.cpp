#include "ropewalk/formulas/search/formula_search.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>

#include "ropewalk/formulas/search/column_evaluation.hpp"
#include "ropewalk/formulas/search/constants.hpp"
#include "ropewalk/formulas/search/meet.hpp"
#include "ropewalk/formulas/search/precision.hpp"
#include "ropewalk/formulas/search/screening.hpp"
#include "ropewalk/formulas/search/shapes.hpp"

namespace ropewalk::formula {

namespace {

/// Rows scored first, and candidates of a size that are looked at on all rows.
constexpr std::size_t most_screening_rows = 256, few = few_candidates;
/// Candidates up to which a level is stored rather than streamed.
constexpr std::uint64_t most_stored_candidates = 12'000'000;
/// Lookups when meeting in the middle while the bank still grows.
constexpr std::uint64_t short_look = 2'000'000;

tl::unexpected<base::Diagnostics> refused(std::string found, std::string expected) {
    return base::failure("problem", std::move(found), std::move(expected));
}

base::Status checked(const Problem& problem, const SearchOptions& options) {
    const std::size_t rows = problem.target.size();
    if (rows == 0) return refused("no rows", "at least one row");
    if (problem.inputs.empty()) return refused("no input columns", "at least one");
    const auto finite = [](const std::vector<double>& column) {
        return std::all_of(column.begin(), column.end(), [](double v) { return std::isfinite(v); });
    };
    for (std::size_t v = 0; v < problem.inputs.size(); ++v) {
        const std::string name = "input " + std::to_string(v + 1);
        if (problem.inputs[v].size() != rows)
            return refused(name + " has " + std::to_string(problem.inputs[v].size()) + " rows",
                           std::to_string(rows) + ", as the target");
        if (!finite(problem.inputs[v]))
            return refused(name + " holds a value that is not finite", "finite numbers");
    }
    if (!finite(problem.target))
        return refused("the target holds a value that is not finite", "finite numbers");
    if (!problem.units.empty() && problem.units.size() != problem.inputs.size())
        return refused(std::to_string(problem.units.size()) + " units", "one per input");
    if (!problem.units.empty() && !problem.target_unit) return refused("no unit for the target", "a unit");
    return base::check_settings(options);
}

/// A search under way: what is known so far, and the limits.
class Search {
public:
    Search(const Problem& problem, const SearchOptions& options)
        : problem_(problem), options_(options), start_(std::chrono::steady_clock::now()),
          rows_(screening_rows(problem.target.size(), most_screening_rows, options.run.seed)),
          ground_(scan_problem()), stop_([this] { return stopped(); }) {
        if (options.constants) shapes_.emplace(bank_.alphabet(), ground_.problem.leaves, direct_.y, unit_);
    }

    FormulaReport run() {
        offer_mean();
        // Shapes with numbers inside are fitted one by one, so the formulas that need no such fit come first.
        part_ = options_.constants ? 0.6 : 1;
        for (int operators = 0; operators <= options_.most_operators; ++operators) {
            try_formulas(operators);
            if (options_.constants) try_affine(operators - 1);
            meet(operators);
            tell(operators);
            if (stopped() || exact_within(operators + 1)) break;
        }
        part_ = 1;
        for (int operators = 1; operators <= options_.most_operators && options_.constants; ++operators) {
            if (stopped() || front_.exact_operators()) break;
            try_shapes(operators);
            tell(operators);
        }
        return report();
    }

private:
    ScanProblem scan_problem() const {
        ScanProblem scanned{.alphabet = {.variables = static_cast<int>(problem_.inputs.size()),
                                         .constants = options_.constants ? std::vector<double>{1, 2} : std::vector<double>{},
                                         .operators = options_.operators,
                                         .units = problem_.units},
                            .leaves = {},
                            .target = screened(problem_.target),
                            .target_unit = problem_.units.empty() ? std::nullopt : problem_.target_unit};
        for (const auto& input : problem_.inputs) scanned.leaves.push_back(screened(input));
        return scanned;
    }

    /// Every formula of that many operators, as far as the stored levels reach.
    void try_formulas(int operators) {
        if (!grow(operators) && operators - 1 >= bank_.levels()) complete_ = false;
        BestCandidates best(few, bound(operators));
        scan_size(operators, direct_, best);
        if (!best.candidates().empty())
            screened_error_.push_back({operators, best.candidates().front().error});
        for (const Candidate& each : best.candidates()) {
            offer(front_, program_of(bank_, each));
            if (options_.constants) offer(without_fits_, program_of(bank_, each));
        }
        if (complete_ && !stopped()) completed_operators_ = operators;
    }

    /// a * p + c for every p of that many operators.
    void try_affine(int operators) {
        if (operators < 0) return;
        BestCandidates best(few, bound(operators + 1));
        scan_size(operators, affine_, best);
        for (const Candidate& each : best.candidates()) offer_affine(program_of(bank_, each));
    }

    /// Formulas with numbers inside, of that many operators, and a * p + c of them.
    void try_shapes(int operators) {
        if (operators < 1 || stopped()) return;
        for (const Program& each : shapes_->fitted(operators, few, options_.run.threads, stop_))
            offer_rounded(fit_constants(each, problem_.inputs, problem_.target));
    }

    /// Exact formulas that join two stored ones: a short look at each level, and a long one when no more is
    /// stored.
    void meet(int operators) {
        const bool last = bank_.levels() <= operators || operators == options_.most_operators;
        if (met_last_ || exact_within(operators + 1) || stopped() || operators < 1) return;
        met_last_ = last;
        const MeetOptions meeting{.most_operators = options_.most_operators,
                                  .constants = options_.constants,
                                  .lookups = last ? std::max(short_look, 10 * candidates_) : short_look,
                                  .threads = options_.run.threads,
                                  .stop = stop_};
        candidates_ += meet_in_the_middle(bank_, store_, direct_.y, meeting, [&](const Program& program) {
            const auto best = front_.exact_operators();
            if (best && *best <= size(program).operators) return;
            offer_rounded(program);
            if (options_.constants) offer_affine(program);
        });
    }

    void scan_size(int operators, const ScreeningTarget& target, BestCandidates& best) {
        const Scan scan{bank_, store_, target, unit_, options_.run.threads, stop_};
        const int stored = bank_.levels() - 1;
        if (operators <= stored) {
            candidates_ += scan_level(scan, operators, best);
            return;
        }
        if (operators - 1 == stored) candidates_ += scan_functions(scan, stored, best);
        if (scan_elsewhere(operators, target.affine, best)) return;
        for (int smaller = 0; 2 * smaller <= operators - 1 && !stopped(); ++smaller)
            if (const int larger = operators - 1 - smaller; larger <= stored)
                candidates_ += scan_pairs(scan, smaller, larger, best);
    }

    /// The pairs of a size where others score them; false where there are no others, or too few pairs.
    bool scan_elsewhere(int operators, bool affine, BestCandidates& best) {
        if (!options_.elsewhere || stopped()) return false;
        std::vector<ScanSlice> slices;
        std::uint64_t scores = 0;
        for (int smaller = 0; 2 * smaller <= operators - 1; ++smaller)
            if (const int larger = operators - 1 - smaller; larger < bank_.levels()) {
                add_slices(ground_, smaller, larger, affine, best.bound(), options_.slice_scores, slices);
                scores += pair_scores(bank_, smaller, larger);
            }
        if (scores < 2 * options_.slice_scores) return false;
        for (const ScanFound& each : options_.elsewhere(ground_.problem, slices)) {
            for (const Candidate& found : each.best) best.offer(found);
            candidates_ += each.scored;
        }
        return true;
    }

    /// Stores the level where all before it are stored and it is small enough.
    bool grow(int operators) {
        if (operators > 0) {
            if (bank_.levels() != operators || expected_candidates() > most_stored_candidates) return false;
            const std::size_t per_entry = store_.bytes_per_entry() + 64;
            const std::size_t entries = std::min<std::size_t>(options_.memory / per_entry, 0xfffffff0u);
            const std::uint64_t before = bank_.candidates();
            const bool added = ground_.add_level({.entries = static_cast<std::uint32_t>(entries), .stop = stop_},
                                                 options_.run.threads);
            candidates_ += bank_.candidates() - before;
            if (!added) return false;
        }
        return true;
    }

    /// Candidates of the bank's next level.
    std::uint64_t expected_candidates() const {
        const auto width = [&](int level) {
            return std::uint64_t{bank_.level_begin(level + 1) - bank_.level_begin(level)};
        };
        const int largest = bank_.levels() - 1;
        std::uint64_t sum = 0;
        for (const Operator operation : options_.operators) {
            if (info(operation).arity == 1) sum += width(largest);
            if (info(operation).arity != 2) continue;
            for (int left = 0; left <= largest; ++left)
                if (!info(operation).commutative || left <= largest - left)
                    sum += width(left) * width(largest - left);
        }
        return sum;
    }

    void offer(Front& front, const Program& program) const {
        const std::int64_t operators = size(program).operators;
        if (operators > options_.most_operators || !has_unit(program)) return;
        front.offer({program, operators, fit_of(program, problem_)});
    }

    /// The formula with a factor, with a summand, and with both, each with simple numbers where they do as
    /// well.
    void offer_affine(const Program& program) {
        const std::vector<double> values = evaluate_columns(program, problem_.inputs);
        if (!std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); })) return;
        offer_rounded(with_affine(program, scale_fit(values, problem_.target)));
        if (!pure_number()) return;
        offer_rounded(with_affine(program, offset_fit(values, problem_.target)));
        offer_rounded(with_affine(program, affine_fit(values, problem_.target)));
    }

    void offer_rounded(const Program& program) {
        offer(front_, program);
        offer(front_, with_simple_constants(program, problem_.inputs, problem_.target));
    }

    /// The number that explains the target best without any input.
    void offer_mean() {
        const bool varies = std::any_of(problem_.target.begin(), problem_.target.end(),
                                        [&](double y) { return y != problem_.target.front(); });
        if (!pure_number() || (varies && !options_.constants)) return;
        double mean = 0;
        for (const double y : problem_.target) mean += y / static_cast<double>(problem_.target.size());
        offer(front_, constant(bank_.alphabet().variables, varies ? mean : problem_.target.front()));
    }

    std::vector<double> screened(const std::vector<double>& column) const {
        std::vector<double> values;
        for (const std::size_t row : rows_) values.push_back(column[row]);
        return values;
    }

    /// What a formula of that size has to beat on the screening rows.
    double bound(std::int64_t operators) const {
        double lowest = std::numeric_limits<double>::max();
        for (const auto& [size, error] : screened_error_)
            if (size <= operators) lowest = std::min(lowest, error);
        return lowest;
    }

    /// Fitted numbers carry no unit, so they can only scale a formula that has the target's unit, and only be
    /// added where that is a pure number.
    bool pure_number() const { return !unit_ || *unit_ == Unit{}; }
    bool has_unit(const Program& program) const {
        if (!unit_) return true;
        std::vector<std::optional<Unit>> slots(problem_.units.begin(), problem_.units.end());
        for (const Line& line : program.lines) {
            const auto &left = slots[static_cast<std::size_t>(line.left)],
                       &right = slots[static_cast<std::size_t>(line.right)];
            slots.push_back(left && right ? unit_of(line.operation, *left, *right) : std::nullopt);
        }
        return slots[static_cast<std::size_t>(program.result())] == unit_;
    }
    bool exact_within(int operators) const {
        const auto exact = front_.exact_operators();
        return exact && *exact <= operators;
    }
    void tell(int operators) const {
        if (options_.run.progress) options_.run.progress(operators + 1, options_.most_operators + 1, state());
    }
    bool stopped() const {
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start_;
        return (options_.run.seconds > 0 && spent.count() > part_ * options_.run.seconds) ||
               options_.run.stop();
    }
    std::string state() const {
        if (front_.formulas().empty()) return "nothing yet";
        return "R2 " + std::to_string(front_.formulas().back().fit.r2);
    }

    FormulaReport report() const {
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start_;
        FormulaReport result{front_.formulas(),     candidates_,          spent.count(),
                             StopReason::exhausted, completed_operators_, without_fits_.formulas()};
        if (front_.exact_operators())
            result.stop_reason = StopReason::found;
        else if (options_.run.stop())
            result.stop_reason = StopReason::interrupted;
        else if (stopped())
            result.stop_reason = StopReason::seconds;
        else if (completed_operators_ < options_.most_operators)
            result.stop_reason = StopReason::memory;
        return result;
    }

    const Problem& problem_;
    const SearchOptions& options_;
    std::chrono::steady_clock::time_point start_;
    std::vector<std::size_t> rows_;
    ScanGround ground_;
    const Bank& bank_ = ground_.bank;
    const ColumnStore& store_ = ground_.store;
    const std::optional<Unit>& unit_ = ground_.problem.target_unit;
    const ScreeningTarget &direct_ = ground_.direct, &affine_ = ground_.affine;
    base::Stop stop_;
    std::optional<ShapeSearch> shapes_;
    Front front_, without_fits_;
    std::vector<std::pair<std::int64_t, double>> screened_error_;
    std::uint64_t candidates_ = 0;
    int completed_operators_ = -1;
    bool met_last_ = false;
    bool complete_ = true;
    double part_ = 1; ///< share of the seconds that may be spent so far
};

} // namespace

base::Result<FormulaReport> search_formulas(const Problem& problem, const SearchOptions& options) {
    if (const auto sound = checked(problem, options); !sound) return tl::make_unexpected(sound.error());
    return Search(problem, options).run();
}

} // namespace ropewalk::formula
