#include "ropewalk/images/learning/letter_trials.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace ropewalk::learning {

namespace {

/// Whether an output says anything of a letter of its row where all letters are as frequent: the information in
/// nats. `values` are on all rows of letters, in the order of identification::all_rows.
bool says_something(const std::vector<double>& values, std::size_t letters, std::size_t variables) {
    constexpr double hardly = 0.005;
    std::map<double, double> of_outputs;
    for (const double value : values) of_outputs[value] += 1;
    const auto rows = static_cast<double>(values.size());
    for (std::size_t v = 0, period = values.size(); v < variables; ++v) {
        period /= letters;
        std::map<std::pair<double, std::size_t>, double> together;
        for (std::size_t row = 0; row < values.size(); ++row) together[{values[row], row / period % letters}] += 1;
        double information = 0;
        for (const auto& [key, count] : together)
            information += count / rows * std::log(count * static_cast<double>(letters) / of_outputs[key.first]);
        if (information > hardly) return true;
    }
    return false;
}

/// A candidate of a trial, weighed.
struct Weighed {
    std::vector<std::size_t> candidate;
    ClusterLetters letters;
};

/// Rules of which no letter alone says anything need many starts.
ClusterEffort effort_for(const std::vector<std::size_t>& candidate, const identification::LetterValues& values,
                      std::size_t letters, std::size_t variables) {
    const ClusterEffort much{.starts = 60, .splits = 8};
    const bool hard = std::none_of(candidate.begin(), candidate.end(), [&](std::size_t each) {
        return says_something(values.of(each), letters, variables);
    });
    return hard ? much : ClusterEffort{};
}

/// In long rows a plain sum says too little to tell two digits of one cluster apart; the first place of a number says as
/// much as a short row.
ClusterEffort effort_for_rows(const rules::Rule& rule) {
    const std::vector<double>& weights = std::get<rules::Fold>(rule.program).weights;
    return {.certain = weights.empty() ? 0.9 : 0.5, .weights = weights};
}

/// Images of a row on average, rounded up.
std::size_t images_of_row(const perception::GivenRows& rows) { return (rows.images.size() - 1) / rows.rows + 1; }

perception::GivenRows first_rows(const perception::GivenRows& rows) {
    constexpr std::size_t most = 5000, most_images = 16'000;
    std::vector<bool> chosen(rows.rows);
    std::fill_n(chosen.begin(), std::min({most, rows.rows, most_images / images_of_row(rows)}), true);
    return perception::part_of(rows, chosen, true);
}

/// Of one candidate.
RowsLikelihood likelihood_of(const identification::OutputExplanations& explanations,
                             const identification::Hypotheses& hypotheses, const std::vector<double>& alphabet,
                             const std::vector<std::size_t>& candidate, bool long_rows) {
    const auto alone = [](auto likelihood) -> RowsLikelihood {
        return [likelihood = std::move(likelihood)](const perception::Batch& batch,
                                                    std::span<const double> probabilities) {
            constexpr double all = 1;
            return likelihood.loss(batch, probabilities, {&all, 1});
        };
    };
    if (long_rows)
        return alone(perception::FoldRowsLikelihood(hypotheses, alphabet, {candidate}, explanations.possible_outputs));
    return alone(perception::LetterLikelihood(hypotheses, alphabet, {candidate}, explanations.tolerances,
                                              explanations.possible_outputs));
}

/// Candidates of an explanation, the likeliest first.
std::vector<Weighed> weighed(const identification::OutputExplanation& explanation, const ClusterSearch& search,
                             const identification::OutputExplanations& explanations,
                             const identification::Hypotheses& hypotheses, bool long_rows, int threads) {
    const std::size_t letters = explanation.alphabet.size();
    std::optional<identification::LetterValues> values;
    if (!long_rows) values.emplace(hypotheses, explanation.alphabet);
    std::vector<Weighed> result(explanation.candidates.size());
    base::parallel_for(result.size(), threads, [&](std::size_t c) {
        const std::vector<std::size_t>& candidate = explanation.candidates[c];
        const ClusterEffort effort = values ? effort_for(candidate, *values, letters, hypotheses.variables())
                                            : effort_for_rows(hypotheses.rule(candidate.front()));
        result[c] = {candidate, search.letters(letters,
                                               likelihood_of(explanations, hypotheses, explanation.alphabet, candidate,
                                                             long_rows),
                                               effort)};
    });
    std::stable_sort(result.begin(), result.end(), [](const Weighed& a, const Weighed& b) {
        return a.letters.log_likelihood > b.letters.log_likelihood;
    });
    return result;
}

/// An explanation with what is known of its candidates, the likeliest first.
struct WeighedExplanation {
    identification::OutputExplanation explanation;
    std::vector<Weighed> candidates;

    double best() const { return candidates.front().letters.log_likelihood; }
};

/// Those that gain much of what the best one does, in their order; as they are where that gains little.
std::vector<LetterTrial> likely_trials(std::vector<WeighedExplanation> all) {
    constexpr double much = 0.1, of_best = 0.5, of_best_trial = 0.8;
    const auto by_best = [](const WeighedExplanation& a, const WeighedExplanation& b) { return a.best() > b.best(); };
    const auto first = std::min_element(all.begin(), all.end(), by_best);
    const double unseen = first->explanation.log_likelihood, gain = first->best() - unseen;
    const bool gains = gain >= much * std::abs(unseen);
    if (gains) std::stable_sort(all.begin(), all.end(), by_best);
    std::vector<LetterTrial> trials;
    for (WeighedExplanation& each : all) {
        if (!gains) {
            trials.push_back({std::move(each.explanation), {}});
            continue;
        }
        if (each.best() < unseen + of_best_trial * gain) break;
        trials.push_back({std::move(each.explanation), each.candidates.front().letters});
        LetterTrial& trial = trials.back();
        trial.explanation.candidates.clear();
        for (Weighed& candidate : each.candidates)
            if (candidate.letters.log_likelihood >= unseen + of_best * gain)
                trial.explanation.candidates.push_back(std::move(candidate.candidate));
    }
    return trials;
}

} // namespace

std::vector<LetterTrial> letter_trials(const identification::OutputExplanations& explanations,
                                       const identification::Hypotheses& hypotheses,
                                       const perception::Problem& problem, int threads) {
    constexpr std::size_t longest = 64; // longer rows take too long
    if (hypotheses.rules.empty() || images_of_row(problem.given()->training) > longest) {
        std::vector<LetterTrial> trials;
        for (const identification::OutputExplanation& each : explanations.alphabets) trials.push_back({each, {}});
        return trials;
    }
    const ClusterSearch search(problem.dataset.train, first_rows(problem.given()->training), problem.seed, threads);
    std::vector<WeighedExplanation> all;
    for (const identification::OutputExplanation& each : explanations.alphabets)
        all.push_back({each, weighed(each, search, explanations, hypotheses, problem.has_long_rows(), threads)});
    return likely_trials(std::move(all));
}

} // namespace ropewalk::learning
