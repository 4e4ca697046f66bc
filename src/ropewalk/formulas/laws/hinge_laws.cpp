#include "ropewalk/formulas/laws/hinge_laws.hpp"

#include <algorithm>

#include "ropewalk/formulas/laws/golden_section.hpp"
#include "ropewalk/formulas/laws/lines_beside.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::ArrayXd;

/// The least-squares fit of a sum of lines with bends of one variable at some points.
struct Bends {
    SparseFit fit;
    std::vector<double> at;
};

Bends bends_at(const Part& part, const std::vector<int>& lines, const ArrayXd& bent, std::vector<double> at) {
    std::vector<ArrayXd> columns;
    for (const double point : at) columns.push_back((bent - point).max(0.0));
    return {fit_lines_beside(part, lines, columns), std::move(at)};
}

/// The bends with one more, at the best point among quantiles, then between its neighbours (golden section).
Bends with_one_more(const Part& part, const std::vector<int>& lines, int bent, const std::vector<double>& others) {
    const ArrayXd values = column_of(part, bent);
    std::vector<double> sorted = part.problem.inputs[static_cast<std::size_t>(bent)];
    std::sort(sorted.begin(), sorted.end());
    constexpr std::size_t points = 32;
    const auto quantile = [&](std::size_t k) { return sorted[(sorted.size() - 1) * k / points]; };
    const auto look = [&](double point) {
        std::vector<double> at = others;
        at.push_back(point);
        return bends_at(part, lines, values, std::move(at));
    };
    Bends best;
    std::size_t place = 0;
    for (std::size_t k = 1; k < points; ++k) {
        Bends bends = look(quantile(k));
        if (place == 0 || bends.fit.squared_error < best.fit.squared_error) best = std::move(bends), place = k;
    }
    constexpr int steps = 23;
    const LeastError between = least_between(quantile(place - 1), quantile(place + 1), steps,
                                             [&](double point) { return look(point).fit.squared_error; });
    return between.error < best.fit.squared_error ? look(between.place) : best;
}

} // namespace

void try_bends(const LawContext& context, const Part& part, Candidates& candidates) {
    constexpr std::size_t most_variables = 12;
    if (!context.allowed(Operator::maximum) || !context.problem.units.empty() || part.weights.size() < 8) return;
    std::vector<Program> programs;
    const int count = context.variables();
    const auto offer = [&](const std::vector<int>& lines, int bent, const Bends& bends) {
        if (!is_whole(bends.fit, lines, bends.at.size())) return;
        std::vector<Program> columns;
        for (const double at : bends.at)
            columns.push_back(combine(Operator::maximum, combine(Operator::subtract, variable(count, bent), constant(count, at)),
                                      constant(count, 0)));
        programs.push_back(part.whole(sum_beside(context, lines, bends.fit, columns)));
    };
    for (std::size_t k = 0; k < std::min(most_variables, part.variables.size()) && !context.stopped(); ++k) {
        const int bent = part.variables[k];
        for (const std::vector<int>& lines : lines_beside(part, bent, most_variables)) {
            const Bends one = with_one_more(part, lines, bent, {});
            offer(lines, bent, one);
            if (context.stopped()) continue;
            offer(lines, bent, two_changes(one, [&](const std::vector<double>& others) { return with_one_more(part, lines, bent, others); }));
        }
    }
    candidates.consider(std::move(programs), 4);
}

} // namespace ropewalk::formula
