#include "ropewalk/formulas/laws/squares_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ropewalk/formulas/laws/collection.hpp"
#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/laws/law_candidates.hpp"
#include "ropewalk/formulas/laws/law_search.hpp"
#include "ropewalk/formulas/laws/noise_test.hpp"
#include "ropewalk/formulas/laws/prediction.hpp"
#include "ropewalk/formulas/laws/pure_problems.hpp"
#include "ropewalk/formulas/laws/refinement.hpp"
#include "ropewalk/formulas/laws/rounded_laws.hpp"
#include "ropewalk/formulas/laws/straight_line.hpp"
#include "ropewalk/formulas/laws/term_library.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

/// Whether a formula is exact, or short and leaves noise alone.
bool is_enough(const Found& found, const Problem& problem) {
    if (found.fit.exact) return true;
    return formula_bits(found.program, free_bits_of(found.fit.rmse, problem)) < long_law &&
           leaves_noise(found.program, problem);
}

bool is_allowed(const ExplainOptions& options, Operator operation) {
    const auto& all = options.law_functions;
    return std::find(all.begin(), all.end(), operation) != all.end();
}

/// The programs of a front and the best of a list that come within two units of every row, small ones first: what is
/// described best before rounding may have bent to the steps.
std::vector<Program> programs_of(const std::vector<Found>& front, std::vector<Found> more) {
    constexpr double close = 2;
    constexpr std::size_t most = 16;
    std::stable_sort(more.begin(), more.end(), [](const Found& a, const Found& b) { return a.bits < b.bits; });
    std::vector<Found> chosen;
    const auto offer = [&](const Found& each) {
        if (each.fit.max_error < close && chosen.size() < most &&
            std::none_of(chosen.begin(), chosen.end(), [&](const Found& other) { return other.program == each.program; }))
            chosen.push_back(each);
    };
    for (const Found& each : front) offer(each);
    for (const Found& each : more) offer(each);
    std::stable_sort(chosen.begin(), chosen.end(), [](const Found& a, const Found& b) { return a.operators < b.operators; });
    std::vector<Program> programs;
    for (const Found& each : chosen) programs.push_back(each.program);
    return programs;
}

/// By more than the mean of so many rows is itself uncertain.
bool is_worse_than_mean(const Fit& fit, const Problem& problem) {
    return fit.r2 < -1 / static_cast<double>(problem.target.size());
}

/// At most 1000 rows for the enumeration, which counts all rows alike: where they have weights, heavy ones.
Problem sample_of(const Problem& problem, std::uint64_t seed) {
    constexpr std::size_t most_rows = 1000;
    const std::size_t rows = problem.target.size();
    if (rows <= most_rows) return problem;
    if (problem.weights.empty()) return rows_of(problem, screening_rows(rows, most_rows, seed));
    std::vector<double> sorted = problem.weights;
    const auto limit = sorted.begin() + static_cast<std::ptrdiff_t>(rows - std::max(most_rows, rows / 3));
    std::nth_element(sorted.begin(), limit, sorted.end());
    std::vector<std::size_t> heavy, chosen;
    for (std::size_t n = 0; n < rows; ++n)
        if (problem.weights[n] >= *limit) heavy.push_back(n);
    for (const std::size_t place : screening_rows(heavy.size(), most_rows, seed))
        chosen.push_back(heavy[place]);
    return rows_of(problem, chosen);
}

/// One search: what was found, and the clock.
struct SquaresSearch {
    SquaresSearch(const Problem& of, const ExplainOptions& by)
        : problem(of), options(by), sample(sample_of(of, by.search.run.seed)), collection(by.most_operators) {}

    const Problem& problem;
    const ExplainOptions& options;
    base::Stopwatch watch;
    Problem sample; ///< what is enumerated on
    Collection collection;
    std::vector<Found> laws;
    FormulaReport report;

    bool stopped() const { return options.search.run.is_over(watch); }
    bool exact() const { return collection.best() != nullptr && collection.best()->fit.exact; }
    bool only_noise_left() const {
        return collection.best() != nullptr && leaves_noise(collection.best()->program, problem);
    }
    /// With units what is short and leaves noise alone needs no other search.
    bool done() const {
        return stopped() || exact() ||
               (!problem.units.empty() && collection.best() != nullptr && is_enough(*collection.best(), problem));
    }
    /// Seconds until a share of the time is over, or some; 0 where time plays no part.
    double seconds_until(double share) const {
        const double seconds = options.search.run.seconds;
        return seconds > 0 ? std::max(0.1, share * seconds - watch.seconds()) : 0;
    }
};

/// Takes a formula in, but for one that the mean is better than.
void take(SquaresSearch& search, const Found& found) {
    if (search.problem.units.empty() && search.problem.weights.empty() && is_worse_than_mean(found.fit, search.problem)) return;
    search.collection.offer(found);
}

/// Takes a formula in with its numbers made simple.
void offer(SquaresSearch& search, const Program& program) {
    const Problem& problem = search.problem;
    const Found raw = described(program, problem);
    if (!search.options.search.constants) return take(search, raw);
    const Found found = described(refined(program, problem, [&] { return search.stopped(); }), problem);
    // Simple numbers may cost neither exactness nor what the mean explains.
    const bool loses = (raw.fit.exact && !found.fit.exact) || is_worse_than_mean(found.fit, problem);
    take(search, loses ? raw : found);
}

/// Takes in the front of an enumeration, or only what is exact on all rows.
void take_front(SquaresSearch& search, const FormulaReport& found, bool only_exact) {
    const auto counts = [&](const Found& each) { return !only_exact || fit_of(each.program, search.problem).exact; };
    for (const Found& each : found.front)
        if (counts(each)) offer(search, each.program);
    // There is no number to be made simple.
    for (const Found& each : found.without_fits)
        if (counts(each)) take(search, described(each.program, search.problem));
    search.report.candidates += found.candidates;
}

/// Enumerates formulas of up to so many operators, or only takes those that are exact; fails as search_formulas does.
base::Status enumerate(SquaresSearch& search, int most_operators, double seconds, bool tell, bool only_exact = false) {
    SearchOptions options = search.options.search;
    options.most_operators = most_operators;
    options.run.seconds = seconds;
    if (!tell) options.run.progress = {};
    const auto found = search_formulas(search.sample, options);
    if (!found) return tl::make_unexpected(found.error());
    take_front(search, *found, only_exact);
    if (!only_exact)
        search.report.completed_operators = std::max(search.report.completed_operators, found->completed_operators);
    search.report.stop_reason = found->stop_reason;
    return {};
}

/// Small formulas first: what they explain needs nothing larger.
base::Status small_formulas(SquaresSearch& search) {
    constexpr int small = 2;
    constexpr double share = 0.05;
    return enumerate(search, std::min(search.options.search.most_operators, small),
                     share * search.options.search.run.seconds, false);
}

/// What the searches without units say (pure_problems.hpp), as formulas of the problem.
void formulas_without_units(SquaresSearch& search) {
    constexpr std::size_t most_ways = 2;
    if (search.exact() || search.stopped()) return;
    for (const PureProblem& way : pure_problems(search.problem, most_ways)) {
        if (way.groups.empty()) {
            const AffineFit fit = scale_fit(evaluate_columns(way.factor, search.problem.inputs), search.problem.target);
            if (std::isfinite(fit.scale))
                offer(search, product_of(constant(way.factor.variables, fit.scale), way.factor));
            return;
        }
        ExplainOptions inner = search.options;
        inner.search.run.progress = {};
        inner.most_operators = 0;
        if (inner.search.run.seconds > 0)
            inner.search.run.seconds = std::max(0.1, 0.45 * (inner.search.run.seconds - search.watch.seconds()));
        const auto found = explain_squares(way.problem, inner);
        if (!found) continue;
        for (const Found& each : found->report.front) offer(search, way.whole(each.program));
        if (search.done()) return;
    }
}

/// Sums, products and quotients with fitted numbers.
void larger_laws(SquaresSearch& search) {
    if (search.done()) return;
    const ExplainOptions& options = search.options;
    const base::Run& run = options.search.run;
    const auto tell = [&](const std::string& what) {
        if (!run.progress) return;
        const long total = static_cast<long>(10 * std::max(run.seconds, 1.0));
        run.progress(std::min(total, static_cast<long>(10 * search.watch.seconds())), total, what);
    };
    search.laws = search_laws(
        search.problem,
        {.run = {.seed = run.seed, .threads = run.threads, .seconds = search.seconds_until(0.75), .stop = run.stop},
         .operators = options.law_functions.empty() ? options.search.operators : options.law_functions,
         .tell = tell,
         .defined = options.defined});
    for (const Found& found : search.laws) take(search, found);
    search.report.candidates += search.laws.size();
}

/// A target of whole numbers may have been rounded.
void rounded_laws(SquaresSearch& search) {
    if (search.exact() || search.stopped() || !is_allowed(search.options, Operator::floor)) return;
    for (const Program& program : rounded_programs(programs_of(search.collection.front(), search.laws), search.problem,
                                                   [&] { return search.stopped(); }))
        take(search, described(program, search.problem));
}

/// Formulas that are exact without a number: of few kinds of operators the enumeration reaches larger ones.
void exact_formulas(SquaresSearch& search) {
    constexpr double share = 0.1, most_seconds = 1;
    constexpr std::size_t most_inputs = 8;
    const double all = search.options.search.run.seconds;
    if (search.exact() || search.stopped() || all <= 0 || search.problem.inputs.size() > most_inputs) return;
    SearchOptions options = search.options.search;
    options.constants = false;
    options.operators = arithmetic();
    for (const Operator more : {Operator::divide, Operator::minimum, Operator::maximum})
        if (is_allowed(search.options, more)) options.operators.push_back(more);
    options.run.seconds = std::min({most_seconds, share * all, search.seconds_until(0.93)});
    options.run.progress = {};
    if (const auto found = search_formulas(search.sample, options)) take_front(search, *found, true);
}

/// Enumerates on where something is left. What looks like noise may be a law of bends and steps, which no polynomial sees:
/// for a while formulas that are exact are looked for there, too.
void larger_formulas(SquaresSearch& search) {
    constexpr double share_of_noise = 0.15, most_seconds = 2;
    if (search.stopped() || search.options.search.most_operators <= 2) return;
    const bool noise = search.only_noise_left();
    const double all = search.options.search.run.seconds, seconds = search.seconds_until(0.93);
    if (noise && (search.exact() || all <= 0)) return;
    // What failed with small formulas failed there.
    (void)enumerate(search, search.options.search.most_operators,
                    noise ? std::min({seconds, share_of_noise * all, most_seconds}) : seconds, true, noise);
}

/// What is exact and was found beyond the sizes completed may be written shorter.
void shorter_formulas(SquaresSearch& search) {
    constexpr double least_seconds = 2;
    if (!search.exact() || search.stopped()) return;
    const auto most = static_cast<int>(std::min<std::int64_t>(search.options.search.most_operators,
                                                              search.collection.best()->operators - 1));
    const double all = search.options.search.run.seconds;
    const double seconds = std::min(std::max(least_seconds, 0.05 * all), 0.93 * all - search.watch.seconds());
    if (most > search.report.completed_operators && (all <= 0 || seconds > 0))
        (void)enumerate(search, most, all > 0 ? seconds : 0, false);
}

/// Sums of the variables, which scattered data are often explained by best.
void linear_sums(SquaresSearch& search) {
    if (search.exact()) return;
    for (const Program& program : linear_programs(search.problem))
        take(search, described(program, search.problem));
}

/// The front with the formula to believe.
Explanation answer_of(SquaresSearch& search) {
    const base::Run& run = search.options.search.run;
    search.report.front = search.collection.front();
    search.report.seconds = search.watch.seconds();
    Explanation answer = chosen_of(std::move(search.report), search.problem);
    if (search.options.laws) {
        // The choice is worth a little more than the time that was given.
        const base::Stop stop = run.stop.or_after(run.seconds > 0 ? std::max(1.0, 0.1 * run.seconds) : 0);
        choose_by_prediction(search.problem, answer, run.seed, run.threads, stop);
        choose_line(search.problem, answer, search.options.most_operators);
    }
    // What is left needs no formula, so not all of them were tried.
    if (answer.only_noise_left) answer.report.stop_reason = base::StopReason::found;
    if (run.stop.requested()) answer.report.stop_reason = base::StopReason::interrupted;
    return answer;
}

} // namespace

base::Result<Explanation> explain_squares(const Problem& problem, const ExplainOptions& options) {
    SquaresSearch search(problem, options);
    if (!options.laws) {
        const auto all = enumerate(search, options.search.most_operators, options.search.run.seconds, true);
        if (!all) return tl::make_unexpected(all.error());
        return answer_of(search);
    }
    if (const auto small = small_formulas(search); !small) return tl::make_unexpected(small.error());
    formulas_without_units(search);
    larger_laws(search);
    rounded_laws(search);
    exact_formulas(search);
    larger_formulas(search);
    shorter_formulas(search);
    linear_sums(search);
    return answer_of(search);
}

} // namespace ropewalk::formula
