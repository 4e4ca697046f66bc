#include "ropewalk/formulas/laws/robust_loss.hpp"

#include <algorithm>
#include <cmath>

#include "ropewalk/formulas/laws/number_fit.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {

namespace {

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

} // namespace

std::vector<double> loss_weights(const std::vector<double>& residuals, const std::vector<double>& own,
                                 Loss loss) {
    const std::size_t rows = residuals.size();
    std::vector<double> weights = own.empty() ? std::vector<double>(rows, 1.0) : own;
    if (loss == Loss::squared) return own;
    std::vector<double> magnitudes(rows);
    for (std::size_t n = 0; n < rows; ++n) magnitudes[n] = std::abs(residuals[n]);
    const double largest = *std::max_element(magnitudes.begin(), magnitudes.end());
    // Where more than half of the rows are met exactly, what little is left still counts.
    const double deviation = std::max(1.4826 * median(magnitudes), 1e-9 * largest);
    if (!(deviation > 0)) return weights;
    const double bend = loss == Loss::huber ? 1.345 * deviation : 1e-3 * deviation;
    double before = 0, after = 0;
    for (std::size_t n = 0; n < rows; ++n) {
        before += weights[n];
        weights[n] *= std::min(1.0, bend / std::max(magnitudes[n], 1e-300));
        after += weights[n];
    }
    for (double& each : weights) each *= before / after;
    return weights;
}

std::vector<double> residuals_of(const Program& program, const Problem& problem) {
    std::vector<double> residuals = evaluate_columns(program, problem.inputs);
    for (std::size_t n = 0; n < residuals.size(); ++n) residuals[n] = problem.target[n] - residuals[n];
    return residuals;
}

std::vector<double> search_weights(const std::vector<double>& residuals, const std::vector<double>& own) {
    std::vector<double> weights = own.empty() ? std::vector<double>(residuals.size(), 1.0) : own;
    std::vector<double> magnitudes = residuals;
    for (double& each : magnitudes) each = std::abs(each);
    const double largest = *std::max_element(magnitudes.begin(), magnitudes.end());
    const double bend = 2.5 * std::max(1.4826 * median(magnitudes), 1e-9 * largest);
    for (std::size_t n = 0; n < weights.size() && bend > 0; ++n)
        weights[n] *= std::pow(std::min(1.0, bend / std::max(magnitudes[n], 1e-300)), 4);
    return weights;
}

std::vector<double> first_weights(const Problem& problem, Loss loss) {
    if (loss == Loss::squared) return problem.weights;
    std::vector<double> distances = problem.target;
    const double middle = median(distances);
    for (double& each : distances) each -= middle;
    std::vector<double> weights = search_weights(distances, problem.weights);
    // A formula explains much of these distances: what is below three times as much is not suspicious.
    const std::vector<double> own =
        problem.weights.empty() ? std::vector<double>(weights.size(), 1.0) : problem.weights;
    for (std::size_t n = 0; n < weights.size(); ++n) weights[n] = std::min(own[n], 81 * weights[n]);
    return weights;
}

std::vector<double> weights_of(const Program& program, const Problem& problem, Loss loss) {
    return loss_weights(residuals_of(program, problem), problem.weights, loss);
}

double loss_of(const Program& program, const Problem& problem, Loss loss) {
    if (loss == Loss::squared) return fit_of(program, problem).rmse;
    const std::vector<double> residuals = residuals_of(program, problem);
    double sum = 0, weight = 0;
    std::vector<double> magnitudes(residuals.size());
    for (std::size_t n = 0; n < residuals.size(); ++n) magnitudes[n] = std::abs(residuals[n]);
    const double bend = 1.345 * 1.4826 * median(magnitudes);
    for (std::size_t n = 0; n < residuals.size(); ++n) {
        const double own = problem.weights.empty() ? 1 : problem.weights[n];
        const double each = magnitudes[n];
        sum += own * (loss == Loss::absolute || each >= bend ? each : 0.5 * (each * each / bend + bend));
        weight += own;
    }
    return sum / weight;
}

Reweighted fit_by_loss(const Program& program, const Problem& problem, Loss loss,
                       const std::vector<char>& frozen, const std::function<bool()>& stop) {
    Reweighted result{program, problem.weights};
    Problem weighted = problem;
    for (int round = 0; round < 30 && !(stop && stop()); ++round) {
        weighted.weights = loss_weights(residuals_of(result.program, problem), problem.weights, loss);
        Program next = fit_numbers(result.program, weighted, 20, frozen);
        double moved = 0;
        for (std::size_t l = 0; l < next.lines.size(); ++l)
            moved = std::max(moved, std::abs(next.lines[l].value - result.program.lines[l].value) /
                                        (std::abs(next.lines[l].value) + 1e-300));
        result = {std::move(next), weighted.weights};
        if (loss == Loss::squared || moved < 1e-9) break;
    }
    return result;
}

} // namespace ropewalk::formula
