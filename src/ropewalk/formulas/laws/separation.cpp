#include "ropewalk/formulas/laws/separation.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/Dense>

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

/// How much worse than chance a fit may get by what a scaling variable leaves out; and with an exponent that
/// is within `simple` of a half.
constexpr double most_loss = 5, most_simple_loss = 40, simple = 0.015;

/// Coefficients of some columns of a Gram matrix for its last one.
VectorXd fitted(const MatrixXd& gram, const std::vector<Index>& chosen) {
    const Index size = static_cast<Index>(chosen.size()), last = gram.cols() - 1;
    MatrixXd part(size, size);
    VectorXd right(size);
    for (Index i = 0; i < size; ++i) {
        right[i] = gram(chosen[static_cast<std::size_t>(i)], last);
        for (Index j = 0; j < size; ++j)
            part(i, j) = gram(chosen[static_cast<std::size_t>(i)], chosen[static_cast<std::size_t>(j)]);
        part(i, i) *= 1 + 1e-12;
    }
    return part.ldlt().solve(right);
}

/// Squared error that is left of the last column of a Gram matrix after a fit by some of the others.
double left_over(const MatrixXd& gram, const std::vector<Index>& chosen) {
    const Index last = gram.cols() - 1;
    const VectorXd coefficients = fitted(gram, chosen);
    double left = gram(last, last);
    for (std::size_t k = 0; k < chosen.size(); ++k)
        left -= gram(chosen[k], last) * coefficients[static_cast<Index>(k)];
    return left;
}

} // namespace

std::vector<std::pair<int, double>> scaling_variables(const Problem& problem) {
    const int variables = static_cast<int>(problem.inputs.size());
    std::vector<int> logarithmic;
    for (int v = 0; v < variables; ++v) {
        const auto& column = problem.inputs[static_cast<std::size_t>(v)];
        const auto [least, most] = std::minmax_element(column.begin(), column.end());
        if (*least > 0 && *most > *least) logarithmic.push_back(v);
    }
    const auto rows = static_cast<Index>(problem.target.size());
    if (logarithmic.empty() || variables > 12) return {};
    int degree = variables <= 6 ? 4 : 3;
    std::vector<std::vector<int>> terms;
    for (; degree > 1; --degree) {
        std::vector<int> none;
        terms.clear();
        products(variables, degree, none, terms);
        if (static_cast<Index>(terms.size()) * 4 < rows && terms.size() < 260) break;
    }
    if (degree < 2) return {};
    MatrixXd coordinates(rows, variables);
    std::vector<double> spreads;
    for (int v = 0; v < variables; ++v) {
        VectorXd column =
            Eigen::Map<const VectorXd>(problem.inputs[static_cast<std::size_t>(v)].data(), rows);
        if (std::find(logarithmic.begin(), logarithmic.end(), v) != logarithmic.end())
            column.array() = column.array().log();
        const double middle = column.mean();
        const double spread = (column.array() - middle).abs().maxCoeff();
        spreads.push_back(spread > 0 ? spread : 1);
        coordinates.col(v) = (column.array() - middle) / spreads.back();
    }
    // Errors of the target are errors of its logarithm divided by the target.
    VectorXd weight = Eigen::Map<const VectorXd>(problem.target.data(), rows).cwiseAbs();
    const VectorXd logarithm = (weight.array() + 1e-300).log();
    weight /= weight.maxCoeff();
    MatrixXd design(rows, static_cast<Index>(terms.size()) + 1);
    for (std::size_t j = 0; j < terms.size(); ++j) {
        VectorXd column = weight;
        for (const int v : terms[j]) column.array() *= coordinates.col(v).array();
        design.col(static_cast<Index>(j)) = column;
    }
    design.col(static_cast<Index>(terms.size())) = logarithm.cwiseProduct(weight);
    if (!design.allFinite()) return {};
    const MatrixXd gram = design.transpose() * design;
    const auto chosen_without = [&](const std::vector<int>& scaling) {
        std::vector<Index> chosen;
        for (std::size_t j = 0; j < terms.size(); ++j) {
            const bool alone = terms[j].size() <= 1;
            const bool touches = std::any_of(terms[j].begin(), terms[j].end(), [&](int v) {
                return std::find(scaling.begin(), scaling.end(), v) != scaling.end();
            });
            if (alone || !touches) chosen.push_back(static_cast<Index>(j));
        }
        return chosen;
    };
    const double whole = left_over(gram, chosen_without({}));
    const auto freedom = static_cast<double>(rows) - static_cast<double>(terms.size());
    const double floor = 1e-24 * gram(gram.cols() - 1, gram.cols() - 1);
    /// How much worse than chance the fit gets where variables only scale: about 1 where they do and noise is
    /// all that the polynomial leaves, somewhat more where it misses part of the law.
    const auto loss_of = [&](const std::vector<int>& scaling) {
        const std::vector<Index> rest = chosen_without(scaling);
        const double dropped = static_cast<double>(terms.size() - rest.size());
        if (dropped == 0) return 0.0;
        const double more = left_over(gram, rest) - whole;
        return more <= floor ? 0 : more / dropped / (std::max(whole, floor) / freedom);
    };
    /// Exponents of variables that only scale.
    const auto exponents_of = [&](const std::vector<int>& scaling) {
        const std::vector<Index> rest = chosen_without(scaling);
        const VectorXd coefficients = fitted(gram, rest);
        std::vector<double> exponents;
        for (const int v : scaling)
            for (std::size_t k = 0; k < rest.size(); ++k) {
                const std::vector<int>& term = terms[static_cast<std::size_t>(rest[k])];
                if (term.size() == 1 && term.front() == v)
                    exponents.push_back(coefficients[static_cast<Index>(k)] /
                                        spreads[static_cast<std::size_t>(v)]);
            }
        return exponents;
    };
    std::vector<std::pair<double, int>> order;
    for (const int v : logarithmic) order.emplace_back(loss_of({v}), v);
    std::sort(order.begin(), order.end());
    std::vector<int> scaling;
    for (const auto& [alone, v] : order) {
        std::vector<int> trial = scaling;
        trial.push_back(v);
        const double exponent = exponents_of(trial).back();
        const double off = std::abs(std::round(2 * exponent) / 2 - exponent);
        // A simple exponent to a hundredth is no chance where the loss is not large either.
        const double most = off < simple ? most_simple_loss : most_loss;
        if (alone <= most && loss_of(trial) <= most) scaling = std::move(trial);
    }
    if (scaling.empty()) return {};
    const std::vector<double> exponents = exponents_of(scaling);
    std::vector<std::pair<int, double>> found;
    for (std::size_t k = 0; k < scaling.size(); ++k) {
        const double half = std::round(2 * exponents[k]) / 2;
        if (half != 0)
            found.emplace_back(scaling[k], std::abs(half - exponents[k]) < 0.12 ? half : exponents[k]);
    }
    std::sort(found.begin(), found.end());
    return found;
}

} // namespace ropewalk::formula
