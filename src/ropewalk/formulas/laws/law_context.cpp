#include "ropewalk/formulas/laws/law_context.hpp"

#include <algorithm>
#include <cmath>

#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/laws/log_polynomial.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;

constexpr std::size_t most_screening_rows = 800;

} // namespace

LawContext::LawContext(const Problem& of, const LawOptions& by)
    : problem(of), options(by),
      screen(rows_of(of, screening_rows(of.target.size(), most_screening_rows, by.run.seed))),
      pure(of.units.empty() || !of.target_unit || *of.target_unit == Unit{}) {}

bool LawContext::allowed(Operator operation) const {
    return std::find(options.operators.begin(), options.operators.end(), operation) !=
           options.operators.end();
}

Program Part::whole(const Program& program) const {
    return factor.empty() ? program
                          : product_of(program, monomial(static_cast<int>(problem.inputs.size()), factor));
}

Part part_of(const LawContext& context, const std::vector<std::pair<int, double>>& factor) {
    Part part{factor, {}, context.screen, ArrayXd::Ones(static_cast<Index>(context.screen.target.size()))};
    for (int v = 0; v < context.variables(); ++v) {
        const auto& column = context.problem.inputs[static_cast<std::size_t>(v)];
        const bool varies =
            std::any_of(column.begin(), column.end(), [&](double each) { return each != column.front(); });
        const bool taken =
            std::any_of(factor.begin(), factor.end(), [v](const auto& each) { return each.first == v; });
        // A column that never changes may still be a factor with a unit.
        if (!taken && (varies || !context.problem.units.empty())) part.variables.push_back(v);
    }
    if (!context.screen.weights.empty())
        part.weights = Eigen::Map<const ArrayXd>(context.screen.weights.data(), part.weights.size()).sqrt();
    if (factor.empty()) return part;
    const Program program = monomial(context.variables(), factor);
    const std::vector<double> values = evaluate_columns(program, context.screen.inputs);
    for (std::size_t n = 0; n < values.size(); ++n) {
        part.problem.target[n] /= values[n];
        part.weights[static_cast<Index>(n)] *= std::abs(values[n]);
    }
    part.weights /= part.weights.maxCoeff();
    if (context.problem.target_unit && !context.problem.units.empty()) {
        const auto unit =
            unit_of(quotient_of(constant(context.variables(), 1), program), context.problem.units);
        part.problem.target_unit =
            unit ? unit_of(Operator::multiply, *context.problem.target_unit, *unit) : std::nullopt;
        if (!part.problem.target_unit) part.factor.clear(), part.variables.clear();
    }
    return part;
}

TermOptions term_options(const LawContext& context, const Part& part) {
    TermOptions options{part.variables, context.options.operators};
    options.defined = context.options.defined;
    return options;
}

bool has_units(const LawContext& context, const Part& part) {
    return !context.problem.units.empty() && part.problem.target_unit.has_value();
}

std::vector<int> logarithmic(const LawContext& context, const Part& part) {
    std::vector<int> found;
    for (const int v : part.variables) {
        const auto& column = part.problem.inputs[static_cast<std::size_t>(v)];
        const auto& all = context.problem.inputs[static_cast<std::size_t>(v)];
        // A power may well begin at 0; a variable that is 0 often is none.
        const auto zeros = static_cast<std::size_t>(std::count(all.begin(), all.end(), 0.0));
        const bool zero = zeros * 10 > all.size();
        const bool varies = std::any_of(column.begin(), column.end(),
                                        [&](double x) { return std::abs(x) != std::abs(column.front()); });
        if (!zero && varies) found.push_back(v);
    }
    return found;
}

MatrixXd log_columns(const Part& part, const std::vector<int>& chosen, const ArrayXd& weights) {
    MatrixXd columns(weights.size(), static_cast<Index>(chosen.size()) + 1);
    columns.col(0) = weights.matrix();
    for (std::size_t k = 0; k < chosen.size(); ++k)
        columns.col(static_cast<Index>(k) + 1) =
            (Eigen::Map<const ArrayXd>(part.problem.inputs[static_cast<std::size_t>(chosen[k])].data(),
                                       weights.size())
                 .abs()
                 .max(1e-300)
                 .log() *
             weights)
                .matrix();
    for (const int v : chosen) {
        const auto& values = part.problem.inputs[static_cast<std::size_t>(v)];
        for (std::size_t n = 0; n < values.size(); ++n)
            if (values[n] == 0) columns.row(static_cast<Index>(n)).setZero();
    }
    return columns;
}

double sign_of(const Problem& problem) {
    double sum = 0;
    for (const double y : problem.target) sum += y;
    return sum < 0 ? -1 : 1;
}

namespace {

/// The logarithm of a target whose noise biases the logarithms of its rows: linearised about a polynomial.
std::optional<LogTarget> linearised_target(const Part& part) {
    Problem seen{.target = part.problem.target};
    for (const int v : part.variables)
        seen.inputs.push_back(part.problem.inputs[static_cast<std::size_t>(v)]);
    const ArrayXd squares = part.weights.square();
    seen.weights.assign(squares.begin(), squares.end());
    const auto polynomial = log_polynomial(seen);
    if (!polynomial || !polynomial->linearised) return std::nullopt;
    const ArrayXd y = Eigen::Map<const ArrayXd>(part.problem.target.data(), part.weights.size());
    const auto size_of = [&](const ArrayXd& difference) {
        return (difference * polynomial->weights.array()).square().sum();
    };
    // Next to the noise itself the bias must matter.
    constexpr double matters = 0.02;
    const double bias = size_of(polynomial->logarithm.array() - y.abs().max(1e-300).log());
    const double noise = size_of(polynomial->logarithm.array() - polynomial->smooth.array());
    if (bias < matters * noise) return std::nullopt;
    return LogTarget{polynomial->logarithm, polynomial->weights, false};
}

} // namespace

std::vector<LogTarget> log_targets(const LawContext& context, const Part& part) {
    std::vector<LogTarget> targets;
    const ArrayXd y = Eigen::Map<const ArrayXd>(part.problem.target.data(), part.weights.size());
    const double scale = y.abs().maxCoeff();
    if (scale > 0) {
        if (auto linearised = linearised_target(part)) targets.push_back(std::move(*linearised));
        const ArrayXd weights = part.weights * y.abs() / scale;
        targets.push_back({(y.abs().max(1e-12 * scale)).log().matrix(), weights, false});
    }
    if (part.factor.empty() && context.pure && context.allowed(Operator::logarithm))
        targets.push_back({y.matrix(), part.weights, true});
    return targets;
}

} // namespace ropewalk::formula
