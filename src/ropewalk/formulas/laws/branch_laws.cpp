#include "ropewalk/formulas/laws/branch_laws.hpp"

#include "ropewalk/formulas/laws/lines_beside.hpp"
#include "ropewalk/formulas/laws/thresholds.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::ArrayXd;

/// A column of 1 where a condition holds and 0 elsewhere, and what it is written as.
struct Condition {
    ArrayXd holds;
    Program program;
};

/// The fit of one sum of lines everywhere and another added where the condition holds.
SparseFit fit_branches(const Part& part, const std::vector<int>& lines, const ArrayXd& holds) {
    std::vector<ArrayXd> more{holds};
    for (const int line : lines) more.push_back(column_of(part, line) * holds);
    return fit_lines_beside(part, lines, more);
}

/// That a variable is above a number: the number for which two branches fit best.
Condition above_number(const LawContext& context, const Part& part, const std::vector<int>& lines, int v) {
    const ArrayXd values = column_of(part, v);
    const std::vector<double> different = different_values(values);
    if (different.size() < 3) return {};
    const std::size_t place = best_place(different.size() - 1, [&](std::size_t at) {
        return fit_branches(part, lines, (values > different[at]).cast<double>()).squared_error;
    });
    const double above = shortest_between(different[place], different[place + 1]);
    const int count = context.variables();
    return {(values > above).cast<double>(), combine(Operator::less, constant(count, above), variable(count, v))};
}

/// What is written for both branches: with the sum u where the condition does not hold and v where it does, the sum that
/// holds everywhere is u and v - u is added, or the other way round with the opposite condition; whichever has less in it is
/// found when numbers are made simple.
std::vector<Program> branches_of(const LawContext& context, const Part& part, const std::vector<int>& lines,
                                 const Condition& condition) {
    const SparseFit fit = fit_branches(part, lines, condition.holds);
    if (!is_whole(fit, lines, lines.size() + 1)) return {};
    const int count = context.variables();
    const auto sum_from = [&](std::size_t first, double beside, double sign) {
        std::vector<std::pair<double, Program>> terms;
        for (std::size_t j = 0; j <= lines.size(); ++j) {
            const double number = sign * fit.coefficients[first + j] + beside * fit.coefficients[j];
            terms.emplace_back(number, j == 0 ? constant(count, 1) : variable(count, lines[j - 1]));
        }
        return sum_of(count, terms);
    };
    const std::size_t added = lines.size() + 1;
    const Program u = sum_from(0, 0, 1), v = sum_from(added, 1, 1), more = sum_from(added, 0, 1), less_by = sum_from(added, 0, -1);
    const Program without = combine(Operator::subtract, constant(count, 1), condition.program);
    return {combine(Operator::add, u, combine(Operator::multiply, condition.program, more)),
            combine(Operator::add, v, combine(Operator::multiply, without, less_by)),
            combine(Operator::add, combine(Operator::multiply, condition.program, v), combine(Operator::multiply, without, u))};
}

} // namespace

void try_branches(const LawContext& context, const Part& part, Candidates& candidates) {
    constexpr std::size_t most_variables = 8, rows_for_each = 3;
    const std::vector<int>& lines = part.variables;
    const auto rows = static_cast<std::size_t>(part.weights.size());
    if (!context.allowed(Operator::less) || !context.problem.units.empty() || lines.size() > most_variables ||
        rows < rows_for_each * 2 * (lines.size() + 1))
        return;
    const int count = context.variables();
    std::vector<Program> programs;
    const auto offer = [&](const Condition& condition) {
        if (condition.holds.size() == 0 || context.stopped()) return;
        for (const Program& each : branches_of(context, part, lines, condition)) programs.push_back(part.whole(each));
    };
    for (const int left : lines) {
        if (context.stopped()) return;
        offer(above_number(context, part, lines, left));
        for (const int right : lines)
            if (left < right)
                offer({(column_of(part, left) < column_of(part, right)).cast<double>(),
                       combine(Operator::less, variable(count, left), variable(count, right))});
    }
    candidates.consider(std::move(programs), 4);
}

} // namespace ropewalk::formula
