#include "ropewalk/perception/letter_frequencies.hpp"

#include <limits>
#include <numeric>

#include "ropewalk/base/base.hpp"
#include "ropewalk/perception/output_statistics.hpp"

namespace ropewalk::perception {

namespace {

/// Rows of letters that give outputs there are.
struct Support {
    std::vector<std::uint32_t> rows;    ///< of letters
    std::vector<std::uint32_t> outputs; ///< of these rows, indices into the values
    double covered = 0;                 ///< share of the examples whose output is reached
};

Support support_of(const std::vector<double>& values, const Outputs& outputs) {
    Support support;
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    if (*least > outputs.values.front() + outputs.tolerance ||
        *most < outputs.values.back() - outputs.tolerance)
        return support;
    std::vector<char> reached(outputs.values.size());
    for (std::size_t row = 0; row < values.size(); ++row) {
        const std::uint32_t output = outputs.find(values[row]);
        if (output == no_output) continue;
        support.rows.push_back(static_cast<std::uint32_t>(row));
        support.outputs.push_back(output);
        reached[output] = 1;
    }
    double covered = 0, all = 0;
    for (std::size_t i = 0; i < reached.size(); ++i) {
        all += outputs.counts[i];
        if (reached[i]) covered += outputs.counts[i];
    }
    support.covered = covered / all;
    return support;
}

/// Frequencies of letters, and how likely they make the outputs.
struct Fit {
    std::vector<double> frequencies;
    double log_likelihood = 0;
};

/// Some steps of expectation maximisation.
class FrequencyFit {
public:
    FrequencyFit(const Support& support, std::span<const double> counts, std::size_t letters,
                 std::size_t variables)
        : support_(support), counts_(counts), letters_(letters), variables_(variables) {
        letters_of_rows_.reserve(support.rows.size() * variables);
        for (std::size_t rest : support.rows)
            for (std::size_t v = 0; v < variables; ++v, rest /= letters)
                letters_of_rows_.push_back(static_cast<std::uint32_t>(rest % letters));
    }

    Fit run(std::vector<double> frequencies, int steps) const {
        const double floor = wrong_outputs / static_cast<double>(counts_.size());
        std::vector<double> of_outputs(counts_.size()), of_rows(support_.rows.size()), share(counts_.size());
        for (int step = 0;; ++step) {
            std::fill(of_outputs.begin(), of_outputs.end(), 0.0);
            for (std::size_t i = 0; i < of_rows.size(); ++i) {
                double product = 1;
                for (std::size_t v = 0; v < variables_; ++v)
                    product *= frequencies[letters_of_rows_[i * variables_ + v]];
                of_rows[i] = product;
                of_outputs[support_.outputs[i]] += product;
            }
            if (step == steps) break;
            for (std::size_t o = 0; o < share.size(); ++o)
                share[o] = counts_[o] / (of_outputs[o] + floor / (1 - wrong_outputs));
            std::vector<double> next(letters_);
            for (std::size_t i = 0; i < of_rows.size(); ++i) {
                const double weight = of_rows[i] * share[support_.outputs[i]];
                for (std::size_t v = 0; v < variables_; ++v)
                    next[letters_of_rows_[i * variables_ + v]] += weight;
            }
            const double sum = std::accumulate(next.begin(), next.end(), 0.0);
            if (!(sum > 0)) break;
            for (std::size_t k = 0; k < letters_; ++k) frequencies[k] = next[k] / sum;
        }
        return {std::move(frequencies), log_likelihood(of_outputs, counts_)};
    }

private:
    const Support& support_;
    std::span<const double> counts_;
    std::size_t letters_, variables_;
    std::vector<std::uint32_t> letters_of_rows_; ///< [rows of the support, variables]
};

/// Where a fit starts: even, or random.
std::vector<double> first_frequencies(std::size_t letters, std::uint64_t start) {
    std::vector<double> frequencies(letters, 1 / static_cast<double>(letters));
    if (start == 0) return frequencies;
    base::RandomStream random(0, base::Purpose::constant_start, start);
    double sum = 0;
    for (double& frequency : frequencies) sum += frequency = -std::log(1 - random.uniform());
    for (double& frequency : frequencies) frequency /= sum;
    return frequencies;
}

} // namespace

double log_likelihood(std::span<const double> probabilities, std::span<const double> counts) {
    const double floor = wrong_outputs / static_cast<double>(counts.size());
    double sum = 0;
    for (std::size_t i = 0; i < counts.size(); ++i)
        sum += counts[i] * std::log((1 - wrong_outputs) * probabilities[i] + floor);
    return sum;
}

double price(const std::vector<double>& frequencies, double rows, std::size_t variables) {
    double letters = 0;
    for (const double frequency : frequencies)
        if (occurs(frequency, rows * static_cast<double>(variables))) ++letters;
    return letters;
}

std::vector<Marginal> marginals(const LetterValues& values, std::size_t letters, const Outputs& outputs,
                                const std::vector<std::vector<std::size_t>>& orbits, std::size_t variables,
                                const FitSteps& steps, int threads) {
    constexpr double least_covered = 0.95, behind = 40;
    constexpr double none = -std::numeric_limits<double>::infinity();
    const auto rows = static_cast<double>(outputs.of_rows.size());
    struct Open {
        Support support;
        std::vector<Fit> fits; ///< [starts]
    };
    std::vector<Open> open(orbits.size());
    const auto fit_of = [&](const Support& support) {
        return FrequencyFit(support, outputs.counts, letters, variables);
    };
    base::parallel_for(orbits.size(), threads, [&](std::size_t o) {
        Support support = support_of(values.of(orbits[o].front()), outputs);
        if (support.covered < least_covered) return;
        const FrequencyFit fit = fit_of(support);
        for (std::uint64_t start = 0; start < steps.starts; ++start)
            open[o].fits.push_back(fit.run(first_frequencies(letters, start), steps.first));
        open[o].support = std::move(support);
    });
    double best = none;
    for (const Open& each : open)
        for (const Fit& fit : each.fits) best = std::max(best, fit.log_likelihood);
    std::vector<Marginal> all(orbits.size());
    base::parallel_for(orbits.size(), threads, [&](std::size_t o) {
        all[o] = {.orbit = o, .score = none, .log_likelihood = none, .frequencies = {}};
        std::erase_if(open[o].fits,
                      [&](const Fit& start) { return start.log_likelihood < best - steps.hopeless; });
        if (open[o].fits.empty()) return;
        const FrequencyFit further = fit_of(open[o].support);
        for (Fit& start : open[o].fits) {
            Fit fit = further.run(std::move(start.frequencies), steps.more);
            const double score = fit.log_likelihood - price(fit.frequencies, rows, variables);
            if (score > all[o].score)
                all[o] = {.orbit = o,
                          .score = score,
                          .log_likelihood = fit.log_likelihood,
                          .frequencies = std::move(fit.frequencies)};
        }
    });
    std::erase_if(all, [](const Marginal& each) { return each.frequencies.empty(); });
    sort_likeliest_first(all, &Marginal::score);
    while (!all.empty() && all.back().score < all.front().score - behind) all.pop_back();
    return all;
}

bool fits(const Marginal& marginal, const Outputs& outputs) {
    const auto rows = static_cast<double>(outputs.of_rows.size());
    double saturated = 0;
    for (const double count : outputs.counts) saturated += count * std::log(count / rows);
    const double letters = marginal.log_likelihood - marginal.score;
    const double freedom = std::max(1.0, static_cast<double>(outputs.counts.size()) - letters);
    constexpr double deviations = 4, rounding = 10;
    return 2 * (saturated - marginal.log_likelihood) <
           freedom + deviations * std::sqrt(2 * freedom) + rounding;
}

} // namespace ropewalk::perception
