#include "ropewalk/images/networks/fold_rows_likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace ropewalk::perception {

FoldRowsLikelihood::FoldRowsLikelihood(const identification::Hypotheses& hypotheses, std::span<const double> alphabet,
                                       const std::vector<std::vector<std::size_t>>& candidates,
                                       std::size_t possible_outputs)
    : letters_(alphabet.size()), least_(identification::wrong_outputs / static_cast<double>(possible_outputs)) {
    const std::vector<double> letters = identification::letters_of_rules(alphabet, hypotheses.scale);
    std::map<std::size_t, std::shared_ptr<const rules::FoldLikelihood>> known;
    for (const std::vector<std::size_t>& candidate : candidates) {
        auto& of_tasks = of_candidates_.emplace_back();
        for (const std::size_t number : candidate) {
            auto& likelihood = known[number];
            if (!likelihood)
                likelihood = std::make_shared<const rules::FoldLikelihood>(
                    std::get<rules::Fold>(hypotheses.rule(number).program), letters);
            of_tasks.push_back(likelihood);
        }
    }
}

LetterLoss FoldRowsLikelihood::loss(const Batch& batch, std::span<const double> probabilities,
                                    std::span<const double> weights) const {
    constexpr double out = 1e-9; // a candidate that is as good as out need not be learned from
    const std::size_t tasks = of_candidates_.front().size(), rows = batch.y.size() / tasks;
    const bool learns = std::any_of(weights.begin(), weights.end(), [](double weight) { return weight > out; });
    LetterLoss result{.log_likelihoods = std::vector<double>(candidates()),
                      .gradient = std::vector<double>(probabilities.size())};
    const double of_row = 1 / static_cast<double>(rows), right = 1 - identification::wrong_outputs;
    for (std::size_t n = 0; n < rows; ++n) {
        std::vector<const double*> of_images;
        std::vector<double*> gradients;
        for (const std::uint32_t image : row_of(batch.rows_of_images, batch.starts, rows, n)) {
            of_images.push_back(probabilities.data() + image * letters_);
            gradients.push_back(result.gradient.data() + image * letters_);
        }
        for (std::size_t c = 0; c < candidates(); ++c) {
            if (learns && weights[c] <= out) continue;
            for (std::size_t t = 0; t < tasks; ++t) {
                const rules::FoldLikelihood& fold = *of_candidates_[c][t];
                const double likelihood = least_ + right * fold.probability(of_images, batch.y[t * rows + n]);
                result.log_likelihoods[c] += of_row * std::log(likelihood);
                if (weights[c] > out)
                    fold.add_shares(of_images, -weights[c] * of_row * right / likelihood, gradients);
            }
        }
    }
    for (std::size_t c = 0; c < candidates(); ++c) result.loss -= weights[c] * result.log_likelihoods[c];
    return result;
}

} // namespace ropewalk::perception
