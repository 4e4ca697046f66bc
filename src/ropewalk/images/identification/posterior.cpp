#include "ropewalk/images/identification/posterior.hpp"

#include <algorithm>
#include <cmath>

namespace ropewalk::identification {

namespace {

/// Probabilities of one task from its errors; returns -temperature log sum exp(-error / temperature).
double weigh(std::span<const double> errors, double temperature, std::span<double> probabilities) {
    const double best = *std::min_element(errors.begin(), errors.end());
    double sum = 0;
    for (std::size_t f = 0; f < errors.size(); ++f)
        sum += probabilities[f] = std::exp((best - errors[f]) / temperature);
    for (double& probability : probabilities) probability /= sum;
    return best - temperature * std::log(sum);
}

/// Adds weight times the derivative of one monomial's expectation on one row.
void add_gradient(const MonomialTable& table, const std::vector<std::vector<double>>& moments,
                  std::span<const std::uint32_t> row, std::size_t monomial, double weight,
                  Grounding& gradient) {
    const auto variables = row.size();
    const auto power = [&](std::size_t v) {
        return static_cast<std::size_t>(table.exponents[monomial * variables + v]);
    };
    for (std::size_t v = 0; v < variables; ++v) {
        const std::size_t k = power(v);
        if (k == 0) continue;
        double others = weight;
        for (std::size_t u = 0; u < variables; ++u)
            if (u != v) others *= moments[row[u]][power(u)];
        // For a normal symbol, dE[s^k]/dmean = k E[s^(k-1)] and dE[s^k]/dvariance = k (k-1) / 2 E[s^(k-2)].
        const double times = static_cast<double>(k);
        gradient.mean[row[v]] += others * times * moments[row[v]][k - 1];
        if (k > 1) gradient.variance[row[v]] += others * times * (times - 1) / 2 * moments[row[v]][k - 2];
    }
}

Posterior with_shared_rows(const MonomialTable& table, const Grounding& grounding,
                           const PosteriorQuestion& question) {
    const auto variables = static_cast<std::size_t>(table.variables);
    const std::size_t formulas = table.formulas, tasks = question.sigma.size();
    const std::size_t rows = question.rows_of_images.size() / variables, images = grounding.mean.size();
    const std::vector<double> values = expected_values(table, grounding, question.rows_of_images);
    Posterior result{0,
                     std::vector<double>(tasks * formulas),
                     std::vector<double>(tasks * formulas),
                     {std::vector<double>(images), std::vector<double>(images)}};
    std::vector<double> value_gradient(formulas * rows);
    for (std::size_t t = 0; t < tasks; ++t) {
        const double scale = 1 / (question.sigma[t] * question.sigma[t] * static_cast<double>(rows));
        for (std::size_t f = 0; f < formulas; ++f)
            for (std::size_t n = 0; n < rows; ++n) {
                const double residual = values[f * rows + n] - question.y[t * rows + n];
                result.errors[t * formulas + f] += scale * residual * residual;
            }
        const std::span<double> probabilities{result.probabilities.data() + t * formulas, formulas};
        result.loss +=
            weigh({result.errors.data() + t * formulas, formulas}, question.temperature, probabilities) /
            static_cast<double>(tasks);
        for (std::size_t f = 0; f < formulas; ++f)
            for (std::size_t n = 0; n < rows; ++n)
                value_gradient[f * rows + n] += probabilities[f] * 2 * scale *
                                                (values[f * rows + n] - question.y[t * rows + n]) /
                                                static_cast<double>(tasks);
    }
    std::vector<std::vector<double>> moments;
    for (std::size_t i = 0; i < images; ++i)
        moments.push_back(normal_moments(grounding.mean[i], grounding.variance[i], table.degree));
    for (std::size_t m = 0; m < table.monomials; ++m)
        for (std::size_t n = 0; n < rows; ++n) {
            double weight = 0;
            for (std::size_t f = 0; f < formulas; ++f)
                weight += table.coefficients[f * table.monomials + m] * value_gradient[f * rows + n];
            add_gradient(table, moments, question.rows_of_images.subspan(n * variables, variables), m, weight,
                         result.gradient);
        }
    return result;
}

} // namespace

Posterior posterior(const MonomialTable& table, const Grounding& grounding,
                    const PosteriorQuestion& question) {
    const std::size_t tasks = question.sigma.size(), rows = question.y.size() / tasks;
    const std::size_t size = rows * static_cast<std::size_t>(table.variables);
    if (question.rows_of_images.size() == size) return with_shared_rows(table, grounding, question);
    const std::vector<double> zeros(grounding.mean.size());
    Posterior result{0, {}, {}, {zeros, zeros}};
    const double share = 1 / static_cast<double>(tasks);
    for (std::size_t t = 0; t < tasks; ++t) {
        const Posterior one = with_shared_rows(table, grounding,
                                               {question.rows_of_images.subspan(t * size, size),
                                                question.y.subspan(t * rows, rows),
                                                question.sigma.subspan(t, 1), question.temperature});
        result.loss += share * one.loss;
        result.errors.insert(result.errors.end(), one.errors.begin(), one.errors.end());
        result.probabilities.insert(result.probabilities.end(), one.probabilities.begin(),
                                    one.probabilities.end());
        for (std::size_t i = 0; i < zeros.size(); ++i) {
            result.gradient.mean[i] += share * one.gradient.mean[i];
            result.gradient.variance[i] += share * one.gradient.variance[i];
        }
    }
    return result;
}

} // namespace ropewalk::identification
