#include "ropewalk/formulas/laws/explain.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include <Eigen/Dense>

#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/laws/law_candidates.hpp"
#include "ropewalk/formulas/laws/law_search.hpp"
#include "ropewalk/formulas/laws/pure_problems.hpp"
#include "ropewalk/formulas/laws/term_library.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

/// The best described formula of every size, as far as larger ones have smaller errors.
class Collection {
public:
    explicit Collection(int most_operators) : most_operators_(most_operators) {}

    void offer(const Found& found) {
        if (!std::isfinite(found.fit.rmse)) return;
        if (most_operators_ > 0 && found.operators > most_operators_) return;
        const auto [place, fresh] = by_size_.try_emplace(found.operators, found);
        if (!fresh && found.bits < place->second.bits) place->second = found;
    }

    std::vector<Found> front() const {
        const Found* const shortest = best();
        std::vector<Found> formulas;
        for (const auto& [size, found] : by_size_) {
            const double before = formulas.empty() ? INFINITY : formulas.back().fit.rmse;
            const bool exact_before = !formulas.empty() && formulas.back().fit.exact;
            const bool shorter = std::all_of(formulas.begin(), formulas.end(),
                                             [&](const Found& each) { return found.bits < each.bits; });
            if (&found == shortest || (!exact_before && (shorter || found.fit.rmse < before * (1 - 1e-9))))
                formulas.push_back(found);
        }
        return formulas;
    }

    const Found* best() const {
        const Found* best = nullptr;
        for (const auto& [size, found] : by_size_)
            if (best == nullptr || found.bits < best->bits) best = &found;
        return best;
    }

private:
    int most_operators_ = 0;
    std::map<std::int64_t, Found> by_size_;
};

double spread_of(const std::vector<double>& target) {
    double mean = 0, squares = 0;
    const auto rows = static_cast<double>(target.size());
    for (const double y : target) mean += y / rows;
    for (const double y : target) squares += (y - mean) * (y - mean) / rows;
    return std::sqrt(squares);
}

Found described(const Program& program, const Problem& problem) {
    Found found{program, size(program).operators, fit_of(program, problem)};
    found.bits = description_of(program, found.fit, problem).total();
    return found;
}

/// Whether a formula is exact, or short and leaves noise alone.
bool is_enough(const Found& found, const Problem& problem) {
    if (found.fit.exact) return true;
    return formula_bits(found.program, free_bits_of(found.fit.rmse, problem)) < long_law &&
           leaves_noise(found.program, problem);
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

base::Result<Explanation> explain_squares(const Problem& problem, const ExplainOptions& options);

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

/// The search with squared errors.
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
        for (const Found& found : search_laws(problem, laws)) {
            collection.offer(found);
            ++result.report.candidates;
        }
    }
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
    result.report.front = collection.front();
    result.report.seconds = spent();
    Explanation chosen = chosen_of(std::move(result.report), problem);
    chosen.only_noise_left = result.only_noise_left;
    // What is left needs no formula, so not all of them were tried.
    if (chosen.only_noise_left) chosen.report.stop_reason = base::StopReason::found;
    if (options.search.run.stop.requested()) chosen.report.stop_reason = base::StopReason::interrupted;
    return chosen;
}

/// Whether two programs differ in numbers alone.
bool same_shape(const Program& a, const Program& b) {
    return a.result() == b.result() && std::equal(a.lines.begin(), a.lines.end(), b.lines.begin(),
                                                  b.lines.end(), [](const Line& x, const Line& y) {
                                                      return x.operation == y.operation && x.left == y.left &&
                                                             x.right == y.right;
                                                  });
}

/// Bits of a program and of errors that may be far off: n log2 s and log2(1 + (r/s)^2) for every error r, as
/// Cauchy's distribution has them, with s the robust standard deviation of the errors.
double robust_bits(const Program& program, const Problem& problem) {
    const std::vector<double> residuals = residuals_of(program, problem);
    std::vector<double> magnitudes;
    for (const double each : residuals) magnitudes.push_back(std::abs(each));
    const auto middle = magnitudes.begin() + static_cast<std::ptrdiff_t>(magnitudes.size() / 2);
    std::nth_element(magnitudes.begin(), middle, magnitudes.end());
    const double deviation = std::max(1.4826 * *middle, 1e-12 * spread_of(problem.target) + 1e-300);
    double bits = formula_bits(program, free_bits_of(deviation, problem));
    for (const double each : residuals) {
        const double share = each / deviation;
        bits += std::log2(deviation) + std::log2(1 + share * share);
    }
    return std::isfinite(bits) ? bits : std::numeric_limits<double>::infinity();
}

/// The search repeated with weights that follow what its answer leaves, until the answer stays; of all that
/// it found the formula with the shortest description, in which errors may be far off.
base::Result<Explanation> explain_by_loss(const Problem& problem, const ExplainOptions& options) {
    const base::Stopwatch watch;
    const auto stop = [&] { return options.search.run.is_over(watch); };
    Problem weighted = problem;
    weighted.weights = first_weights(problem, options.loss);
    std::map<std::int64_t, Found> by_size;
    FormulaReport report;
    Program before;
    constexpr int rounds = 3;
    for (int round = 0; round < rounds && (round == 0 || !stop()); ++round) {
        ExplainOptions again = options;
        const double left = options.search.run.seconds - watch.seconds();
        if (options.search.run.seconds > 0)
            again.search.run.seconds = std::max(0.1, round + 1 < rounds ? left / 2 : 0.9 * left);
        auto found = explain_squares(weighted, again);
        if (!found || found->report.front.empty()) return found;
        report.candidates += found->report.candidates;
        report.completed_operators = std::max(report.completed_operators, found->report.completed_operators);
        report.stop_reason = found->report.stop_reason;
        for (Found each : found->report.front) {
            const std::vector<char> frozen = structural_numbers(each.program);
            Problem near = problem;
            const Program moved = fit_by_loss(each.program, problem, options.loss, frozen, {}).program;
            near.weights = weights_of(moved, problem, options.loss);
            for (const Program& trial : {each.program, moved, refined(moved, near, stop)}) {
                Found one{trial, size(trial).operators, {}};
                one.bits = robust_bits(trial, problem);
                const auto [place, fresh] = by_size.try_emplace(one.operators, one);
                if (!fresh && one.bits < place->second.bits) place->second = one;
            }
        }
        const Program& program = found->report.front[found->best].program;
        if (same_shape(program, before)) break;
        before = program;
        weighted.weights = search_weights(residuals_of(program, problem), problem.weights);
    }
    Explanation result;
    double shortest = std::numeric_limits<double>::infinity();
    for (auto& [operators, found] : by_size) {
        if (!(found.bits < shortest) && std::isfinite(shortest)) continue;
        shortest = found.bits;
        result.best = report.front.size();
        report.front.push_back(found);
    }
    const Program& best = report.front[result.best].program;
    weighted.weights = weights_of(best, problem, options.loss);
    for (Found& each : report.front) each.fit = fit_of(each.program, weighted);
    const Found& answer = report.front[result.best];
    result.found = answer.fit.exact || (answer.operators > 0 && answer.fit.r2 > 1e-9);
    result.reason = "the formula with the shortest description: its own and that of its errors, some far off";
    const double spread = spread_of(problem.target);
    result.noise = spread > 0 ? answer.fit.rmse / spread : 0;
    result.only_noise_left = leaves_noise(best, weighted);
    if (options.search.run.stop.requested())
        report.stop_reason = base::StopReason::interrupted;
    else if (result.only_noise_left)
        report.stop_reason = base::StopReason::found;
    report.seconds = watch.seconds();
    result.report = std::move(report);
    return result;
}

} // namespace

ExplainOptions general_options() {
    using enum Operator;
    ExplainOptions options;
    options.search.operators = {add,         subtract,  multiply, divide, square_root,
                                exponential, logarithm, sine,     cosine};
    options.search.constants = true;
    options.law_functions = options.search.operators;
    for (const Operator more :
         {hyperbolic_tangent, arcsine, arccosine, absolute, maximum, minimum, floor, modulo})
        options.law_functions.push_back(more);
    return options;
}

bool looks_like_noise(const std::vector<double>& residual, const Problem& problem) {
    constexpr std::size_t most_rows = 4000;
    const auto chosen = screening_rows(residual.size(), most_rows, 3);
    const auto rows = static_cast<Eigen::Index>(chosen.size());
    std::vector<Eigen::VectorXd> coordinates;
    for (const auto& column : problem.inputs) {
        Eigen::VectorXd values(rows);
        for (Eigen::Index n = 0; n < rows; ++n) values[n] = column[chosen[static_cast<std::size_t>(n)]];
        values.array() -= values.mean();
        const double spread = values.stableNorm() / std::sqrt(static_cast<double>(rows));
        if (spread > 0) coordinates.push_back(values / spread);
    }
    std::vector<Eigen::VectorXd> terms{Eigen::VectorXd::Ones(rows)};
    std::size_t from = 0;
    for (int degree = 1; degree <= 3; ++degree) {
        std::vector<Eigen::VectorXd> next;
        const std::size_t to = terms.size();
        if ((to - from) * coordinates.size() + to > 250 ||
            static_cast<Eigen::Index>((to - from) * coordinates.size() + to) * 3 > rows)
            break;
        for (std::size_t i = from; i < to; ++i)
            for (const Eigen::VectorXd& each : coordinates) next.push_back(terms[i].cwiseProduct(each));
        from = to;
        terms.insert(terms.end(), next.begin(), next.end());
    }
    Eigen::MatrixXd design(rows, static_cast<Eigen::Index>(terms.size()));
    for (std::size_t j = 0; j < terms.size(); ++j) design.col(static_cast<Eigen::Index>(j)) = terms[j];
    Eigen::VectorXd goal(rows);
    for (Eigen::Index n = 0; n < rows; ++n) goal[n] = residual[chosen[static_cast<std::size_t>(n)]];
    if (!problem.weights.empty())
        for (Eigen::Index n = 0; n < rows; ++n) {
            const double root = std::sqrt(problem.weights[chosen[static_cast<std::size_t>(n)]]);
            goal[n] *= root;
            design.row(n) *= root;
        }
    const double scale = goal.cwiseAbs().maxCoeff();
    if (!(scale > 0)) return true;
    goal /= scale;
    const Eigen::ColPivHouseholderQR<Eigen::MatrixXd> solver(design);
    const double whole = goal.squaredNorm();
    const double left = (goal - design * solver.solve(goal)).squaredNorm();
    const auto rank = static_cast<double>(solver.rank());
    const double freedom = static_cast<double>(rows) - rank;
    if (freedom < 1) return true;
    // About the 1 in 1000 point of F (Wilson & Hilferty 1931).
    const double third = 2 / (9 * rank);
    const double limit = std::pow(1 - third + 3.1 * std::sqrt(third), 3) * (1 + 4 / freedom);
    return (whole - left) / rank <= limit * left / freedom;
}

bool leaves_noise(const Program& program, const Problem& problem) {
    if (fit_of(program, problem).exact) return true;
    std::vector<double> residual = evaluate_columns(program, problem.inputs);
    for (std::size_t n = 0; n < residual.size(); ++n) residual[n] = problem.target[n] - residual[n];
    return looks_like_noise(residual, problem);
}

base::Result<Explanation> explain(const Problem& problem, const ExplainOptions& options) {
    const bool rows_alike = options.loss == Loss::squared || problem.target.empty();
    return rows_alike ? explain_squares(problem, options) : explain_by_loss(problem, options);
}

Explanation chosen_of(FormulaReport report, const Problem& problem) {
    Explanation result;
    result.report = std::move(report);
    for (Found& each : result.report.front) each = described(each.program, problem);
    for (std::size_t i = 0; i < result.report.front.size(); ++i)
        if (result.report.front[i].bits < result.report.front[result.best].bits) result.best = i;
    if (result.report.front.empty()) return result;
    const Found& best = result.report.front[result.best];
    const double spread = spread_of(problem.target);
    result.found = best.fit.exact || (best.fit.r2 > 1e-9 && best.operators > 0);
    const bool smallest = best.operators <= result.report.completed_operators + 1;
    result.reason = !best.fit.exact
                        ? "the formula with the shortest description: its own and that of its errors"
                    : smallest ? "the smallest formula that is exact"
                               : "the shortest formula found that is exact";
    result.noise = spread > 0 ? best.fit.rmse / spread : 0;
    if (best.fit.exact) result.report.stop_reason = base::StopReason::found;
    return result;
}

} // namespace ropewalk::formula
