#include "ropewalk/images/rules/fold_frequencies.hpp"

#include <cmath>
#include <numeric>

namespace ropewalk::rules {

FoldFit fit_frequencies(const FoldLikelihood& likelihood, std::span<const OutputCount> outputs,
                        const FoldFitOptions& options, base::StopCheck& stop) {
    const std::size_t letters = likelihood.letters();
    FoldFit fit{.frequencies = std::vector<double>(letters, 1.0 / static_cast<double>(letters))};
    double rows = 0;
    for (const OutputCount& each : outputs) rows += each.count;
    for (int step = 0; !stop(); ++step) {
        std::vector<double> expected(letters);
        fit.log_likelihood = fit.covered = 0;
        for (const OutputCount& each : outputs) {
            const std::vector<const double*> probabilities(each.places, fit.frequencies.data());
            const double probability = likelihood.probability(probabilities, each.output);
            const double likely = (1 - options.floor) * probability + options.floor;
            fit.log_likelihood += each.count * std::log(std::max(likely, 1e-300));
            if (!(probability > 0)) continue;
            fit.covered += each.count / rows;
            const std::vector<double*> shares(each.places, expected.data());
            likelihood.add_shares(probabilities, each.count * (1 - options.floor) / likely, shares);
        }
        const double sum = std::accumulate(expected.begin(), expected.end(), 0.0);
        if (step == options.steps || fit.covered < options.least_covered || !(sum > 0)) break;
        for (std::size_t k = 0; k < letters; ++k) fit.frequencies[k] = expected[k] / sum;
    }
    return fit;
}

} // namespace ropewalk::rules
