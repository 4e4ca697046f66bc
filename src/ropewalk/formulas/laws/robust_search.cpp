#include "ropewalk/formulas/laws/robust_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "ropewalk/formulas/laws/collection.hpp"
#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/laws/hints.hpp"
#include "ropewalk/formulas/laws/refinement.hpp"
#include "ropewalk/formulas/laws/squares_search.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

/// Whether two programs differ in numbers alone.
bool same_shape(const Program& a, const Program& b) {
    return a.result() == b.result() && std::equal(a.lines.begin(), a.lines.end(), b.lines.begin(),
                                                  b.lines.end(), [](const Line& x, const Line& y) {
                                                      return x.operation == y.operation && x.left == y.left &&
                                                             x.right == y.right;
                                                  });
}

/// The robust standard deviation of errors.
double deviation_of(const std::vector<double>& residuals) {
    std::vector<double> magnitudes;
    for (const double each : residuals) magnitudes.push_back(std::abs(each));
    const auto middle = magnitudes.begin() + static_cast<std::ptrdiff_t>(magnitudes.size() / 2);
    std::nth_element(magnitudes.begin(), middle, magnitudes.end());
    return 1.4826 * *middle;
}

/// A column without its median.
std::vector<double> centred(std::vector<double> column) {
    std::vector<double> sorted = column;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    for (double& each : column) each -= *middle;
    return column;
}

/// Bits of a program and of errors that may be far off: n log2 s and log2(1 + (r/s)^2) for every error r, as
/// Cauchy's distribution has them, with s the robust standard deviation of the errors.
double robust_bits(const Program& program, const Problem& problem) {
    const std::vector<double> residuals = residuals_of(program, problem);
    const double deviation = std::max(deviation_of(residuals), 1e-12 * spread_of(problem.target) + 1e-300);
    double bits = formula_bits(program, free_bits_of(deviation, problem));
    for (const double each : residuals) {
        const double share = each / deviation;
        bits += std::log2(deviation) + std::log2(1 + share * share);
    }
    return std::isfinite(bits) ? bits : std::numeric_limits<double>::infinity();
}

/// Whether a target is of one sign and far from all alike, so that errors may be shares of it.
bool has_magnitudes(const std::vector<double>& target) {
    constexpr double least_ratio = 8;
    double least = std::numeric_limits<double>::infinity(), most = 0;
    for (const double y : target) {
        if (!std::isfinite(y) || y == 0 || (y > 0) != (target.front() > 0)) return false;
        least = std::min(least, std::abs(y));
        most = std::max(most, std::abs(y));
    }
    return most >= least_ratio * least;
}

/// Whether errors grow with the target: by the rank correlation of their magnitudes (Spearman 1904).
bool errors_grow(const Program& program, const Problem& problem) {
    constexpr double least = 0.1;
    const auto ranks_of = [](const std::vector<double>& values) {
        std::vector<std::size_t> order(values.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return std::abs(values[a]) < std::abs(values[b]); });
        std::vector<double> ranks(values.size());
        for (std::size_t rank = 0; rank < order.size(); ++rank) ranks[order[rank]] = static_cast<double>(rank);
        return ranks;
    };
    const std::vector<double> errors = ranks_of(residuals_of(program, problem)), magnitudes = ranks_of(problem.target);
    const auto rows = static_cast<double>(errors.size());
    double squares = 0;
    for (std::size_t n = 0; n < errors.size(); ++n) squares += std::pow(errors[n] - magnitudes[n], 2);
    return 1 - 6 * squares / (rows * (rows * rows - 1)) > least;
}

} // namespace

std::optional<Explanation> explain_by_shares(const Problem& problem, const ExplainOptions& options, const Explanation& squares) {
    constexpr std::size_t fewest_rows = 12;
    constexpr double clearly = 8; // bits
    // Weights from targets with errors make formulas too small, by about twice the square of the share.
    constexpr double largest_share = 0.2;
    if (!has_magnitudes(problem.target) || problem.target.size() < fewest_rows || !problem.weights.empty()) return std::nullopt;
    const Found& before = squares.report.front[squares.best];
    if (before.fit.exact || !errors_grow(before.program, problem)) return std::nullopt;
    const Problem shares = with_errors_as_shares(problem);
    const double weights = std::accumulate(shares.weights.begin(), shares.weights.end(), 0.0);
    double magnitudes = 0;
    for (const double y : problem.target) magnitudes += std::log2(std::abs(y));
    auto found = explain_squares(shares, options);
    if (!found || found->report.front.empty()) return std::nullopt;
    const Found& best = found->report.front[found->best];
    const auto rows = static_cast<double>(problem.target.size());
    // The deviation of shares is the weighted error times the first; density of shares to density of errors, the second.
    const double more = 0.5 * rows * std::log2(weights / rows) + magnitudes;
    const bool is_exact = fit_of(best.program, problem).exact;
    if (best.fit.rmse * std::sqrt(weights / rows) > largest_share) return std::nullopt;
    if (!found->found || (!is_exact && !(best.bits + more + clearly < before.bits))) return std::nullopt;
    // What is said of the formulas is said of the table, in which rows count alike.
    for (Found& each : found->report.front) {
        each.fit = fit_of(each.program, problem);
        each.bits += more;
    }
    found->weighted = false;
    found->errors_are_shares = true;
    found->noise = best.fit.rmse / spread_of(problem.target);
    if (!is_exact) found->reason += ", where errors are shares of the target";
    found->report.candidates += squares.report.candidates;
    return std::move(*found);
}

base::Result<Explanation> explain_by_loss(const Problem& problem, const ExplainOptions& options) {
    const base::Stopwatch watch;
    const auto stop = [&] { return options.search.run.is_over(watch); };
    Problem weighted = problem;
    weighted.weights = first_weights(problem, options.loss);
    Collection collection(options.most_operators);
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
        for (const Found& each : found->report.front) {
            const std::vector<char> frozen = structural_numbers(each.program);
            Problem near = problem;
            const Program moved = fit_by_loss(each.program, problem, options.loss, frozen, {}).program;
            near.weights = weights_of(moved, problem, options.loss);
            for (const Program& trial : {each.program, moved, refined(moved, near, stop)}) {
                Found one{trial, size(trial).operators, {}};
                one.bits = robust_bits(trial, problem);
                collection.offer(one);
            }
        }
        const Program& program = found->report.front[found->best].program;
        if (same_shape(program, before)) break;
        before = program;
        weighted.weights = search_weights(residuals_of(program, problem), problem.weights);
    }
    report.front = collection.front();
    const std::size_t best = shortest_of(report.front);
    weighted.weights = weights_of(report.front[best].program, problem, options.loss);
    for (Found& each : report.front) each.fit = fit_of(each.program, weighted);
    report.seconds = watch.seconds();
    Explanation result;
    result.report = std::move(report);
    result.weighted = true;
    answer_with(result, best,
                "the formula with the shortest description: its own and that of its errors, some far off", weighted);
    if (options.search.run.stop.requested())
        result.report.stop_reason = base::StopReason::interrupted;
    else if (result.only_noise_left)
        result.report.stop_reason = base::StopReason::found;
    return result;
}

base::Result<Explanation> explain_with_care(const Problem& problem, const ExplainOptions& options) {
    const base::Stopwatch watch;
    constexpr double first_share = 0.6, nearly_all = 0.1;
    const std::size_t far = problem.weights.empty() ? rows_far_off(problem.target) : 0;
    const auto left = [&](ExplainOptions from, double share) {
        if (options.search.run.seconds > 0)
            from.search.run.seconds = std::max(0.1, share * (options.search.run.seconds - watch.seconds()));
        return from;
    };
    auto squares = explain_squares(problem, left(options, far > 0 ? first_share : 1));
    if (!squares || squares->report.front.empty()) return squares;
    constexpr double least_seconds = 0.2;
    if (options.search.run.seconds <= 0 || options.search.run.seconds - watch.seconds() > least_seconds)
        if (auto shares = explain_by_shares(problem, left(options, far > 0 ? first_share : 1), *squares)) return std::move(*shares);
    if (far == 0) return squares;
    const Found& best = squares->report.front[squares->best];
    if (best.fit.exact || rows_far_off(residuals_of(best.program, problem)) == 0) return squares;
    ExplainOptions second = left(options, 1);
    second.loss = Loss::absolute;
    const auto robust = explain_by_loss(problem, second);
    if (!robust || robust->report.front.empty()) return squares;
    const Found& other = robust->report.front[robust->best];
    const double deviation = deviation_of(residuals_of(other.program, problem));
    if (robust_bits(other.program, problem) < robust_bits(best.program, problem) &&
        deviation < nearly_all * deviation_of(centred(problem.target)))
        return robust;
    return squares;
}

} // namespace ropewalk::formula
