#include "ropewalk/formulas/laws/same_form.hpp"

#include <algorithm>
#include <cmath>

#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

double largest_difference(const Program& program, const Problem& problem) {
    const std::vector<double> values = evaluate_columns(program, problem.inputs);
    const auto [least, most] = std::minmax_element(problem.target.begin(), problem.target.end());
    const double spread = std::max(*most - *least, 1e-300);
    double worst = 0;
    for (std::size_t n = 0; n < values.size(); ++n) {
        const double difference = std::abs(values[n] - problem.target[n]) / spread;
        worst = std::isfinite(difference) ? std::max(worst, difference) : INFINITY;
    }
    return worst;
}

} // namespace

FormCheck check_form(const Program& formula, const Problem& law, double most_moved) {
    constexpr double equal = 1e-6;
    FormCheck check;
    const auto [least, most] = std::minmax_element(law.target.begin(), law.target.end());
    // A number alone is a special case of most laws, and none of them.
    if (!(*least < *most)) return check;
    check.difference = largest_difference(formula, law);
    check.same = check.difference <= equal;
    if (check.same) return check;
    Program fitted = formula;
    for (int round = 0; round < 3 && !check.same; ++round) {
        fitted = fit_constants(fitted, law.inputs, law.target, 60);
        check.difference = largest_difference(fitted, law);
        check.same = check.difference <= equal;
    }
    for (std::size_t l = 0; l < formula.lines.size(); ++l)
        if (formula.lines[l].operation == Operator::constant && formula.lines[l].value != 0)
            check.moved = std::max(check.moved, std::abs(fitted.lines[l].value / formula.lines[l].value - 1));
    check.same = check.same && check.moved <= most_moved;
    return check;
}

FormCheck check_law(const Program& law, const Program& formula,
                    const std::vector<std::vector<double>>& inputs) {
    // An exponential of the law may be beyond what numbers hold where the law itself is not.
    const std::vector<double> values = evaluate_columns(law, inputs);
    std::vector<std::size_t> rows;
    for (std::size_t n = 0; n < values.size(); ++n)
        if (std::isfinite(values[n])) rows.push_back(n);
    if (2 * rows.size() < values.size()) return {};
    return check_form(law, rows_of({.inputs = inputs, .target = evaluate_columns(formula, inputs)}, rows),
                      INFINITY);
}

} // namespace ropewalk::formula
