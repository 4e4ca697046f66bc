#include "ropewalk/formulas/search/precision.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ropewalk/formulas/search/column_evaluation.hpp"
#include "ropewalk/formulas/search/rounding.hpp"

namespace ropewalk::formula {

namespace {

using Long = long double;

/// The value of a row and the largest magnitude on the way to it, with numbers that stand in the formula and without.
struct Traced {
    Long value = 0;
    Long error = 0; ///< that rounding may leave, however the formula is written
    Long largest = 0;
    Long largest_of_all = 0;
};

Traced traced(const Program& program, const std::vector<std::vector<double>>& inputs, std::size_t row,
              std::vector<RoundedValue>& slots) {
    slots.resize(static_cast<std::size_t>(program.slots()));
    for (std::size_t v = 0; v < inputs.size(); ++v) {
        const double value = inputs[v][row];
        slots[v] = {.value = value, .whole = value == std::floor(value) && std::abs(value) < 0x1p53};
    }
    std::size_t at = inputs.size();
    Traced result;
    for (const Line& line : program.lines) {
        const RoundedValue made = rounded_value(line, slots[static_cast<std::size_t>(line.left)],
                                                slots[static_cast<std::size_t>(line.right)]);
        // Numbers alone are no values that the formula meets.
        if (line.operation != Operator::constant) result.largest = std::max(result.largest, std::abs(made.value));
        result.largest_of_all = std::max(result.largest_of_all, std::abs(made.value));
        slots[at++] = made;
    }
    const RoundedValue& last = slots[static_cast<std::size_t>(program.result())];
    result.value = last.value;
    result.error = last.error;
    return result;
}

bool divides_by_zero(const Program& program) {
    return std::any_of(program.lines.begin(), program.lines.end(), [&](const Line& line) {
        if (line.operation != Operator::divide || line.right < program.variables) return false;
        const Line& divisor = program.lines[static_cast<std::size_t>(line.right - program.variables)];
        return divisor.operation == Operator::constant && divisor.value == 0;
    });
}

} // namespace

Fit fit_of(const Program& program, const Problem& problem) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    // Infinite parts may cancel on the rows that there are.
    if (divides_by_zero(program)) return {.rmse = infinity, .max_error = infinity, .r2 = -infinity};
    const std::vector<double> values = evaluate_columns(program, problem.inputs);
    Fit fit = fit_of(values, problem.target);
    fit.exact = false;
    if (!std::isfinite(fit.rmse)) return fit;
    if (!problem.weights.empty()) {
        double sum = 0, squares = 0, mean = 0, spread = 0;
        for (std::size_t n = 0; n < values.size(); ++n) {
            sum += problem.weights[n];
            mean += problem.weights[n] * problem.target[n];
        }
        mean /= sum;
        for (std::size_t n = 0; n < values.size(); ++n) {
            squares += problem.weights[n] * std::pow(values[n] - problem.target[n], 2) / sum;
            spread += problem.weights[n] * std::pow(problem.target[n] - mean, 2) / sum;
        }
        fit.rmse = std::sqrt(squares);
        fit.r2 = spread > 0 ? 1 - squares / spread : 0;
    }
    const auto [least, most] = std::minmax_element(problem.target.begin(), problem.target.end());
    const double spread = *most > *least ? *most - *least : std::abs(*most);
    // Rows that differ by more than this need no closer look, nor does a formula of small numbers alone.
    const bool close = fit.max_error <= 2e-3 * spread;
    constexpr double unit = 16 * std::numeric_limits<double>::epsilon();
    const Long largest_without_doubt = 1e-8L / std::numeric_limits<double>::epsilon() * static_cast<Long>(spread);
    bool exact = close;
    std::vector<RoundedValue> slots;
    const Long allowed_rounding = 1e-6L * static_cast<Long>(spread);
    const auto rests_on_rounding = [&](const Traced& row, std::size_t n) {
        // What the target's own 53 bits cannot hold is no fault of the formula.
        const Long own = std::numeric_limits<double>::epsilon() * std::abs(static_cast<Long>(problem.target[n]));
        return !(std::abs(row.value - static_cast<Long>(values[n])) <= allowed_rounding) ||
               !(row.error <= std::max(allowed_rounding, 2 * own));
    };
    constexpr Fit none{infinity, infinity, -infinity, false};
    // A few rows tell whether values may rest on rounding; then, and for exactness, all are looked at.
    bool all_rows = close;
    for (std::size_t n = 0; n < values.size() && !all_rows; n += std::max<std::size_t>(1, values.size() / 16)) {
        const Traced row = traced(program, problem.inputs, n, slots);
        if (rests_on_rounding(row, n)) return none;
        all_rows = row.largest_of_all > largest_without_doubt || row.error > allowed_rounding / 100;
    }
    for (std::size_t n = 0; n < values.size() && all_rows; ++n) {
        const Traced row = traced(program, problem.inputs, n, slots);
        if (rests_on_rounding(row, n)) return none;
        double allowed =
            std::min(unit * static_cast<double>(std::max(row.largest, std::abs(row.value))), 4e-12 * spread);
        // The target itself was rounded, however small its spread.
        allowed = std::max(allowed, 2 * std::numeric_limits<double>::epsilon() * std::abs(problem.target[n]));
        if (!problem.resolution.empty() && problem.resolution[n] <= 1e-3 * spread)
            allowed = std::max(allowed, problem.resolution[n] * (1 + 1e-9));
        exact =
            exact && std::abs(row.value - static_cast<Long>(problem.target[n])) <= static_cast<Long>(allowed);
        if (close && !exact && n >= 64 && values.size() > 1000 && n % 64 == 0) break;
    }
    fit.exact = exact;
    if (exact && *most == *least) fit.r2 = 1;
    return fit;
}

} // namespace ropewalk::formula
