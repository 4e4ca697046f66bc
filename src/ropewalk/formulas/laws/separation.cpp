#include "ropewalk/formulas/laws/separation.hpp"

#include <algorithm>
#include <cmath>

#include "ropewalk/formulas/laws/least_squares.hpp"
#include "ropewalk/formulas/laws/log_polynomial.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

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
    return solve_symmetric(part, right);
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
    const auto polynomial = log_polynomial(problem);
    if (!polynomial || polynomial->logarithmic.empty()) return {};
    const auto& terms = polynomial->terms;
    const auto& logarithmic = polynomial->logarithmic;
    const auto& spreads = polynomial->spreads;
    const Index rows = polynomial->design.rows();
    MatrixXd design(rows, polynomial->design.cols() + 1);
    design.leftCols(design.cols() - 1) = polynomial->weights.asDiagonal() * polynomial->design;
    design.col(design.cols() - 1) = polynomial->logarithm.cwiseProduct(polynomial->weights);
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
