#include "ropewalk/formulas/laws/explanation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/laws/noise_test.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

bool Explanation::ended_in_noise() const {
    return report.stop_reason == base::StopReason::found && (report.front.empty() || !is_exact(best));
}

std::string Explanation::why_stopped() const {
    return ended_in_noise() ? "what is left looks like noise" : sentence_of(report.stop_reason);
}

bool explains(const Program& program, const Fit& fit) {
    // Rounding errors of sums of squares may lift R2 by this much.
    constexpr double least_r2 = 1e-9;
    return fit.exact || (fit.r2 > least_r2 && reads_inputs(program));
}

Found described(const Program& program, const Problem& problem) {
    Found found{program, size(program).operators, fit_of(program, problem)};
    found.bits = description_of(program, found.fit, problem).total();
    return found;
}

std::size_t shortest_of(const std::vector<Found>& front) {
    const auto shorter = [](const Found& a, const Found& b) { return a.bits < b.bits; };
    return static_cast<std::size_t>(std::min_element(front.begin(), front.end(), shorter) - front.begin());
}

void answer_with(Explanation& explanation, std::size_t place, std::string reason, const Problem& problem) {
    const Found& answer = explanation.report.front[place];
    const double spread = spread_of(problem.target);
    explanation.best = place;
    explanation.reason = std::move(reason);
    explanation.found = explains(answer.program, explanation.deciding(place));
    explanation.noise = spread > 0 ? answer.fit.rmse / spread : 0;
    explanation.only_noise_left = leaves_noise(answer.program, problem);
}

Explanation chosen_of(FormulaReport report, const Problem& problem) {
    Explanation result;
    result.report = std::move(report);
    result.weighted = !problem.weights.empty();
    for (Found& each : result.report.front) each = described(each.program, problem);
    if (result.report.front.empty()) return result;
    const std::size_t place = shortest_of(result.report.front);
    const Found& best = result.report.front[place];
    const bool smallest = best.operators <= result.report.completed_operators + 1;
    answer_with(result, place,
                !best.fit.exact ? "the formula with the shortest description: its own and that of its errors"
                : smallest      ? "the smallest formula that is exact"
                                : "the shortest formula found that is exact",
                problem);
    if (best.fit.exact) result.report.stop_reason = base::StopReason::found;
    return result;
}

std::optional<Explanation> constant_explanation(const Problem& problem) {
    if (problem.target.empty() || problem.inputs.empty()) return std::nullopt;
    const double value = problem.target.front();
    if (!std::isfinite(value) ||
        std::any_of(problem.target.begin(), problem.target.end(), [value](double y) { return y != value; }))
        return std::nullopt;
    FormulaReport report;
    report.front.push_back(
        described(constant(static_cast<int>(problem.inputs.size()), value), problem));
    report.candidates = 1;
    report.stop_reason = base::StopReason::found;
    report.completed_operators = 0;
    Explanation explanation = chosen_of(std::move(report), problem);
    explanation.same_on_all_rows = true;
    return explanation;
}

Problem with_errors_as_shares(Problem problem) {
    problem.weights.clear();
    for (const double y : problem.target) problem.weights.push_back(1 / (y * y));
    return problem;
}

void choose_by(const Problem& held_out, const Problem& seen, Explanation& explanation) {
    constexpr double as_good = 1.1;
    const std::vector<Found>& front = explanation.report.front;
    explanation.rows_held_out = held_out.target.size();
    explanation.held_out.clear();
    for (const Found& each : front) explanation.held_out.push_back(fit_of(each.program, held_out));
    if (front.empty() || explanation.is_exact(explanation.best) || !explanation.constants.empty()) return;
    explanation.same_on_all_rows = false;
    std::vector<double> errors;
    const bool has_zero = std::find(held_out.target.begin(), held_out.target.end(), 0.0) != held_out.target.end();
    const std::optional<Problem> shares = explanation.errors_are_shares && !has_zero
                                              ? std::optional(with_errors_as_shares(held_out))
                                              : std::nullopt;
    for (std::size_t i = 0; i < front.size(); ++i)
        errors.push_back(shares ? fit_of(front[i].program, *shares).rmse : explanation.held_out[i].rmse);
    // An error that is no number is the smallest of none.
    double smallest = std::numeric_limits<double>::infinity();
    for (const double error : errors) smallest = std::min(smallest, error);
    if (!std::isfinite(smallest)) return;
    std::size_t best = explanation.best;
    for (std::size_t i = front.size(); i-- > 0;)
        if (errors[i] <= as_good * smallest) best = i;
    answer_with(explanation, best,
                fmt::format("the smallest formula within 10% of the smallest error{}",
                            shares ? ", as a share of the target" : ""),
                seen);
}

} // namespace ropewalk::formula
