#include "ropewalk/formulas/laws/log_polynomial.hpp"

#include <algorithm>
#include <cmath>

#include "ropewalk/formulas/laws/least_squares.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Products of at most `degree` variables, by their numbers, repeated ones as powers.
void products(int variables, int degree, std::vector<int>& current, std::vector<std::vector<int>>& found) {
    found.push_back(current);
    if (degree == 0) return;
    for (int v = current.empty() ? 0 : current.back(); v < variables; ++v) {
        current.push_back(v);
        products(variables, degree - 1, current, found);
        current.pop_back();
    }
}

VectorXd row_weights(const Problem& problem) {
    const auto rows = static_cast<Index>(problem.target.size());
    if (problem.weights.empty()) return VectorXd::Ones(rows);
    return Eigen::Map<const VectorXd>(problem.weights.data(), rows).cwiseSqrt();
}

/// Fills in the target's logarithm and the weights.
void take_logarithm(LogPolynomial& polynomial, const VectorXd& target, const VectorXd& row_weights) {
    // Errors of the target are errors of its logarithm divided by the target.
    polynomial.logarithm = (target.array().abs() + 1e-300).log();
    polynomial.weights = target.cwiseAbs().cwiseProduct(row_weights);
    polynomial.weights /= polynomial.weights.maxCoeff();
    const VectorXd y = (target.sum() < 0 ? -1 : 1) * target;
    if ((y.array() < 0).count() * 5 > y.size()) return;
    constexpr int turns = 6;
    constexpr double clean = 0.003;
    const double size = y.cwiseProduct(row_weights).norm(), most = std::log(y.maxCoeff()) + 1;
    for (int turn = 0; turn < turns; ++turn) {
        const MatrixXd weighted = polynomial.weights.asDiagonal() * polynomial.design;
        MatrixXd gram = weighted.transpose() * weighted;
        gram.diagonal() *= 1 + 1e-12;
        const VectorXd coefficients =
            solve_symmetric(gram, weighted.transpose() * polynomial.logarithm.cwiseProduct(polynomial.weights));
        const VectorXd fitted = (polynomial.design * coefficients).array().min(most).max(most - 20).exp();
        const VectorXd rest = y - fitted;
        if (!rest.allFinite() || (turn == 0 && rest.cwiseProduct(row_weights).norm() < clean * size)) return;
        polynomial.linearised = true;
        polynomial.smooth = fitted.array().log();
        polynomial.logarithm = fitted.array().log() + (rest.array() / fitted.array()).max(-3.0).min(3.0);
        polynomial.weights = fitted.cwiseProduct(row_weights);
        polynomial.weights /= polynomial.weights.maxCoeff();
    }
}

} // namespace

std::optional<LogPolynomial> log_polynomial(const Problem& problem) {
    const int variables = static_cast<int>(problem.inputs.size());
    const auto rows = static_cast<Index>(problem.target.size());
    LogPolynomial polynomial;
    if (variables > 12) return std::nullopt;
    int degree = variables <= 6 ? 4 : 3;
    for (; degree > 1; --degree) {
        std::vector<int> none;
        polynomial.terms.clear();
        products(variables, degree, none, polynomial.terms);
        if (static_cast<Index>(polynomial.terms.size()) * 4 < rows && polynomial.terms.size() < 260) break;
    }
    if (degree < 2) return std::nullopt;
    MatrixXd coordinates(rows, variables);
    for (int v = 0; v < variables; ++v) {
        VectorXd column =
            Eigen::Map<const VectorXd>(problem.inputs[static_cast<std::size_t>(v)].data(), rows);
        if (column.minCoeff() > 0 && column.maxCoeff() > column.minCoeff()) {
            polynomial.logarithmic.push_back(v);
            column.array() = column.array().log();
        }
        const double middle = column.mean();
        const double spread = (column.array() - middle).abs().maxCoeff();
        polynomial.spreads.push_back(spread > 0 ? spread : 1);
        coordinates.col(v) = (column.array() - middle) / polynomial.spreads.back();
    }
    polynomial.design.resize(rows, static_cast<Index>(polynomial.terms.size()));
    for (std::size_t j = 0; j < polynomial.terms.size(); ++j) {
        VectorXd column = VectorXd::Ones(rows);
        for (const int v : polynomial.terms[j]) column.array() *= coordinates.col(v).array();
        polynomial.design.col(static_cast<Index>(j)) = column;
    }
    if (!polynomial.design.allFinite()) return std::nullopt;
    const VectorXd target = Eigen::Map<const VectorXd>(problem.target.data(), rows);
    if (!(target.cwiseAbs().maxCoeff() > 0)) return std::nullopt;
    take_logarithm(polynomial, target, row_weights(problem));
    return polynomial;
}

} // namespace ropewalk::formula
