#include "ropewalk/formulas/laws/hinge_laws.hpp"

#include <algorithm>
#include <cmath>

#include "ropewalk/formulas/laws/sparse_regression.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// The least-squares fit of a sum of lines with a bend of one variable at a point.
struct Bend {
    SparseFit fit;
    double at = 0;
};

Bend bend_at(const Part& part, const std::vector<int>& lines, const ArrayXd& bent, double at) {
    const Index rows = part.weights.size();
    const auto count = static_cast<Index>(lines.size());
    MatrixXd columns(rows, count + 2);
    columns.col(0) = part.weights.matrix();
    for (Index k = 0; k < count; ++k) {
        const auto& column = part.problem.inputs[static_cast<std::size_t>(lines[static_cast<std::size_t>(k)])];
        columns.col(k + 1) = (Eigen::Map<const ArrayXd>(column.data(), rows) * part.weights).matrix();
    }
    columns.col(count + 1) = ((bent - at).max(0.0) * part.weights).matrix();
    const VectorXd target =
        (Eigen::Map<const ArrayXd>(part.problem.target.data(), rows) * part.weights).matrix();
    std::vector<Index> all(static_cast<std::size_t>(count) + 2);
    for (std::size_t k = 0; k < all.size(); ++k) all[k] = static_cast<Index>(k);
    return {least_squares(columns, target, MatrixXd(rows, 0), all), at};
}

/// The best point among quantiles, then between its neighbours (golden section).
Bend best_bend(const Part& part, const std::vector<int>& lines, int bent) {
    const auto& column = part.problem.inputs[static_cast<std::size_t>(bent)];
    const ArrayXd values = Eigen::Map<const ArrayXd>(column.data(), static_cast<Index>(column.size()));
    std::vector<double> sorted = column;
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
        std::vector<std::vector<int>> choices{{bent}};
        if (part.variables.size() > 1 && part.variables.size() <= most_variables) choices.push_back(part.variables);
        for (const std::vector<int>& lines : choices) {
            const Bend bend = best_bend(part, lines, bent);
            if (bend.fit.coefficients.size() != lines.size() + 2) continue;
            const int count = context.variables();
            const Program beyond = combine(Operator::subtract, variable(count, bent), constant(count, bend.at));
            std::vector<std::pair<double, Program>> terms{{bend.fit.coefficients[0], constant(count, 1)}};
            for (std::size_t j = 0; j < lines.size(); ++j)
                terms.emplace_back(bend.fit.coefficients[j + 1], variable(count, lines[j]));
            terms.emplace_back(bend.fit.coefficients.back(),
                               combine(Operator::maximum, beyond, constant(count, 0)));
            programs.push_back(part.whole(sum_of(count, terms)));
        }
    }
    candidates.consider(std::move(programs), 4);
}

} // namespace ropewalk::formula
