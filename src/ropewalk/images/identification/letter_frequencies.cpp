#include "ropewalk/images/identification/letter_frequencies.hpp"

#include <limits>
#include <numeric>

#include "ropewalk/base/random.hpp"
#include "ropewalk/images/identification/output_statistics.hpp"

namespace ropewalk::identification {

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

/// Makes the letters of every column sum up to 1.
void normalise(std::vector<double>& frequencies, std::size_t letters) {
    for (auto first = frequencies.begin(); first != frequencies.end();) {
        const auto last = first + static_cast<std::ptrdiff_t>(letters);
        const double sum = std::accumulate(first, last, 0.0);
        for (; first != last; ++first) *first /= sum;
    }
}

/// Some steps of expectation maximisation.
class FrequencyFit {
public:
    FrequencyFit(const Support& support, std::span<const double> counts, std::size_t letters,
                 std::size_t variables, Columns columns)
        : support_(support), counts_(counts), letters_(letters), variables_(variables) {
        places_.reserve(support.rows.size() * variables);
        for (std::size_t rest : support.rows)
            for (std::size_t v = 0; v < variables; ++v, rest /= letters)
                places_.push_back(static_cast<std::uint32_t>(rest % letters +
                                                             (columns == Columns::apart ? v * letters : 0)));
    }

    Fit run(std::vector<double> frequencies, int steps) const {
        const double floor = wrong_outputs / static_cast<double>(counts_.size());
        std::vector<double> of_outputs(counts_.size()), of_rows(support_.rows.size()), share(counts_.size());
        for (int step = 0;; ++step) {
            std::fill(of_outputs.begin(), of_outputs.end(), 0.0);
            for (std::size_t i = 0; i < of_rows.size(); ++i) {
                double product = 1;
                for (std::size_t v = 0; v < variables_; ++v)
                    product *= frequencies[places_[i * variables_ + v]];
                of_rows[i] = product;
                of_outputs[support_.outputs[i]] += product;
            }
            if (step == steps) break;
            for (std::size_t o = 0; o < share.size(); ++o)
                share[o] = counts_[o] / (of_outputs[o] + floor / (1 - wrong_outputs));
            std::vector<double> next(frequencies.size());
            for (std::size_t i = 0; i < of_rows.size(); ++i) {
                const double weight = of_rows[i] * share[support_.outputs[i]];
                for (std::size_t v = 0; v < variables_; ++v) next[places_[i * variables_ + v]] += weight;
            }
            if (!(std::accumulate(next.begin(), next.end(), 0.0) > 0)) break;
            normalise(next, letters_);
            frequencies = std::move(next);
        }
        return {std::move(frequencies), log_likelihood(of_outputs, counts_)};
    }

private:
    const Support& support_;
    std::span<const double> counts_;
    std::size_t letters_, variables_;
    std::vector<std::uint32_t> places_; ///< [rows of the support, variables], among the frequencies
};

/// Where a fit starts: even, or random. Columns that start alike stay alike.
std::vector<double> first_frequencies(std::size_t letters, std::size_t columns, std::uint64_t start) {
    std::vector<double> frequencies(letters * columns, 1);
    base::RandomStream random(0, base::Purpose::constant_start, start);
    if (start > 0 || columns > 1)
        for (double& frequency : frequencies) frequency = -std::log(1 - random.uniform());
    normalise(frequencies, letters);
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

namespace {

/// Whether a frequency is that of half an image at least.
struct Occurs {
    double examples; ///< images of a column, or of all where they are alike

    Occurs(std::size_t frequencies, std::size_t letters, std::size_t rows, std::size_t variables)
        : examples(std::floor(static_cast<double>(rows * variables * letters) / static_cast<double>(frequencies))) {}

    bool operator()(double frequency) const { return frequency * examples > 0.5; }
};

} // namespace

std::vector<bool> occurring(const std::vector<double>& frequencies, std::size_t letters, std::size_t rows,
                            std::size_t variables) {
    const Occurs occurs(frequencies.size(), letters, rows, variables);
    std::vector<bool> found(letters);
    for (std::size_t i = 0; i < frequencies.size(); ++i)
        if (occurs(frequencies[i])) found[i % letters] = true;
    return found;
}

double price(const std::vector<double>& frequencies, std::size_t letters, std::size_t rows,
             std::size_t variables) {
    const Occurs occurs(frequencies.size(), letters, rows, variables);
    return static_cast<double>(std::count_if(frequencies.begin(), frequencies.end(), occurs));
}

std::vector<Marginal> marginals(const LetterValues& values, std::size_t letters, const Outputs& outputs,
                                const std::vector<std::vector<std::size_t>>& orbits, std::size_t variables,
                                const FitSteps& steps, Columns columns, int threads, base::StopCheck& stop) {
    constexpr double least_covered = 0.95, behind = 40;
    constexpr double none = -std::numeric_limits<double>::infinity();
    const std::size_t blocks = columns == Columns::apart ? variables : 1;
    struct Open {
        Support support;
        std::vector<Fit> fits; ///< [starts]
    };
    std::vector<Open> open(orbits.size());
    const auto fit_of = [&](const Support& support) {
        return FrequencyFit(support, outputs.counts, letters, variables, columns);
    };
    base::parallel_for(orbits.size(), threads, [&](std::size_t o) {
        if (stop()) return;
        Support support = support_of(values.of(orbits[o].front()), outputs);
        if (support.covered < least_covered) return;
        const FrequencyFit fit = fit_of(support);
        for (std::uint64_t start = 0; start < steps.starts; ++start)
            open[o].fits.push_back(fit.run(first_frequencies(letters, blocks, start), steps.first));
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
        if (open[o].fits.empty() || stop()) return;
        const FrequencyFit further = fit_of(open[o].support);
        for (Fit& start : open[o].fits) {
            Fit fit = further.run(std::move(start.frequencies), steps.more);
            const double score =
                fit.log_likelihood - price(fit.frequencies, letters, outputs.of_rows.size(), variables);
            if (score > all[o].score)
                all[o] = {.orbit = o,
                          .score = score,
                          .log_likelihood = fit.log_likelihood,
                          .frequencies = std::move(fit.frequencies)};
        }
    });
    if (stop()) return {};
    std::erase_if(all, [](const Marginal& each) { return each.frequencies.empty(); });
    sort_likeliest_first(all, &Marginal::score);
    while (!all.empty() && all.back().score < all.front().score - behind) all.pop_back();
    return all;
}

namespace {

/// Whether the deviance is at most so many deviations of chance, and a little, above what it is on average.
bool deviates_by(const Marginal& marginal, const Outputs& outputs, double deviations, double more) {
    const auto rows = static_cast<double>(outputs.of_rows.size());
    double saturated = 0;
    for (const double count : outputs.counts) saturated += count * std::log(count / rows);
    const double letters = marginal.log_likelihood - marginal.score;
    const double freedom = static_cast<double>(outputs.counts.size()) - 1 - letters;
    if (freedom < 1) return false;
    return 2 * (saturated - marginal.log_likelihood) < freedom + deviations * std::sqrt(2 * freedom) + more;
}

} // namespace

bool fits(const Marginal& marginal, const Outputs& outputs) {
    constexpr double deviations = 4, rounding = 10;
    return deviates_by(marginal, outputs, deviations, rounding);
}

bool fits_well(const Marginal& marginal, const Outputs& outputs) {
    constexpr double deviations = 1.3, rounding = 0; // nine in ten of those that are right
    return deviates_by(marginal, outputs, deviations, rounding);
}

} // namespace ropewalk::identification
