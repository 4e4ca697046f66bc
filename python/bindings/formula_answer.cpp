#include "formula_answer.hpp"

#include <algorithm>
#include <cmath>

namespace ropewalk::python {

namespace {

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
    report.stop_reason = base::StopReason::found;
    report.completed_operators = 0;
    return report;
}

} // namespace

base::Result<FormulaAnswer> answer(const formula::Problem& problem, const formula::ExplainOptions& options) {
    if (is_constant(problem)) return FormulaAnswer{formula::chosen_of(constant_report(problem), problem)};
    return formula::explain(problem, options).map([](formula::Explanation found) {
        return FormulaAnswer{std::move(found)};
    });
}

} // namespace ropewalk::python
