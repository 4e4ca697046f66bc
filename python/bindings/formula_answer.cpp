#include "formula_answer.hpp"

#include <algorithm>
#include <cmath>

namespace ropewalk::python {

namespace {

/// Formulas this close to the smallest error are as good as the best one; the smallest of them is chosen.
constexpr double tolerance = 1.1;

void choose(FormulaAnswer& answer) {
    const auto& front = answer.report.front;
    const auto exact = std::find_if(front.begin(), front.end(), [](const auto& each) { return each.fit.exact; });
    if (exact != front.end()) {
        answer.best = static_cast<std::size_t>(exact - front.begin());
        answer.reason = "the smallest formula that is exact";
        return;
    }
    double smallest = INFINITY;
    for (const auto& each : front) smallest = std::min(smallest, each.fit.rmse);
    const auto close = [&](const auto& each) { return each.fit.rmse <= tolerance * smallest; };
    answer.best = static_cast<std::size_t>(std::find_if(front.begin(), front.end(), close) - front.begin());
    answer.reason = "the smallest formula within 10% of the smallest error";
}

/// A target that never changes needs no search.
bool is_constant(const formula::Problem& problem) {
    const auto& target = problem.target;
    return !target.empty() && std::isfinite(target.front()) && !problem.target_unit &&
           std::all_of(target.begin(), target.end(), [&](double y) { return y == target.front(); });
}

formula::FormulaReport constant_report(const formula::Problem& problem) {
    const auto program = formula::constant(static_cast<int>(problem.inputs.size()), problem.target.front());
    formula::FormulaReport report;
    report.front.push_back({program, 0, {.rmse = 0, .max_error = 0, .r2 = 1, .exact = true}});
    report.candidates = 1;
    report.stop_reason = formula::StopReason::found;
    report.completed_operators = 0;
    return report;
}

} // namespace

base::Result<FormulaAnswer> answer(const formula::Problem& problem, const formula::SearchOptions& options) {
    FormulaAnswer answer;
    if (is_constant(problem)) {
        answer.report = constant_report(problem);
    } else {
        auto report = formula::search_formulas(problem, options);
        if (!report) return tl::make_unexpected(std::move(report.error()));
        answer.report = std::move(*report);
    }
    choose(answer);
    return answer;
}

} // namespace ropewalk::python
