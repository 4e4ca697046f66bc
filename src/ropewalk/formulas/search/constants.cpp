#include "ropewalk/formulas/search/constants.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "ropewalk/formulas/search/column_evaluation.hpp"

#include <unsupported/Eigen/LevenbergMarquardt>

namespace ropewalk::formula {

namespace {

using Column = Eigen::ArrayXd;

// Sums of double precision would leave fitted numbers off by more units in the last place than an exact formula
// may be.
long double mean(const std::vector<double>& values) {
    long double sum = 0;
    for (const double value : values) sum += value;
    return values.empty() ? 0 : sum / static_cast<long double>(values.size());
}

/// Lines that hold constants.
std::vector<std::size_t> constant_lines(const Program& program, const std::vector<char>& frozen = {}) {
    std::vector<std::size_t> lines;
    for (std::size_t l = 0; l < program.lines.size(); ++l)
        if (program.lines[l].operation == Operator::constant && (frozen.empty() || frozen[l] == 0))
            lines.push_back(l);
    return lines;
}

/// A column and its derivative by each free constant; an empty derivative is zero.
struct Dual {
    Column value;
    std::vector<Column> derivatives;
};

/// factor * derivative added to a sum that may be empty.
void accumulate(Column& sum, const Column& derivative, const Column& factor) {
    if (derivative.size() == 0) return;
    if (sum.size() == 0)
        sum = derivative * factor;
    else
        sum += derivative * factor;
}

Dual apply_dual(Operator operation, const Dual& a, const Dual& b) {
    using enum Operator;
    const Column& x = a.value;
    const Column& y = b.value;
    const Eigen::Index rows = x.size();
    const Column one = Column::Ones(rows);
    Column value, by_left = one, by_right;
    switch (operation) {
    case add: value = x + y, by_right = one; break;
    case subtract: value = x - y, by_right = -one; break;
    case multiply: value = x * y, by_left = y, by_right = x; break;
    case divide: value = x / y, by_left = 1 / y, by_right = -x / (y * y); break;
    case minimum:
        value = (x <= y).select(x, y), by_left = (x <= y).select(one, 0.0), by_right = 1 - by_left;
        break;
    case maximum:
        value = (x >= y).select(x, y), by_left = (x >= y).select(one, 0.0), by_right = 1 - by_left;
        break;
    case square: value = x * x, by_left = 2 * x; break;
    case square_root: value = x.sqrt(), by_left = 0.5 / value; break;
    case reciprocal: value = 1 / x, by_left = -value * value; break;
    case exponential: value = x.exp(), by_left = value; break;
    case logarithm: value = x.log(), by_left = 1 / x; break;
    case sine: value = x.sin(), by_left = x.cos(); break;
    case cosine: value = x.cos(), by_left = -x.sin(); break;
    case power: value = x.pow(y), by_left = y * x.pow(y - 1), by_right = value * x.log(); break;
    case tangent: value = x.tan(), by_left = 1 + value * value; break;
    case hyperbolic_tangent: value = x.tanh(), by_left = 1 - value * value; break;
    case arcsine: value = x.asin(), by_left = (1 - x * x).rsqrt(); break;
    case arccosine: value = x.acos(), by_left = -(1 - x * x).rsqrt(); break;
    case arctangent: value = x.atan(), by_left = 1 / (1 + x * x); break;
    case absolute: value = x.abs(), by_left = x.sign(); break;
    case sign: value = x.sign(), by_left = Column::Zero(rows); break;
    case floor: value = x.floor(), by_left = Column::Zero(rows); break;
    case ceiling: value = x.ceil(), by_left = Column::Zero(rows); break;
    case modulo: value = x - y * (x / y).floor(), by_right = -(x / y).floor(); break;
    case less: value = (x < y).select(one, 0.0), by_left = Column::Zero(rows), by_right = by_left; break;
    case no_operation:
    case constant: value = x; break;
    }
    Dual result{std::move(value), std::vector<Column>(a.derivatives.size())};
    for (std::size_t k = 0; k < a.derivatives.size(); ++k) {
        accumulate(result.derivatives[k], a.derivatives[k], by_left);
        if (info(operation).arity == 2) accumulate(result.derivatives[k], b.derivatives[k], by_right);
    }
    return result;
}

/// Residuals of a program as a function of its constants, in units of the target's spread.
struct Residuals : Eigen::DenseFunctor<double> {
    const Program& program;
    const std::vector<std::vector<double>>& columns;
    const std::vector<double>& target;
    std::vector<std::size_t> lines;
    std::vector<char> free;
    Column root_weights; ///< empty: all 1
    double unit = 1;

    Residuals(const Program& of, const std::vector<std::vector<double>>& inputs,
              const std::vector<double>& goal, const std::vector<char>& frozen,
              const std::vector<double>& weights)
        : DenseFunctor(static_cast<int>(constant_lines(of, frozen).size()), static_cast<int>(goal.size())),
          program(of), columns(inputs), target(goal), lines(constant_lines(of, frozen)),
          free(of.lines.size()) {
        for (const std::size_t line : lines) free[line] = 1;
        if (!weights.empty())
            root_weights =
                Eigen::Map<const Column>(weights.data(), static_cast<Eigen::Index>(weights.size())).sqrt();
        double squares = 0;
        const auto middle = static_cast<double>(mean(goal));
        for (const double y : goal) squares += (y - middle) * (y - middle);
        if (squares > 0) unit = std::sqrt(squares / static_cast<double>(goal.size()));
    }

    Dual evaluate(const Eigen::VectorXd& constants) const {
        const auto rows = static_cast<Eigen::Index>(target.size());
        std::vector<Dual> slots;
        slots.reserve(static_cast<std::size_t>(program.slots()));
        for (const auto& column : columns)
            slots.push_back(
                {Eigen::Map<const Column>(column.data(), rows), std::vector<Column>(lines.size())});
        std::size_t next = 0;
        for (std::size_t l = 0; l < program.lines.size(); ++l) {
            const Line& line = program.lines[l];
            if (line.operation == Operator::constant && free[l] == 0) {
                slots.push_back({Column::Constant(rows, line.value), std::vector<Column>(lines.size())});
                continue;
            }
            if (line.operation == Operator::constant) {
                Dual number{Column::Constant(rows, constants[static_cast<Eigen::Index>(next)]),
                            std::vector<Column>(lines.size())};
                number.derivatives[next++] = Column::Ones(rows);
                slots.push_back(std::move(number));
                continue;
            }
            const Dual& left = slots[static_cast<std::size_t>(line.left)];
            slots.push_back(apply_dual(line.operation, left, slots[static_cast<std::size_t>(line.right)]));
        }
        return std::move(slots[static_cast<std::size_t>(program.result())]);
    }

    /// Steps to where the program has no finite value, or beyond the bound, look bad and are not taken.
    int operator()(const Eigen::VectorXd& constants, Eigen::VectorXd& residuals) const {
        constexpr double most = 1e60, bad = 1e30;
        const Column value = evaluate(constants).value;
        const auto goal = Eigen::Map<const Column>(target.data(), value.size());
        residuals = ((value - goal) / unit).matrix();
        if (root_weights.size() > 0) residuals.array() *= root_weights;
        if (!residuals.allFinite() || constants.cwiseAbs().maxCoeff() > most) residuals.setConstant(bad);
        return 0;
    }

    int df(const Eigen::VectorXd& constants, Eigen::MatrixXd& jacobian) const {
        const Dual result = evaluate(constants);
        jacobian.setZero(values(), inputs());
        for (std::size_t k = 0; k < lines.size(); ++k)
            if (result.derivatives[k].size() > 0)
                jacobian.col(static_cast<Eigen::Index>(k)) = (result.derivatives[k] / unit).matrix();
        if (root_weights.size() > 0) jacobian = root_weights.matrix().asDiagonal() * jacobian;
        for (Eigen::Index i = 0; i < jacobian.size(); ++i)
            if (!std::isfinite(jacobian.data()[i])) jacobian.data()[i] = 0;
        return 0;
    }
};

/// Simple numbers near `value`, simplest first; fractions and multiples of pi only where the fit is exact and
/// can tell them apart.
std::vector<double> simple_numbers(double value, bool exact) {
    std::vector<double> found{0};
    for (const double unit : {1.0, std::numbers::pi})
        for (int denominator = 1; denominator <= 12; ++denominator) {
            if (!exact && (unit != 1 || denominator > 1)) break;
            const double numerator = std::round(value / unit * denominator);
            if (std::abs(numerator) > 1e6 || (unit != 1 && std::abs(numerator) > 100)) continue;
            const double number = numerator * unit / denominator;
            if (std::abs(number - value) <= 0.05 * std::abs(value)) found.push_back(number);
        }
    return found;
}

} // namespace

AffineFit affine_fit(const std::vector<double>& values, const std::vector<double>& target) {
    const long double mean_value = mean(values), mean_target = mean(target);
    long double variance = 0, covariance = 0;
    for (std::size_t n = 0; n < values.size(); ++n) {
        variance += (values[n] - mean_value) * (values[n] - mean_value);
        covariance += (values[n] - mean_value) * (target[n] - mean_target);
    }
    const long double scale = variance > 0 ? covariance / variance : 0;
    return {static_cast<double>(scale), static_cast<double>(mean_target - scale * mean_value)};
}

AffineFit scale_fit(const std::vector<double>& values, const std::vector<double>& target) {
    long double squares = 0, products = 0;
    for (std::size_t n = 0; n < values.size(); ++n) {
        const long double value = values[n];
        squares += value * value;
        products += value * target[n];
    }
    return {squares > 0 ? static_cast<double>(products / squares) : 0, 0};
}

AffineFit offset_fit(const std::vector<double>& values, const std::vector<double>& target) {
    return {1, static_cast<double>(mean(target) - mean(values))};
}

Program with_affine(const Program& program, const AffineFit& fit) {
    const Program scaled = fit.scale == 1
                               ? program
                               : combine(Operator::multiply, constant(program.variables, fit.scale), program);
    const Program whole =
        fit.offset == 0 ? scaled : combine(Operator::add, scaled, constant(program.variables, fit.offset));
    return simplified(whole);
}

Program fit_constants(const Program& program, const std::vector<std::vector<double>>& inputs,
                      const std::vector<double>& target, int evaluations, const std::vector<char>& frozen,
                      const std::vector<double>& weights) {
    const Residuals residuals(program, inputs, target, frozen, weights);
    if (residuals.lines.empty() || target.size() < residuals.lines.size()) return program;
    Eigen::VectorXd constants(static_cast<Eigen::Index>(residuals.lines.size()));
    for (std::size_t k = 0; k < residuals.lines.size(); ++k)
        constants[static_cast<Eigen::Index>(k)] = program.lines[residuals.lines[k]].value;
    if (!residuals.evaluate(constants).value.allFinite()) return program;
    Residuals functor = residuals;
    Eigen::LevenbergMarquardt<Residuals> minimizer(functor);
    minimizer.setMaxfev(evaluations);
    minimizer.minimize(constants);
    Program fitted = program;
    for (std::size_t k = 0; k < residuals.lines.size(); ++k) {
        const double value = constants[static_cast<Eigen::Index>(k)];
        if (!std::isfinite(value)) return program;
        fitted.lines[residuals.lines[k]].value = value;
    }
    return fitted;
}

Program with_simple_constants(const Program& program, const std::vector<std::vector<double>>& inputs,
                              const std::vector<double>& target) {
    Program current = program;
    Fit fit = fit_of(evaluate_columns(current, inputs), target);
    // One number less is worth ln(rows) / rows of the logarithm of the squared error (Schwarz 1978).
    const auto rows = static_cast<double>(target.size());
    const double allowed = std::exp(std::log(rows) / rows / 2);
    for (const std::size_t line : constant_lines(program))
        for (const double number : simple_numbers(current.lines[line].value, fit.exact)) {
            Program trial = current;
            trial.lines[line].value = number;
            const Fit trial_fit = fit_of(evaluate_columns(trial, inputs), target);
            if (fit.exact ? !trial_fit.exact : !(trial_fit.rmse <= fit.rmse * allowed)) continue;
            current = std::move(trial);
            fit = trial_fit;
            break;
        }
    return simplified(current);
}

} // namespace ropewalk::formula
