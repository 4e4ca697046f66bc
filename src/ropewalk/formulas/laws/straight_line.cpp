#include "ropewalk/formulas/laws/straight_line.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/laws/number_fit.hpp"
#include "ropewalk/formulas/laws/refinement.hpp"
#include "ropewalk/formulas/laws/term_library.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

/// Whether a program adds and subtracts variables and numbers, and multiplies or divides them by numbers, and nothing else.
bool is_line(const Program& program) {
    std::vector<int> degree(static_cast<std::size_t>(program.slots()), 1);
    for (std::size_t l = 0; l < program.lines.size(); ++l) {
        const Line& line = program.lines[l];
        int& own = degree[static_cast<std::size_t>(program.variables) + l];
        const auto of = [&](int slot) { return degree[static_cast<std::size_t>(slot)]; };
        switch (line.operation) {
            case Operator::constant: own = 0; break;
            case Operator::add:
            case Operator::subtract: own = std::max(of(line.left), of(line.right)); break;
            case Operator::multiply: own = of(line.left) + of(line.right); break;
            case Operator::divide:
                if (of(line.right) != 0) return false;
                own = of(line.left);
                break;
            default: return false;
        }
        if (own > 1) return false;
    }
    return true;
}

/// n log2 of the errors that fitted numbers leave, and half of log2 n for every one of these.
double schwarz_bits(const Program& program, const Problem& problem) {
    constexpr int steps = 4;
    const auto rows = static_cast<double>(problem.target.size());
    const Program fitted = fit_numbers(program, problem, steps, structural_numbers(program));
    const double error = std::max(fit_of(fitted, problem).rmse, least_error(problem));
    return rows * std::log2(error) + 0.5 * std::log2(rows) * fitted_numbers(program);
}

/// The line through the variables that are used, with all its numbers fitted.
Found line_through(const std::vector<bool>& used, const Problem& problem) {
    // Neither 0 nor 1, which would be taken for parts of the form.
    constexpr double start = 0.5;
    constexpr int steps = 4;
    const auto variables = static_cast<int>(used.size());
    std::vector<std::pair<double, Program>> sum;
    for (int v = 0; v < variables; ++v)
        if (used[static_cast<std::size_t>(v)]) sum.emplace_back(start, variable(variables, v));
    sum.emplace_back(start, constant(variables, 1));
    const Program fitted = fit_numbers(sum_of(variables, sum), problem, steps);
    return described(with_fewer_digits(simplified(fitted), problem, {}), problem);
}

/// Makes a line the answer, in the place of the front's formula of its size.
void answer_with_line(const Found& line, const char* reason, const Problem& problem, Explanation& explanation) {
    std::vector<Found>& front = explanation.report.front;
    const auto place = std::lower_bound(front.begin(), front.end(), line, [](const Found& a, const Found& b) {
        return a.operators < b.operators;
    });
    const std::size_t at = static_cast<std::size_t>(place - front.begin());
    if (place != front.end() && place->operators == line.operators)
        *place = line;
    else
        front.insert(place, line);
    answer_with(explanation, at, reason, problem);
}

/// The line through the variable that goes with the target best, where it explains more than chance does in one of 20 tables,
/// for all variables together.
std::optional<Found> line_beyond_chance(const Problem& problem) {
    // Two rows more than numbers: one more is soon near some line.
    constexpr std::size_t fewest_rows = 4;
    const std::size_t rows = problem.target.size(), variables = problem.inputs.size();
    if (rows < fewest_rows) return std::nullopt;
    std::size_t nearest = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t v = 0; v < variables; ++v) {
        const AffineFit fit = affine_fit(problem.inputs[v], problem.target);
        std::vector<double> values = problem.inputs[v];
        for (double& each : values) each = fit.scale * each + fit.offset;
        const double left = fit_of(values, problem.target).rmse;
        if (left < least) least = left, nearest = v;
    }
    std::vector<bool> used(variables);
    used[nearest] = true;
    const Found line = line_through(used, problem);
    if (is_chance(line.fit, std::log2(static_cast<double>(variables)), rows)) return std::nullopt;
    return line;
}

} // namespace

void choose_line(const Problem& problem, Explanation& explanation, std::int64_t most_operators) {
    const std::vector<Found>& front = explanation.report.front;
    if (front.empty() || !problem.units.empty()) return;
    const Found answer = front[explanation.best];
    const auto is_allowed = [&](const Found& line) { return most_operators == 0 || line.operators <= most_operators; };
    const std::vector<bool> used = used_variables(answer.program);
    const auto slopes = static_cast<double>(std::count(used.begin(), used.end(), true));
    if (answer.fit.exact) return;
    if (slopes == 0) {
        const auto line = line_beyond_chance(problem);
        if (line && is_allowed(*line))
            answer_with_line(*line, "the straight line, which explains more than chance does", problem, explanation);
        return;
    }
    if (!is_line(answer.program)) return;
    const double numbers = fitted_numbers(answer.program);
    // One row more than numbers, at least, tells how far off they are.
    if (numbers > slopes || static_cast<double>(problem.target.size()) < slopes + 2) return;
    const Found line = line_through(used, problem);
    if (!is_allowed(line) || !(schwarz_bits(line.program, problem) < schwarz_bits(answer.program, problem))) return;
    answer_with_line(line, "the straight line: its slopes and its offset are told from 1 and 0 by the rows", problem, explanation);
}

} // namespace ropewalk::formula
