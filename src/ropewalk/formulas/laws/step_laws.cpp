#include "ropewalk/formulas/laws/step_laws.hpp"

#include <algorithm>
#include <cmath>

#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/laws/sparse_regression.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// The least-squares fit of a sum of lines with a jump above the value at a place among those that differ.
struct Jump {
    SparseFit fit;
    std::size_t place = 0;
};

ArrayXd column_of(const Part& part, int variable) {
    const auto& column = part.problem.inputs[static_cast<std::size_t>(variable)];
    return Eigen::Map<const ArrayXd>(column.data(), static_cast<Index>(column.size()));
}

SparseFit fit_above(const Part& part, const std::vector<int>& lines, const ArrayXd& stepped, double above) {
    const Index rows = part.weights.size(), count = static_cast<Index>(lines.size());
    MatrixXd columns(rows, count + 2);
    columns.col(0) = part.weights.matrix();
    for (Index k = 0; k < count; ++k) columns.col(k + 1) = (column_of(part, lines[static_cast<std::size_t>(k)]) * part.weights).matrix();
    columns.col(count + 1) = ((stepped > above).cast<double>() * part.weights).matrix();
    const VectorXd target = (Eigen::Map<const ArrayXd>(part.problem.target.data(), rows) * part.weights).matrix();
    std::vector<Index> all(static_cast<std::size_t>(count) + 2);
    for (std::size_t k = 0; k < all.size(); ++k) all[k] = static_cast<Index>(k);
    return least_squares(columns, target, MatrixXd(rows, 0), all);
}

/// The best of some places, then of all those near it.
Jump best_jump(const Part& part, const std::vector<int>& lines, const ArrayXd& stepped, const std::vector<double>& different) {
    constexpr std::size_t most = 48;
    Jump best;
    bool found = false;
    const auto look = [&](std::size_t place) {
        Jump jump{fit_above(part, lines, stepped, different[place]), place};
        if (found && !(jump.fit.squared_error < best.fit.squared_error)) return;
        best = std::move(jump);
        found = true;
    };
    const std::size_t places = different.size() - 1, step = (places + most - 1) / most;
    for (std::size_t place = 0; place < places; place += step) look(place);
    const std::size_t about = best.place, first = about < step ? 0 : about - step + 1;
    for (std::size_t place = first; step > 1 && place < std::min(about + step, places); ++place) look(place);
    return best;
}

/// The number of fewest digits from `low` on and below `high`.
double shortest_between(double low, double high) {
    for (int digits = 1; digits < 17; ++digits)
        for (const double near : {low, 0.5 * (low + high), high})
            if (const double value = rounded_to(near, digits); value >= low && value < high) return value;
    return low;
}

} // namespace

void try_steps(const LawContext& context, const Part& part, Candidates& candidates) {
    constexpr std::size_t most_variables = 12;
    if (!context.allowed(Operator::less) || !context.problem.units.empty() || part.weights.size() < 8) return;
    std::vector<Program> programs;
    for (std::size_t k = 0; k < std::min(most_variables, part.variables.size()) && !context.stopped(); ++k) {
        const int stepped = part.variables[k], count = context.variables();
        const ArrayXd values = column_of(part, stepped);
        std::vector<double> different(values.begin(), values.end());
        std::sort(different.begin(), different.end());
        different.erase(std::unique(different.begin(), different.end()), different.end());
        if (different.size() < 3) continue;
        std::vector<std::vector<int>> choices{{}, {stepped}};
        if (part.variables.size() > 1 && part.variables.size() <= most_variables) choices.push_back(part.variables);
        for (const std::vector<int>& lines : choices) {
            const Jump jump = best_jump(part, lines, values, different);
            if (jump.fit.coefficients.size() != lines.size() + 2) continue;
            const double above = shortest_between(different[jump.place], different[jump.place + 1]);
            std::vector<std::pair<double, Program>> terms{{jump.fit.coefficients[0], constant(count, 1)}};
            for (std::size_t j = 0; j < lines.size(); ++j) terms.emplace_back(jump.fit.coefficients[j + 1], variable(count, lines[j]));
            terms.emplace_back(jump.fit.coefficients.back(),
                               combine(Operator::less, constant(count, above), variable(count, stepped)));
            programs.push_back(part.whole(sum_of(count, terms)));
        }
    }
    candidates.consider(std::move(programs), 4);
}

} // namespace ropewalk::formula
