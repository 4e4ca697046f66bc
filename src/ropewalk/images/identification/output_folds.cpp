#include "ropewalk/images/identification/output_folds.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include "ropewalk/images/identification/letter_values.hpp"

namespace ropewalk::identification {

namespace {

using rules::Fold;
using rules::OutputCount;

/// How many outputs there may be of which a wrong one is one: those that rows show, or, where most rows show one of
/// their own, the whole numbers among which they lie.
double possible_outputs(std::span<const double> outputs) {
    const std::set<double> different(outputs.begin(), outputs.end());
    const auto count = static_cast<double>(different.size());
    if (2 * different.size() <= outputs.size()) return count;
    return std::max(count, *different.rbegin() - *different.begin() + 1);
}

/// The outputs of one task, those of the first rows until there are many different ones.
struct TaskOutputs {
    std::vector<OutputCount> counts;
    std::size_t rows = 0; ///< looked at
    double possible = 0;  ///< see possible_outputs
};

TaskOutputs task_outputs(const RowQuestion& question, std::size_t task) {
    constexpr std::size_t most_different = 1000;
    const std::size_t rows = question.places.size();
    std::map<std::pair<std::size_t, double>, double> counts;
    TaskOutputs outputs{.counts = {},
                        .possible = possible_outputs(std::span(question.y).subspan(task * rows, rows))};
    for (; outputs.rows < rows && counts.size() < most_different; ++outputs.rows)
        ++counts[{question.places[outputs.rows], question.y[task * rows + outputs.rows]}];
    for (const auto& [row, count] : counts) outputs.counts.push_back({row.first, row.second, count});
    return outputs;
}

/// Whole letters from 0 or 1 on, in the units of the outputs.
std::vector<std::vector<double>> whole_alphabets(const RowQuestion& question) {
    if (!question.letters.empty()) return {letters_of_rules(question.letters, question.scale)};
    constexpr std::size_t most = 12;
    std::vector<std::vector<double>> alphabets;
    for (std::size_t letters = 2; letters <= most; ++letters)
        for (const double first : {0.0, 1.0}) {
            std::vector<double>& alphabet = alphabets.emplace_back(letters);
            std::iota(alphabet.begin(), alphabet.end(), first);
        }
    return alphabets;
}

/// A fold for a task, and how likely it makes its outputs.
struct TaskFold {
    std::size_t fold = 0; ///< among all
    double log_likelihood = 0; ///< of the rows looked at
};

/// What one alphabet explains: the folds of every task, the likeliest first.
struct RowAttempt {
    std::vector<double> alphabet; ///< in the units of the outputs
    std::vector<std::vector<TaskFold>> of_tasks;
    double score = -std::numeric_limits<double>::infinity();
};

constexpr double behind = 12; ///< nats beyond which a fold is given up

std::vector<TaskFold> folds_of_task(const std::vector<Fold>& folds, const std::vector<double>& alphabet,
                                    const TaskOutputs& outputs, base::StopCheck& stop) {
    constexpr std::size_t few = 12;
    const double floor = wrong_outputs / outputs.possible;
    const rules::FoldFitOptions options{.floor = floor};
    const std::span<const OutputCount> all(outputs.counts);
    std::vector<TaskFold> found;
    for (std::size_t f = 0; f < folds.size(); ++f) {
        const rules::FoldLikelihood likelihood(folds[f], alphabet);
        // Most folds give hardly any output, which a few show.
        rules::FoldFitOptions first_look = options;
        first_look.steps = 0;
        first_look.least_covered = 0.5;
        if (rules::fit_frequencies(likelihood, all.first(std::min(few, all.size())), first_look, stop).covered < 0.5)
            continue;
        const rules::FoldFit fit = rules::fit_frequencies(likelihood, all, options, stop);
        if (stop()) return {};
        if (fit.covered < options.least_covered) continue;
        found.push_back({f, fit.log_likelihood});
    }
    std::stable_sort(found.begin(), found.end(), [](const TaskFold& a, const TaskFold& b) {
        return std::round(1e4 * a.log_likelihood) > std::round(1e4 * b.log_likelihood);
    });
    while (!found.empty() && found.back().log_likelihood < found.front().log_likelihood - behind) found.pop_back();
    return found;
}

/// Folds of all tasks in all combinations that are not far behind the likeliest.
std::vector<std::vector<std::size_t>> combined(const RowAttempt& attempt, std::size_t first_rule) {
    constexpr std::size_t most = 64;
    struct Part {
        std::vector<std::size_t> rules;
        double log_likelihood = 0;
    };
    std::vector<Part> parts{{}};
    for (const std::vector<TaskFold>& of_task : attempt.of_tasks) {
        std::vector<Part> longer;
        for (const Part& part : parts)
            for (const TaskFold& each : of_task) {
                longer.push_back(part);
                longer.back().rules.push_back(first_rule + each.fold);
                longer.back().log_likelihood += each.log_likelihood;
            }
        std::stable_sort(longer.begin(), longer.end(),
                         [](const Part& a, const Part& b) { return a.log_likelihood > b.log_likelihood; });
        longer.resize(std::min(longer.size(), most));
        parts = std::move(longer);
    }
    std::vector<std::vector<std::size_t>> candidates;
    for (Part& part : parts)
        if (part.log_likelihood >= parts.front().log_likelihood - behind) candidates.push_back(std::move(part.rules));
    return candidates;
}

/// Letters with the folds of all tasks, the likeliest first; none where no fold gives nearly all outputs of a task.
std::vector<RowAttempt> row_attempts(const RowQuestion& question, const std::vector<TaskOutputs>& outputs,
                                     const std::vector<Fold>& folds, base::StopCheck& stop) {
    std::vector<RowAttempt> attempts;
    for (std::vector<double>& alphabet : whole_alphabets(question)) attempts.push_back({std::move(alphabet), {}});
    base::parallel_for(attempts.size(), question.threads, [&](std::size_t a) {
        RowAttempt& attempt = attempts[a];
        double score = -static_cast<double>(attempt.alphabet.size());
        for (const TaskOutputs& each : outputs) {
            attempt.of_tasks.push_back(folds_of_task(folds, attempt.alphabet, each, stop));
            if (attempt.of_tasks.back().empty()) return;
            score += attempt.of_tasks.back().front().log_likelihood;
        }
        attempt.score = score;
    });
    std::erase_if(attempts, [](const RowAttempt& each) { return !std::isfinite(each.score); });
    std::stable_sort(attempts.begin(), attempts.end(),
                     [](const RowAttempt& a, const RowAttempt& b) { return a.score > b.score; });
    return attempts;
}

OutputExplanation explained_rows(const RowAttempt& attempt, const RowQuestion& question,
                                 const std::vector<TaskOutputs>& outputs) {
    OutputExplanation explanation;
    for (const double letter : attempt.alphabet) explanation.alphabet.push_back(letter / question.scale);
    explanation.candidates = combined(attempt, question.first_rule);
    for (std::size_t t = 0; t < question.tasks; ++t)
        explanation.log_likelihood +=
            attempt.of_tasks[t].front().log_likelihood / static_cast<double>(outputs[t].rows);
    explanation.score = attempt.score;
    return explanation;
}

/// Of all tasks together: different ones, or as many as those of each task make where most rows show their own.
std::size_t all_possible_outputs(const RowQuestion& question, const std::vector<TaskOutputs>& outputs) {
    constexpr double most = 1e18;
    const std::size_t rows = question.places.size();
    std::set<std::vector<double>> different;
    for (std::size_t n = 0; n < rows; ++n) {
        std::vector<double> row;
        for (std::size_t t = 0; t < question.tasks; ++t) row.push_back(question.y[t * rows + n]);
        different.insert(std::move(row));
    }
    if (2 * different.size() <= rows) return different.size();
    double product = 1;
    for (const TaskOutputs& each : outputs) product *= each.possible;
    return std::max(different.size(), static_cast<std::size_t>(std::min(product, most)));
}

} // namespace

base::Result<OutputExplanations> explain_rows(const RowQuestion& question) {
    constexpr std::size_t most_alphabets = 6;
    constexpr double hopeless = 25;
    // Rows that are not looked at may have another length.
    const bool same_places = std::ranges::adjacent_find(question.places, std::ranges::not_equal_to()) == question.places.end();
    std::vector<TaskOutputs> outputs;
    std::vector<Fold> folds;
    for (std::size_t t = 0; t < question.tasks; ++t) {
        outputs.push_back(task_outputs(question, t));
        for (const Fold& fold : rules::fold_families(outputs.back().counts))
            if ((fold.weights.empty() || same_places) && std::find(folds.begin(), folds.end(), fold) == folds.end()) folds.push_back(fold);
    }
    base::StopCheck stop(question.stop);
    const std::vector<RowAttempt> attempts = row_attempts(question, outputs, folds, stop);
    if (stop()) return base::failure("outputs", "a stop before they were explained", "time to explain them");
    if (attempts.empty())
        return base::failure("outputs", "no program over rows and whole letters that gives nearly all of them",
                             rules::fold_family_names());
    OutputExplanations result;
    for (const Fold& fold : folds) result.rules.push_back(rules::rule_of(fold));
    for (const RowAttempt& attempt : attempts) {
        if (result.alphabets.size() == most_alphabets || attempt.score < attempts.front().score - hopeless) break;
        result.alphabets.push_back(explained_rows(attempt, question, outputs));
    }
    result.possible_outputs = all_possible_outputs(question, outputs);
    result.say_little = std::all_of(outputs.begin(), outputs.end(),
                                    [](const TaskOutputs& each) { return each.counts.size() <= 2; });
    return result;
}

} // namespace ropewalk::identification
