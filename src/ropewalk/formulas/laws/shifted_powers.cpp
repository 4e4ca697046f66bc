#include "ropewalk/formulas/laws/shifted_powers.hpp"

#include <algorithm>
#include <cmath>

#include "ropewalk/formulas/laws/power_laws.hpp"
#include "ropewalk/formulas/laws/sparse_regression.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;

/// A number beside a variable with the exponents that fit best.
struct Shifted {
    double number = 0;
    SparseFit fit;
};

/// The best numbers for x + k and k - x, all of them positive on every row.
std::vector<Shifted> best_shifts(const Part& part, int shifted, double sign, const std::vector<int>& others,
                                 const ArrayXd& weights, const Eigen::VectorXd& target) {
    constexpr std::size_t kept = 2;
    const auto& column = part.problem.inputs[static_cast<std::size_t>(shifted)];
    const ArrayXd x = sign * Eigen::Map<const ArrayXd>(column.data(), static_cast<Index>(column.size()));
    const double least = x.minCoeff(), span = x.maxCoeff() - least;
    if (!(span > 0)) return {};
    std::vector<Shifted> found;
    for (double share = 0.003; share < 100; share *= 1.5) {
        const double number = share * span - least;
        MatrixXd library(x.size(), 1);
        library.col(0) = ((x + number).log() * weights).matrix();
        found.push_back({number, least_squares(library, target, log_columns(part, others, weights), {0})});
    }
    std::stable_sort(found.begin(), found.end(), [](const Shifted& a, const Shifted& b) {
        return a.fit.squared_error < b.fit.squared_error;
    });
    found.resize(std::min(kept, found.size()));
    return found;
}

} // namespace

void try_shifted_powers(const LawContext& context, const Part& part, Candidates& candidates) {
    constexpr std::size_t most_variables = 8;
    if (!context.problem.units.empty()) return;
    const ArrayXd y = Eigen::Map<const ArrayXd>(part.problem.target.data(), part.weights.size());
    if ((y == 0).any() || ((y > 0).any() && (y < 0).any())) return;
    const ArrayXd weights = part.weights * y.abs() / y.abs().maxCoeff();
    const Eigen::VectorXd target = (y.abs().log() * weights).matrix();
    std::vector<Program> programs;
    for (std::size_t k = 0; k < std::min(most_variables, part.variables.size()) && !context.stopped(); ++k) {
        const int v = part.variables[k];
        std::vector<int> others = logarithmic(context, part);
        std::erase(others, v);
        for (const double sign : {1.0, -1.0})
            for (const Shifted& each : best_shifts(part, v, sign, others, weights, target)) {
                const Program number = constant(context.variables(), each.number);
                const Program x = variable(context.variables(), v);
                const Program base =
                    sign > 0 ? combine(Operator::add, x, number) : combine(Operator::subtract, number, x);
                const auto more = product_programs(
                    context, part, each.fit.forced_coefficients[0], others,
                    {each.fit.forced_coefficients.begin() + 1, each.fit.forced_coefficients.end()},
                    {{base, each.fit.coefficients[0]}}, sign_of(part.problem));
                programs.insert(programs.end(), more.begin(), more.end());
            }
    }
    candidates.consider(std::move(programs), 4);
}

} // namespace ropewalk::formula
