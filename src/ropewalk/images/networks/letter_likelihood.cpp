#include "ropewalk/images/networks/letter_likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ropewalk/images/identification/identification.hpp"

namespace ropewalk::perception {

LetterLikelihood::LetterLikelihood(const identification::Hypotheses& hypotheses,
                                   std::span<const double> alphabet,
                                   const std::vector<std::vector<std::size_t>>& candidates,
                                   std::vector<double> tolerances, std::size_t possible_outputs)
    : letters_(alphabet.size()), variables_(hypotheses.variables()),
      tolerances_(std::move(tolerances)),
      least_(identification::wrong_outputs / static_cast<double>(possible_outputs)) {
    const identification::LetterValues values(hypotheses, alphabet);
    for (const std::vector<std::size_t>& formulas : candidates) {
        Candidate candidate;
        candidate.rows.resize(values.rows());
        std::iota(candidate.rows.begin(), candidate.rows.end(), 0u);
        const std::vector<double> first = values.of(formulas.front());
        std::stable_sort(candidate.rows.begin(), candidate.rows.end(),
                         [&](std::uint32_t a, std::uint32_t b) { return first[a] < first[b]; });
        for (const std::size_t formula : formulas) {
            const std::vector<double> outputs = values.of(formula);
            for (const std::uint32_t row : candidate.rows) candidate.outputs.push_back(outputs[row]);
        }
        of_candidates_.push_back(std::move(candidate));
    }
}

LetterLoss LetterLikelihood::loss(const Batch& batch, std::span<const double> probabilities,
                                  std::span<const double> weights) const {
    const std::size_t rows = batch.rows_of_images.size() / variables_;
    const std::size_t tasks = tolerances_.size();
    LetterLoss result{.log_likelihoods = std::vector<double>(candidates()),
                      .gradient = std::vector<double>(probabilities.size())};
    std::vector<double> y(tasks);
    std::vector<const double*> of_images(variables_);
    std::vector<double*> gradients(variables_);
    for (std::size_t n = 0; n < rows; ++n) {
        for (std::size_t t = 0; t < tasks; ++t) y[t] = batch.y[t * rows + n];
        for (std::size_t v = 0; v < variables_; ++v) {
            const std::size_t image = batch.rows_of_images[n * variables_ + v];
            of_images[v] = probabilities.data() + image * letters_;
            gradients[v] = result.gradient.data() + image * letters_;
        }
        for (std::size_t c = 0; c < candidates(); ++c)
            result.log_likelihoods[c] += log_likelihood(of_candidates_[c], y, of_images,
                                                        weights[c] / static_cast<double>(rows), gradients) /
                                         static_cast<double>(rows);
    }
    for (std::size_t c = 0; c < candidates(); ++c) result.loss -= weights[c] * result.log_likelihoods[c];
    return result;
}

double LetterLikelihood::log_likelihood(const Candidate& candidate, std::span<const double> y,
                                        std::span<const double* const> probabilities, double weight,
                                        std::span<double* const> gradients) const {
    const std::size_t count = candidate.rows.size();
    const auto first = candidate.outputs.begin(), last = first + static_cast<std::ptrdiff_t>(count);
    const auto from = static_cast<std::size_t>(std::lower_bound(first, last, y[0] - tolerances_[0]) - first);
    const auto to = static_cast<std::size_t>(std::upper_bound(first, last, y[0] + tolerances_[0]) - first);
    const auto meets = [&](std::size_t i) {
        for (std::size_t t = 1; t < y.size(); ++t)
            if (std::abs(candidate.outputs[t * count + i] - y[t]) > tolerances_[t]) return false;
        return true;
    };
    const auto probability = [&](std::size_t i) {
        double product = 1;
        std::size_t rest = candidate.rows[i];
        for (std::size_t v = variables_; v-- > 0; rest /= letters_)
            product *= probabilities[v][rest % letters_];
        return product;
    };
    double likelihood = least_;
    for (std::size_t i = from; i < to; ++i)
        if (meets(i)) likelihood += (1 - identification::wrong_outputs) * probability(i);
    // A candidate that is as good as out need not be learned from.
    if (constexpr double out = 1e-9; weight > out)
        for (std::size_t i = from; i < to; ++i) {
            if (!meets(i)) continue;
            const double share = weight * (1 - identification::wrong_outputs) * probability(i) / likelihood;
            std::size_t rest = candidate.rows[i];
            for (std::size_t v = variables_; v-- > 0; rest /= letters_)
                gradients[v][rest % letters_] -= share;
        }
    return std::log(likelihood);
}

std::vector<double> letter_log_likelihoods(const identification::Hypotheses& hypotheses,
                                           std::span<const double> alphabet,
                                           const std::vector<std::vector<std::size_t>>& candidates,
                                           std::span<const double> tolerances, std::size_t possible_outputs,
                                           const Batch& batch, std::span<const double> probabilities) {
    const std::size_t variables = hypotheses.variables();
    const std::size_t rows = batch.rows_of_images.size() / variables;
    const identification::LetterValues values(hypotheses, alphabet);
    std::vector<double> result;
    for (const std::vector<std::size_t>& formulas : candidates) {
        std::vector<std::vector<double>> outputs;
        for (const std::size_t formula : formulas) outputs.push_back(values.of(formula));
        double sum = 0;
        for (std::size_t n = 0; n < rows; ++n) {
            double likelihood = identification::wrong_outputs / static_cast<double>(possible_outputs);
            for (std::size_t row = 0; row < values.rows(); ++row) {
                bool met = true;
                for (std::size_t t = 0; t < formulas.size(); ++t)
                    met = met && std::abs(outputs[t][row] - batch.y[t * rows + n]) <= tolerances[t];
                double product = met ? 1 - identification::wrong_outputs : 0;
                std::size_t rest = row;
                for (std::size_t v = variables; v-- > 0; rest /= alphabet.size())
                    product *= probabilities[batch.rows_of_images[n * variables + v] * alphabet.size() +
                                             rest % alphabet.size()];
                likelihood += product;
            }
            sum += std::log(likelihood);
        }
        result.push_back(sum / static_cast<double>(rows));
    }
    return result;
}

} // namespace ropewalk::perception
