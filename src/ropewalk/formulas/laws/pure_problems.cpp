#include "ropewalk/formulas/laws/pure_problems.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>

#include "ropewalk/formulas/laws/least_squares.hpp"
#include "ropewalk/formulas/laws/term_library.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using PowerList = std::vector<std::pair<int, double>>;

/// Choices of measuring variables that are looked at.
constexpr std::size_t most_choices = 4000;

/// Exponents of base units, a column for every unit.
MatrixXd exponents_of(const std::vector<Unit>& units) {
    std::map<std::string, Index> symbols;
    for (const Unit& unit : units)
        for (const auto& [symbol, sixtieths] : unit.sixtieths)
            symbols.try_emplace(symbol, static_cast<Index>(symbols.size()));
    MatrixXd exponents = MatrixXd::Zero(static_cast<Index>(symbols.size()), static_cast<Index>(units.size()));
    for (std::size_t k = 0; k < units.size(); ++k)
        for (const auto& [symbol, sixtieths] : units[k].sixtieths)
            exponents(symbols.at(symbol), static_cast<Index>(k)) = sixtieths / 60.0;
    return exponents;
}

struct Choice {
    std::vector<int> measures;
    MatrixXd powers; ///< of the measures, a column for every unit
    double cost = 0;
};

/// What the measuring variables make of all units, where they do so with halves of whole numbers.
std::optional<Choice> choice_of(const MatrixXd& exponents, const std::vector<int>& measures) {
    MatrixXd chosen(exponents.rows(), static_cast<Index>(measures.size()));
    for (std::size_t k = 0; k < measures.size(); ++k)
        chosen.col(static_cast<Index>(k)) = exponents.col(measures[k]);
    const PivotedQr solver(chosen);
    if (solver.rank() < chosen.cols()) return std::nullopt;
    Choice choice{measures, MatrixXd(chosen.cols(), exponents.cols()), 0};
    for (Index j = 0; j < exponents.cols(); ++j) choice.powers.col(j) = solver.solve(exponents.col(j));
    choice.powers = (2 * choice.powers.array()).round().matrix() / 2;
    if (!(chosen * choice.powers).isApprox(exponents, 1e-9)) return std::nullopt;
    for (const double power : choice.powers.reshaped())
        choice.cost += std::abs(power) + (power == std::floor(power) ? 0 : 4);
    return choice;
}

/// Every set of `size` of the candidates, until there are too many.
void choices(const MatrixXd& exponents, const std::vector<int>& candidates, std::size_t size,
             std::size_t from, std::vector<int>& current, std::vector<Choice>& found, std::size_t& looked) {
    if (current.size() == size) {
        ++looked;
        if (auto choice = choice_of(exponents, current)) found.push_back(std::move(*choice));
        return;
    }
    for (std::size_t k = from; k < candidates.size() && looked < most_choices; ++k) {
        current.push_back(candidates[k]);
        choices(exponents, candidates, size, k + 1, current, found, looked);
        current.pop_back();
    }
}

/// The product of powers of the measures that has the unit of a column.
PowerList powers_of(const Choice& choice, Index column, double sign) {
    PowerList powers;
    for (std::size_t k = 0; k < choice.measures.size(); ++k)
        if (const double power = choice.powers(static_cast<Index>(k), column); power != 0)
            powers.emplace_back(choice.measures[k], sign * power);
    std::sort(powers.begin(), powers.end());
    return powers;
}

bool varies(const std::vector<double>& column) {
    const auto [least, most] = std::minmax_element(column.begin(), column.end());
    return *most - *least > 1e-12 * std::max(std::abs(*least), std::abs(*most));
}

PureProblem pure_problem(const Problem& problem, const Choice& choice) {
    const int variables = static_cast<int>(problem.inputs.size());
    PureProblem pure;
    pure.factor = monomial(variables, powers_of(choice, variables, 1));
    const std::vector<double> factor = evaluate_columns(pure.factor, problem.inputs);
    for (int v = 0; v < variables; ++v) {
        if (std::find(choice.measures.begin(), choice.measures.end(), v) != choice.measures.end()) continue;
        PowerList powers = powers_of(choice, v, -1);
        powers.emplace_back(v, 1);
        std::sort(powers.begin(), powers.end());
        const Program group = monomial(variables, powers);
        std::vector<double> column = evaluate_columns(group, problem.inputs);
        if (!varies(column)) continue;
        pure.groups.push_back(group);
        pure.problem.inputs.push_back(std::move(column));
    }
    double largest = 0;
    for (const double each : factor) largest = std::max(largest, std::abs(each));
    for (std::size_t n = 0; n < factor.size(); ++n) {
        pure.problem.target.push_back(problem.target[n] / factor[n]);
        if (!problem.resolution.empty())
            pure.problem.resolution.push_back(problem.resolution[n] / std::abs(factor[n]));
        const double weight = problem.weights.empty() ? 1 : problem.weights[n];
        pure.problem.weights.push_back(weight * std::pow(factor[n] / largest, 2));
    }
    if (!varies(factor)) pure.problem.weights = problem.weights;
    return pure;
}

bool is_finite(const PureProblem& pure) {
    const auto finite = [](const std::vector<double>& column) {
        return std::all_of(column.begin(), column.end(), [](double each) { return std::isfinite(each); });
    };
    return finite(pure.problem.target) && finite(pure.problem.weights) &&
           std::all_of(pure.problem.inputs.begin(), pure.problem.inputs.end(), finite);
}

} // namespace

Program PureProblem::whole(const Program& pure) const {
    return simplified(product_of(substitute(pure, groups), factor));
}

std::vector<PureProblem> pure_problems(const Problem& problem, std::size_t most) {
    if (problem.units.empty() || !problem.target_unit) return {};
    std::vector<Unit> units = problem.units;
    units.push_back(*problem.target_unit);
    const MatrixXd exponents = exponents_of(units);
    const auto variables = static_cast<Index>(problem.inputs.size());
    if (exponents.rows() == 0) return {};
    const auto rank =
        static_cast<std::size_t>(PivotedQr(exponents.leftCols(variables)).rank());
    if (rank == 0) return {};
    std::vector<int> candidates;
    for (int v = 0; v < static_cast<int>(variables); ++v) {
        const auto& column = problem.inputs[static_cast<std::size_t>(v)];
        const bool zero = std::any_of(column.begin(), column.end(), [](double x) { return x == 0; });
        if (!zero && problem.units[static_cast<std::size_t>(v)] != Unit{}) candidates.push_back(v);
    }
    std::vector<Choice> found;
    std::vector<int> current;
    std::size_t looked = 0;
    choices(exponents, candidates, rank, 0, current, found, looked);
    std::stable_sort(found.begin(), found.end(),
                     [](const Choice& a, const Choice& b) { return a.cost < b.cost; });
    std::vector<PureProblem> result;
    for (const Choice& choice : found) {
        if (result.size() >= most) break;
        PureProblem pure = pure_problem(problem, choice);
        const bool known = std::any_of(result.begin(), result.end(), [&](const PureProblem& each) {
            return each.factor == pure.factor && each.groups == pure.groups;
        });
        if (!known && is_finite(pure)) result.push_back(std::move(pure));
    }
    return result;
}

} // namespace ropewalk::formula
