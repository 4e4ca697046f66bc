#include "ropewalk/formulas/laws/straight_line.hpp"

#include <algorithm>
#include <cmath>

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

} // namespace

void choose_line(const Problem& problem, Explanation& explanation, std::int64_t most_operators) {
    std::vector<Found>& front = explanation.report.front;
    if (front.empty() || !problem.units.empty()) return;
    const Found answer = front[explanation.best];
    const std::vector<bool> used = used_variables(answer.program);
    const auto slopes = static_cast<double>(std::count(used.begin(), used.end(), true));
    if (answer.fit.exact || slopes == 0 || !is_line(answer.program)) return;
    const double numbers = fitted_numbers(answer.program);
    // One row more than numbers, at least, tells how far off they are.
    if (numbers > slopes || static_cast<double>(problem.target.size()) < slopes + 2) return;
    // Neither 0 nor 1, which would be taken for parts of the form.
    constexpr double start = 0.5;
    const int variables = answer.program.variables;
    std::vector<std::pair<double, Program>> sum;
    for (int v = 0; v < variables; ++v)
        if (used[static_cast<std::size_t>(v)]) sum.emplace_back(start, variable(variables, v));
    sum.emplace_back(start, constant(variables, 1));
    constexpr int steps = 4;
    const Program fitted = fit_numbers(sum_of(variables, sum), problem, steps);
    const Found line = described(with_fewer_digits(simplified(fitted), problem, {}), problem);
    if (most_operators > 0 && line.operators > most_operators) return;
    if (!(schwarz_bits(line.program, problem) < schwarz_bits(answer.program, problem))) return;
    const auto place = std::lower_bound(front.begin(), front.end(), line, [](const Found& a, const Found& b) {
        return a.operators < b.operators;
    });
    const std::size_t at = static_cast<std::size_t>(place - front.begin());
    if (place != front.end() && place->operators == line.operators)
        *place = line;
    else
        front.insert(place, line);
    answer_with(explanation, at, "the straight line: its slopes and its offset are told from 1 and 0 by the rows", problem);
}

} // namespace ropewalk::formula
