#include "ropewalk/formulas/laws/prediction.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <Eigen/Core>

#include "ropewalk/base/random_order.hpp"
#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/laws/number_fit.hpp"
#include "ropewalk/formulas/laws/refinement.hpp"
#include "ropewalk/formulas/laws/sparse_regression.hpp"
#include "ropewalk/formulas/laws/term_library.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// For every row the fold that it is left out in.
std::vector<std::size_t> folds_of(std::size_t rows, std::size_t folds, std::uint64_t seed, std::uint64_t repeat) {
    std::vector<std::size_t> fold(rows);
    base::RandomStream random(seed, base::Purpose::held_out_examples, repeat + 1);
    const std::vector<std::size_t> order = base::random_numbers(rows, rows, random);
    for (std::size_t i = 0; i < rows; ++i) fold[order[i]] = i % folds;
    return fold;
}

/// Squared errors on every row, by numbers fitted to the rows of the other folds.
std::vector<double> errors_left_out(const Program& program, const Problem& problem, std::size_t folds,
                                    const std::vector<std::size_t>& fold) {
    std::vector<double> errors(problem.target.size());
    const std::vector<char> frozen = structural_numbers(program);
    for (std::size_t k = 0; k < folds; ++k) {
        std::vector<std::size_t> in, out;
        for (std::size_t n = 0; n < fold.size(); ++n) (fold[n] == k ? out : in).push_back(n);
        constexpr int steps = 10;
        const Program fitted = fit_numbers(program, rows_of(problem, in), steps, frozen);
        const Problem fresh = rows_of(problem, out);
        const std::vector<double> values = evaluate_columns(fitted, fresh.inputs);
        for (std::size_t i = 0; i < out.size(); ++i) errors[out[i]] = std::pow(values[i] - fresh.target[i], 2);
    }
    return errors;
}

/// The mean of the differences of two columns in standard errors, and the mean itself.
struct Difference {
    double mean = 0, standard_error = 0;
};

Difference difference_of(const std::vector<double>& left, const std::vector<double>& right) {
    const auto rows = static_cast<double>(left.size());
    Difference difference;
    for (std::size_t n = 0; n < left.size(); ++n) difference.mean += (left[n] - right[n]) / rows;
    for (std::size_t n = 0; n < left.size(); ++n)
        difference.standard_error += std::pow(left[n] - right[n] - difference.mean, 2) / rows / rows;
    difference.standard_error = std::sqrt(difference.standard_error);
    return difference;
}

} // namespace

std::vector<Program> linear_programs(const Problem& problem) {
    constexpr std::size_t most_terms = 10, rows_for_each = 12, most_rows = 4000, most_inputs = 200;
    const std::size_t terms = std::min({most_terms, problem.inputs.size(), problem.target.size() / rows_for_each});
    if (!problem.units.empty() || terms < 1 || problem.inputs.size() > most_inputs) return {};
    const Problem rows = rows_of(problem, screening_rows(problem.target.size(), most_rows, 5));
    const auto count = static_cast<Index>(rows.target.size());
    VectorXd weights = VectorXd::Ones(count);
    if (!rows.weights.empty()) weights = Eigen::Map<const VectorXd>(rows.weights.data(), count).cwiseSqrt();
    MatrixXd library(count, static_cast<Index>(rows.inputs.size()));
    for (std::size_t v = 0; v < rows.inputs.size(); ++v)
        library.col(static_cast<Index>(v)) =
            weights.cwiseProduct(Eigen::Map<const VectorXd>(rows.inputs[v].data(), count));
    const VectorXd target = weights.cwiseProduct(Eigen::Map<const VectorXd>(rows.target.data(), count));
    const auto fits = sparse_fits(library, target, weights, std::vector<double>(rows.inputs.size(), 0),
                                  {.most_terms = static_cast<int>(terms), .beam = 8, .branch = 8});
    const auto variables = static_cast<int>(rows.inputs.size());
    std::vector<Program> programs;
    for (const auto& same_size : fits) {
        if (same_size.empty() || same_size.front().columns.empty()) continue;
        const SparseFit& fit = same_size.front();
        std::vector<std::pair<double, Program>> sum;
        for (std::size_t k = 0; k < fit.columns.size(); ++k)
            sum.emplace_back(fit.coefficients[k], variable(variables, static_cast<int>(fit.columns[k])));
        sum.emplace_back(fit.forced_coefficients.front(), constant(variables, 1));
        const Program program = simplified(sum_of(variables, sum));
        programs.push_back(with_fewer_digits(program, problem, structural_numbers(program)));
    }
    return programs;
}

void choose_by_prediction(const Problem& problem, Explanation& explanation, std::uint64_t seed, int threads,
                          const std::function<bool()>& stop) {
    constexpr double scattered = 0.3;
    constexpr std::size_t fewest_rows = 40, most_rows = 1000, folds = 5, repeats = 4;
    const std::vector<Found>& front = explanation.report.front;
    if (front.size() < 2 || problem.target.size() < fewest_rows || !problem.weights.empty()) return;
    if (explanation.noise < scattered || front[explanation.best].fit.exact) return;
    const Problem rows = rows_of(problem, screening_rows(problem.target.size(), most_rows, seed));
    std::vector<std::vector<double>> errors(front.size(), std::vector<double>(rows.target.size()));
    for (std::size_t repeat = 0; repeat < repeats; ++repeat) {
        const auto fold = folds_of(rows.target.size(), folds, seed, repeat);
        base::parallel_for(front.size(), threads, [&](std::size_t i) {
            if (stop && stop()) return;
            const auto left = errors_left_out(front[i].program, rows, folds, fold);
            for (std::size_t n = 0; n < left.size(); ++n) errors[i][n] += left[n] / static_cast<double>(repeats);
        });
        if (stop && stop()) return;
    }
    std::size_t smallest = explanation.best;
    const auto mean = [&](std::size_t i) {
        const double sum = std::accumulate(errors[i].begin(), errors[i].end(), 0.0);
        return std::isfinite(sum) ? sum : std::numeric_limits<double>::infinity();
    };
    for (std::size_t i = 0; i < front.size(); ++i)
        if (mean(i) < mean(smallest)) smallest = i;
    const auto as_good = [&](std::size_t i, double limit) {
        if (!std::isfinite(mean(i))) return false;
        const Difference difference = difference_of(errors[i], errors[smallest]);
        return difference.mean <= limit * difference.standard_error;
    };
    // The others are chosen with a view to all rows, those left out too; what explains more than the mean must do so beyond
    // chance.
    if (as_good(explanation.best, explanation.found ? 2 : 3)) return;
    std::size_t best = smallest;
    for (std::size_t i = 0; i < front.size(); ++i)
        if (as_good(i, 1) && front[i].bits < front[best].bits) best = i;
    answer_with(explanation, best,
                "the formula with the shortest description of those that predict rows left out as well as any, to one "
                "standard error",
                problem);
}

} // namespace ropewalk::formula
