#include "ropewalk/formulas/laws/hinge_laws.hpp"

#include <algorithm>

#include "ropewalk/formulas/laws/lines_beside.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::ArrayXd;

/// The least-squares fit of a sum of lines with a bend of one variable at a point.
struct Bend {
    SparseFit fit;
    double at = 0;
};

Bend bend_at(const Part& part, const std::vector<int>& lines, const ArrayXd& bent, double at) {
    return {fit_lines_beside(part, lines, (bent - at).max(0.0)), at};
}

/// The best point among quantiles, then between its neighbours (golden section).
Bend best_bend(const Part& part, const std::vector<int>& lines, int bent) {
    const ArrayXd values = column_of(part, bent);
    std::vector<double> sorted = part.problem.inputs[static_cast<std::size_t>(bent)];
    std::sort(sorted.begin(), sorted.end());
    constexpr std::size_t points = 32;
    const auto quantile = [&](std::size_t k) { return sorted[(sorted.size() - 1) * k / points]; };
    Bend best;
    std::size_t place = 0;
    for (std::size_t k = 1; k < points; ++k) {
        const Bend bend = bend_at(part, lines, values, quantile(k));
        if (place == 0 || bend.fit.squared_error < best.fit.squared_error) best = bend, place = k;
    }
    double low = quantile(place - 1), high = quantile(place + 1);
    constexpr double golden = 0.6180339887498949;
    for (int step = 0; step < 24 && high > low; ++step) {
        const double first = high - golden * (high - low), second = low + golden * (high - low);
        const Bend at_first = bend_at(part, lines, values, first), at_second = bend_at(part, lines, values, second);
        const bool lower = at_first.fit.squared_error < at_second.fit.squared_error;
        (lower ? high : low) = lower ? second : first;
        const Bend& better = lower ? at_first : at_second;
        if (better.fit.squared_error < best.fit.squared_error) best = better;
    }
    return best;
}

} // namespace

void try_bends(const LawContext& context, const Part& part, Candidates& candidates) {
    constexpr std::size_t most_variables = 12;
    if (!context.allowed(Operator::maximum) || !context.problem.units.empty() || part.weights.size() < 8) return;
    std::vector<Program> programs;
    for (std::size_t k = 0; k < std::min(most_variables, part.variables.size()) && !context.stopped(); ++k) {
        const int bent = part.variables[k];
        for (const std::vector<int>& lines : lines_beside(part, bent, most_variables)) {
            const Bend bend = best_bend(part, lines, bent);
            if (bend.fit.coefficients.size() != lines.size() + 2) continue;
            const int count = context.variables();
            const Program beyond = combine(Operator::subtract, variable(count, bent), constant(count, bend.at));
            programs.push_back(
                part.whole(sum_beside(context, lines, bend.fit, combine(Operator::maximum, beyond, constant(count, 0)))));
        }
    }
    candidates.consider(std::move(programs), 4);
}

} // namespace ropewalk::formula
