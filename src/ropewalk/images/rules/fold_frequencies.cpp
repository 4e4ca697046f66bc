#include "ropewalk/images/rules/fold_frequencies.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

namespace ropewalk::rules {

namespace {

/// Sums of letters that occur alike in all places: their distributions by convolution, all outputs at once.
class SumFit {
public:
    SumFit(const FoldLikelihood& likelihood, std::span<const OutputCount> outputs) {
        const std::vector<double>& letters = likelihood.letter_values();
        const double lowest = *std::min_element(letters.begin(), letters.end());
        for (const double letter : letters) steps_.push_back(static_cast<std::size_t>(std::lround(letter - lowest)));
        for (const OutputCount& each : outputs) {
            const double value = (each.output - likelihood.fold().constant) / likelihood.unit();
            const double whole = std::round(value) - lowest * static_cast<double>(each.places);
            const bool possible = std::abs(value - std::round(value)) <= 1e-4 && whole >= 0 && whole < most_sum;
            at_[each.places].push_back({possible ? static_cast<long>(whole) : -1, &each});
            if (possible) largest_ = std::max(largest_, static_cast<std::size_t>(whole));
        }
    }

    /// Calls `take` with each output, its probability, and what each letter is expected to occur in its row.
    template<class Take>
    void look(const std::vector<double>& frequencies, const Take& take) const {
        std::vector<double> before{}, sums{1.0}, expected(frequencies.size());
        std::size_t places = 0;
        for (const auto& [wanted, outputs] : at_) {
            for (; places < wanted; ++places) {
                before = std::move(sums);
                sums = with_letter(before, frequencies);
            }
            for (const auto& [target, output] : outputs) {
                const double probability = at(sums, target);
                for (std::size_t k = 0; k < expected.size(); ++k)
                    expected[k] = static_cast<double>(places) * frequencies[k] *
                                  at(before, target - static_cast<long>(steps_[k]));
                take(*output, probability, expected);
            }
        }
    }

private:
    static constexpr double most_sum = 1e7;

    static double at(const std::vector<double>& sums, long target) {
        return target >= 0 && target < std::ssize(sums) ? sums[static_cast<std::size_t>(target)] : 0;
    }

    /// Sums above all that are asked for are left out, however large letters are.
    std::vector<double> with_letter(const std::vector<double>& sums, const std::vector<double>& frequencies) const {
        const std::size_t most = *std::max_element(steps_.begin(), steps_.end());
        std::vector<double> next(std::min(sums.size() + most, largest_ + 1));
        for (std::size_t k = 0; k < steps_.size(); ++k)
            for (std::size_t s = 0; s < sums.size() && s + steps_[k] < next.size(); ++s)
                next[s + steps_[k]] += frequencies[k] * sums[s];
        return next;
    }

    std::vector<std::size_t> steps_; ///< of the letters, above the lowest
    std::size_t largest_ = 0;         ///< sum that is asked for, above the least
    std::map<std::size_t, std::vector<std::pair<long, const OutputCount*>>> at_; ///< sums above the least, by length
};

/// The same by dynamic programming for each output.
class AnyFit {
public:
    AnyFit(const FoldLikelihood& likelihood, std::span<const OutputCount> outputs)
        : likelihood_(likelihood), outputs_(outputs) {}

    template<class Take>
    void look(const std::vector<double>& frequencies, const Take& take) const {
        std::vector<double> expected(frequencies.size());
        for (const OutputCount& each : outputs_) {
            const std::vector<const double*> probabilities(each.places, frequencies.data());
            std::fill(expected.begin(), expected.end(), 0.0);
            const double probability = likelihood_.probability(probabilities, each.output);
            const std::vector<double*> shares(each.places, expected.data());
            if (probability > 0) likelihood_.add_shares(probabilities, 1, shares);
            take(each, probability, expected);
        }
    }

private:
    const FoldLikelihood& likelihood_;
    std::span<const OutputCount> outputs_;
};

template<class Look>
FoldFit fit_by(const Look& looks, std::size_t letters, std::span<const OutputCount> outputs,
               const FoldFitOptions& options, base::StopCheck& stop) {
    FoldFit fit{.frequencies = std::vector<double>(letters, 1.0 / static_cast<double>(letters))};
    double rows = 0;
    for (const OutputCount& each : outputs) rows += each.count;
    for (int step = 0; !stop(); ++step) {
        std::vector<double> expected(letters);
        fit.log_likelihood = fit.covered = 0;
        looks.look(fit.frequencies, [&](const OutputCount& output, double probability,
                                        const std::vector<double>& of_row) {
            const double likely = (1 - options.floor) * probability + options.floor;
            fit.log_likelihood += output.count * std::log(std::max(likely, 1e-300));
            if (!(probability > 0)) return;
            fit.covered += output.count / rows;
            for (std::size_t k = 0; k < letters; ++k)
                expected[k] += output.count * (1 - options.floor) / likely * of_row[k];
        });
        const double sum = std::accumulate(expected.begin(), expected.end(), 0.0);
        if (step == options.steps || fit.covered < options.least_covered || !(sum > 0)) break;
        for (std::size_t k = 0; k < letters; ++k) fit.frequencies[k] = expected[k] / sum;
    }
    return fit;
}

} // namespace

FoldFit fit_frequencies(const FoldLikelihood& likelihood, std::span<const OutputCount> outputs,
                        const FoldFitOptions& options, base::StopCheck& stop) {
    const std::size_t letters = likelihood.letters();
    const Fold& fold = likelihood.fold();
    if (fold.kind == FoldKind::sum && fold.weights.empty())
        return fit_by(SumFit(likelihood, outputs), letters, outputs, options, stop);
    return fit_by(AnyFit(likelihood, outputs), letters, outputs, options, stop);
}

} // namespace ropewalk::rules
