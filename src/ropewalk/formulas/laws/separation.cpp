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

/// Squared error that is left of the last column of a Gram matrix after a fit by some of the others.
double left_over(const MatrixXd& gram, const std::vector<Index>& chosen) {
    const Index size = static_cast<Index>(chosen.size()), last = gram.cols() - 1;
    MatrixXd part(size, size);
    VectorXd right(size);
    for (Index i = 0; i < size; ++i) {
        right[i] = gram(chosen[static_cast<std::size_t>(i)], last);
        for (Index j = 0; j < size; ++j)
            part(i, j) = gram(chosen[static_cast<std::size_t>(i)], chosen[static_cast<std::size_t>(j)]);
        part(i, i) *= 1 + 1e-12;
    }
    return gram(last, last) - right.dot(part.ldlt().solve(right));
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
    for (int v = 0; v < variables; ++v) {
        VectorXd column =
            Eigen::Map<const VectorXd>(problem.inputs[static_cast<std::size_t>(v)].data(), rows);
        if (std::find(logarithmic.begin(), logarithmic.end(), v) != logarithmic.end())
            column.array() = column.array().log();
        const double middle = column.mean();
        const double spread = (column.array() - middle).abs().maxCoeff();
        coordinates.col(v) = (column.array() - middle) / (spread > 0 ? spread : 1);
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
    const auto can_scale = [&](const std::vector<int>& scaling) {
        const std::vector<Index> rest = chosen_without(scaling);
        const double dropped = static_cast<double>(terms.size() - rest.size());
        if (dropped == 0) return true;
        const double more = left_over(gram, rest) - whole;
        return more <= floor || more / dropped <= 5 * std::max(whole, floor) / freedom;
    };
    std::vector<int> scaling;
    for (const int v : logarithmic) {
        std::vector<int> trial = scaling;
        trial.push_back(v);
        if (can_scale({v}) && can_scale(trial)) scaling = std::move(trial);
    }
    if (scaling.empty()) return {};
    const std::vector<Index> rest = chosen_without(scaling);
    MatrixXd kept(rows, static_cast<Index>(rest.size()));
    for (std::size_t k = 0; k < rest.size(); ++k) kept.col(static_cast<Index>(k)) = design.col(rest[k]);
    const VectorXd coefficients = kept.colPivHouseholderQr().solve(design.col(design.cols() - 1));
    std::vector<std::pair<int, double>> found;
    for (const int v : scaling)
        for (std::size_t k = 0; k < rest.size(); ++k) {
            const std::vector<int>& term = terms[static_cast<std::size_t>(rest[k])];
            if (term.size() != 1 || term.front() != v) continue;
            const VectorXd column =
                Eigen::Map<const Eigen::ArrayXd>(problem.inputs[static_cast<std::size_t>(v)].data(), rows)
                    .log()
                    .matrix();
            const double spread = (column.array() - column.mean()).abs().maxCoeff();
            const double exponent = coefficients[static_cast<Index>(k)] / spread;
            const double half = std::round(2 * exponent) / 2;
            if (half == 0) continue;
            found.emplace_back(v, std::abs(half - exponent) < 0.12 ? half : exponent);
        }
    return found;
}

} // namespace ropewalk::formula
