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

/// The programs of two lists that come within two units of every row, best described first.
std::vector<Program> programs_of(const std::vector<Found>& front, const std::vector<Found>& more) {
    constexpr double close = 2;
    constexpr std::size_t most = 16;
    std::vector<Found> all = front;
    all.insert(all.end(), more.begin(), more.end());
    std::stable_sort(all.begin(), all.end(), [](const Found& a, const Found& b) { return a.bits < b.bits; });
    std::vector<Program> programs;
    for (const Found& each : all)
        if (each.fit.max_error < close && programs.size() < most &&
            std::find(programs.begin(), programs.end(), each.program) == programs.end())
            programs.push_back(each.program);
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

/// What the searches without units say (pure_problems.hpp), as formulas of the problem, until `done`.
void explain_without_units(const Problem& problem, const ExplainOptions& options,
                           const base::Stopwatch& watch, const std::function<bool()>& done,
                           const std::function<void(const Program&)>& offer) {
    constexpr std::size_t most_ways = 2;
    for (const PureProblem& way : pure_problems(problem, most_ways)) {
        if (way.groups.empty()) {
            const AffineFit fit = scale_fit(evaluate_columns(way.factor, problem.inputs), problem.target);
            if (std::isfinite(fit.scale))
                offer(product_of(constant(way.factor.variables, fit.scale), way.factor));
            return;
        }
        ExplainOptions inner = options;
        inner.search.run.progress = {};
        inner.most_operators = 0;
        if (options.search.run.seconds > 0)
            inner.search.run.seconds = std::max(0.1, 0.45 * (options.search.run.seconds - watch.seconds()));
        const auto found = explain_squares(way.problem, inner);
        if (!found) continue;
        for (const Found& each : found->report.front) offer(way.whole(each.program));
        if (done()) return;
    }
}

} // namespace

base::Result<Explanation> explain_squares(const Problem& problem, const ExplainOptions& options) {
    const base::Stopwatch watch;
    const auto spent = [&] { return watch.seconds(); };
    const double seconds = options.search.run.seconds;
    const std::function<bool()> stopped = [&] { return options.search.run.is_over(watch); };
    Collection collection(options.most_operators);
    Explanation result;
    const auto offer_program = [&](const Program& program) {
        const Found raw = described(program, problem);
        const Found found =
            options.search.constants ? described(refined(program, problem, stopped), problem) : raw;
        // Simple numbers may cost neither exactness nor what the mean explains.
        const bool loses = (raw.fit.exact && !found.fit.exact) || is_worse_than_mean(found.fit, problem);
        collection.offer(loses ? raw : found);
    };
    const auto offer = [&](const FormulaReport& report) {
        for (const Found& each : report.front) offer_program(each.program);
        result.report.candidates += report.candidates;
        result.report.completed_operators =
            std::max(result.report.completed_operators, report.completed_operators);
        result.report.stop_reason = report.stop_reason;
    };
    // Small formulas first: what they explain needs nothing larger.
    SearchOptions small = options.search;
    if (options.laws) {
        small.run.progress = {};
        small.most_operators = std::min(options.search.most_operators, 2);
    }
    if (seconds > 0) small.run.seconds = options.laws ? 0.05 * seconds : seconds;
    const Problem sample = sample_of(problem, options.search.run.seed);
    const auto first = search_formulas(sample, small);
    if (!first) return tl::make_unexpected(first.error());
    offer(*first);
    const auto exact = [&] { return collection.best() != nullptr && collection.best()->fit.exact; };
    // With units what is short and leaves noise alone needs no other search.
    const auto done = [&] {
        return stopped() || exact() ||
               (!problem.units.empty() && collection.best() != nullptr &&
                is_enough(*collection.best(), problem));
    };
    if (options.laws && !exact() && !stopped())
        explain_without_units(problem, options, watch, done, offer_program);
    std::vector<Found> laws_found;
    if (options.laws && !done()) {
        LawOptions laws{.run = {.seed = options.search.run.seed,
                                .threads = options.search.run.threads,
                                .seconds = seconds > 0 ? std::max(0.1, 0.75 * seconds - spent()) : 0,
                                .stop = options.search.run.stop},
                        .operators =
                            options.law_functions.empty() ? options.search.operators : options.law_functions,
                        .tell =
                            [&](const std::string& what) {
                                if (!options.search.run.progress) return;
                                const long total = static_cast<long>(10 * std::max(seconds, 1.0));
                                options.search.run.progress(std::min(total, static_cast<long>(10 * spent())),
                                                            total, what);
                            },
                        .defined = options.defined};
        laws_found = search_laws(problem, laws);
        for (const Found& found : laws_found) collection.offer(found);
        result.report.candidates += laws_found.size();
    }
    if (options.laws && !exact() && !stopped() && is_allowed(options, Operator::floor))
        for (const Program& program : rounded_programs(programs_of(collection.front(), laws_found), problem, stopped))
            collection.offer(described(program, problem));
    const auto satisfied = [&] {
        return collection.best() != nullptr && leaves_noise(collection.best()->program, problem);
    };
    result.only_noise_left = satisfied();
    if (!result.only_noise_left && options.laws && options.search.most_operators > 2 && !stopped()) {
        SearchOptions rest = options.search;
        if (seconds > 0) rest.run.seconds = std::max(0.1, 0.93 * seconds - spent());
        const auto more = search_formulas(sample, rest);
        if (more) offer(*more);
        result.only_noise_left = satisfied();
    }
    if (options.laws && exact() && !stopped()) {
        // What was found beyond the sizes completed may be written shorter.
        const std::int64_t operators = collection.best()->operators;
        SearchOptions smaller = options.search;
        smaller.run.progress = {};
        smaller.most_operators =
            static_cast<int>(std::min<std::int64_t>(options.search.most_operators, operators - 1));
        if (seconds > 0) smaller.run.seconds = std::min(0.05 * seconds, 0.93 * seconds - spent());
        if (smaller.most_operators > result.report.completed_operators + 1 &&
            (seconds <= 0 || smaller.run.seconds > 0))
            if (const auto less = search_formulas(sample, smaller)) offer(*less);
    }
    if (options.laws && !exact())
        for (const Program& program : linear_programs(problem)) collection.offer(described(program, problem));
    result.report.front = collection.front();
    result.report.seconds = spent();
    Explanation chosen = chosen_of(std::move(result.report), problem);
    chosen.only_noise_left = result.only_noise_left;
    if (options.laws)
        choose_by_prediction(problem, chosen, options.search.run.seed, options.search.run.threads, stopped);
    // What is left needs no formula, so not all of them were tried.
    if (chosen.only_noise_left) chosen.report.stop_reason = base::StopReason::found;
    if (options.search.run.stop.requested()) chosen.report.stop_reason = base::StopReason::interrupted;
    return chosen;
}

} // namespace ropewalk::formula
