#include "ropewalk/formulas/laws/noise_test.hpp"

#include <algorithm>
#include <cmath>

#include "ropewalk/formulas/laws/least_squares.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

/// Whether neighbours in the order of some input have errors that are alike, or that alternate.
bool neighbours_tell(const std::vector<double>& residual, const Problem& problem,
                     const std::vector<std::size_t>& chosen) {
    std::vector<double> errors;
    for (const std::size_t n : chosen)
        errors.push_back(residual[n] * (problem.weights.empty() ? 1 : std::sqrt(problem.weights[n])));
    double mean = 0, squares = 0;
    for (const double each : errors) mean += each / static_cast<double>(errors.size());
    for (double& each : errors) squares += (each - mean) * (each - mean), each -= mean;
    if (!(squares > 0)) return false;
    // The point of the normal distribution beyond which 1 in 1000 lies on either side, for as many tests.
    const double limit = std::sqrt(10.83 + 2 * std::log(static_cast<double>(problem.inputs.size())));
    for (const auto& input : problem.inputs) {
        std::vector<std::size_t> order(chosen.size());
        for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return input[chosen[a]] < input[chosen[b]]; });
        double products = 0, pairs = 0;
        for (std::size_t k = 1; k < order.size(); ++k) {
            const std::size_t a = chosen[order[k - 1]], b = chosen[order[k]];
            if (input[a] == input[b]) continue;
            products += errors[order[k - 1]] * errors[order[k]];
            ++pairs;
        }
        const double rows = static_cast<double>(errors.size());
        if (pairs >= 8 && std::abs(products + squares / rows) * rows > limit * std::sqrt(pairs) * squares) return true;
    }
    return false;
}

} // namespace

bool looks_like_noise(const std::vector<double>& residual, const Problem& problem) {
    constexpr std::size_t most_rows = 4000;
    const auto chosen = screening_rows(residual.size(), most_rows, 3);
    const auto rows = static_cast<Eigen::Index>(chosen.size());
    std::vector<Eigen::VectorXd> coordinates;
    for (const auto& column : problem.inputs) {
        Eigen::VectorXd values(rows);
        for (Eigen::Index n = 0; n < rows; ++n) values[n] = column[chosen[static_cast<std::size_t>(n)]];
        values.array() -= values.mean();
        const double spread = values.stableNorm() / std::sqrt(static_cast<double>(rows));
        if (spread > 0) coordinates.push_back(values / spread);
    }
    std::vector<Eigen::VectorXd> terms{Eigen::VectorXd::Ones(rows)};
    std::size_t from = 0;
    for (int degree = 1; degree <= 3; ++degree) {
        std::vector<Eigen::VectorXd> next;
        const std::size_t to = terms.size();
        if ((to - from) * coordinates.size() + to > 250 ||
            static_cast<Eigen::Index>((to - from) * coordinates.size() + to) * 3 > rows)
            break;
        for (std::size_t i = from; i < to; ++i)
            for (const Eigen::VectorXd& each : coordinates) next.push_back(terms[i].cwiseProduct(each));
        from = to;
        terms.insert(terms.end(), next.begin(), next.end());
    }
    Eigen::MatrixXd design(rows, static_cast<Eigen::Index>(terms.size()));
    for (std::size_t j = 0; j < terms.size(); ++j) design.col(static_cast<Eigen::Index>(j)) = terms[j];
    Eigen::VectorXd goal(rows);
    for (Eigen::Index n = 0; n < rows; ++n) goal[n] = residual[chosen[static_cast<std::size_t>(n)]];
    if (!problem.weights.empty())
        for (Eigen::Index n = 0; n < rows; ++n) {
            const double root = std::sqrt(problem.weights[chosen[static_cast<std::size_t>(n)]]);
            goal[n] *= root;
            design.row(n) *= root;
        }
    const double scale = goal.cwiseAbs().maxCoeff();
    if (!(scale > 0)) return true;
    goal /= scale;
    const PivotedQr solver(design);
    const double whole = goal.squaredNorm();
    const double left = (goal - design * solver.solve(goal)).squaredNorm();
    const auto rank = static_cast<double>(solver.rank());
    const double freedom = static_cast<double>(rows) - rank;
    if (freedom < 1) return true;
    // About the 1 in 1000 point of F (Wilson & Hilferty 1931).
    const double third = 2 / (9 * rank);
    const double limit = std::pow(1 - third + 3.1 * std::sqrt(third), 3) * (1 + 4 / freedom);
    return (whole - left) / rank <= limit * left / freedom && !neighbours_tell(residual, problem, chosen);
}

bool leaves_noise(const Program& program, const Problem& problem) {
    if (fit_of(program, problem).exact) return true;
    std::vector<double> residual = evaluate_columns(program, problem.inputs);
    for (std::size_t n = 0; n < residual.size(); ++n) residual[n] = problem.target[n] - residual[n];
    return looks_like_noise(residual, problem);
}

} // namespace ropewalk::formula
