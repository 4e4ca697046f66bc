#include "ropewalk/inference/output_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include "ropewalk/inference/letter_frequencies.hpp"
#include "ropewalk/inference/output_alternatives.hpp"

namespace ropewalk::inference {

namespace {

constexpr std::size_t most_letters = 20, most_letter_rows = std::size_t{1} << 14;

std::vector<std::vector<double>> likely_alphabets(const std::vector<Outputs>& outputs, double scale,
                                                  std::size_t variables) {
    std::vector<std::vector<double>> alphabets;
    const auto add = [&](std::size_t first, std::size_t letters, double step) {
        if (letters < 2 || letters > most_letters ||
            std::pow(letters, variables) > static_cast<double>(most_letter_rows))
            return;
        std::vector<double> alphabet;
        for (std::size_t k = 0; k < letters; ++k) alphabet.push_back(static_cast<double>(first + k) * step);
        const auto same = [&](const std::vector<double>& other) { return same_letters(alphabet, other); };
        if (std::none_of(alphabets.begin(), alphabets.end(), same)) alphabets.push_back(std::move(alphabet));
    };
    for (std::size_t parts = 2; parts <= most_letters; ++parts)
        for (const std::size_t first : {0, 1})
            for (const std::size_t last : {parts - 1, parts})
                add(first, last + 1 - first, 1 / static_cast<double>(parts));
    for (const Outputs& each : outputs)
        if (const double of_outputs = spacing(each.values); of_outputs > 0)
            for (const double power : {1.0, 1.0 / 2, 1.0 / 3})
                for (std::size_t letters = 2; letters <= most_letters; ++letters)
                    for (const std::size_t first : {0, 1})
                        add(first, letters, std::pow(of_outputs, power) / scale);
    return alphabets;
}

/// Formulas that differ in the names of their variables only: [orbits, members], each in rising order.
/// Outputs alone do not tell the members of an orbit apart.
using Orbits = std::vector<std::vector<std::size_t>>;

Orbits orbits_of(const MonomialTable& pool) {
    const auto variables = static_cast<std::size_t>(pool.variables);
    std::map<std::vector<int>, std::size_t> places;
    const auto exponents = [&](std::size_t m) {
        const auto first = pool.exponents.begin() + static_cast<std::ptrdiff_t>(m * variables);
        return std::vector<int>(first, first + pool.variables);
    };
    for (std::size_t m = 0; m < pool.monomials; ++m) places[exponents(m)] = m;
    using Terms = std::vector<std::pair<std::vector<int>, double>>;
    std::map<Terms, std::size_t> numbers;
    Orbits orbits;
    std::vector<std::size_t> order(variables);
    for (std::size_t f = 0; f < pool.formulas; ++f) {
        Terms least;
        std::iota(order.begin(), order.end(), std::size_t{0});
        do {
            Terms terms;
            for (std::size_t m = 0; m < pool.monomials; ++m) {
                const double coefficient = pool.coefficients[f * pool.monomials + m];
                if (coefficient == 0) continue;
                std::vector<int> renamed(variables);
                for (std::size_t v = 0; v < variables; ++v)
                    renamed[v] = pool.exponents[m * variables + order[v]];
                terms.emplace_back(std::move(renamed), coefficient);
            }
            std::sort(terms.begin(), terms.end());
            if (least.empty() || terms < least) least = std::move(terms);
        } while (std::next_permutation(order.begin(), order.end()));
        const auto [place, fresh] = numbers.try_emplace(std::move(least), orbits.size());
        if (fresh) orbits.emplace_back();
        orbits[place->second].push_back(f);
    }
    return orbits;
}

Orbits singles_of(const MonomialTable& pool) {
    Orbits singles;
    for (std::size_t f = 0; f < pool.formulas; ++f) singles.push_back({f});
    return singles;
}

/// How an alphabet is tried. Where columns are apart, every formula is alone in its orbit: other names of its
/// variables are other columns.
struct Trial {
    const Orbits* orbits;
    Columns columns;
};

/// What one alphabet explains.
struct Attempt {
    std::vector<double> alphabet;
    std::vector<std::vector<Marginal>> of_tasks; ///< best first; empty as a whole where a task has none
    double score = -std::numeric_limits<double>::infinity(); ///< of the best of all tasks together
    bool fits = false; ///< whether the outputs of every task are as frequent as chance lets them be
    const Orbits* orbits = nullptr;
};

/// What an alphabet costs whose largest letter is not about the scale.
double price_of_scale(const std::vector<double>& alphabet) {
    constexpr double nats = 10;
    return alphabet.back() > 0.75 && alphabet.back() < 1.05 ? 0 : nats;
}

/// Nats for what a formula is called, as shorter ones come first.
double price_of_formulas(const std::vector<std::size_t>& formulas) {
    double nats = 0;
    for (const std::size_t formula : formulas) nats += std::log(1 + static_cast<double>(formula));
    return nats;
}

/// Letters that are not evenly spaced: those that occur among many that are.
std::vector<std::vector<double>> sparse_alphabets(const OutputQuestion& question,
                                                  const std::vector<Outputs>& outputs, const Trial& trial) {
    constexpr std::size_t most_rows = std::size_t{1} << 18, most_work = std::size_t{1} << 26,
                          most_alphabets = 12;
    const std::size_t rows = std::min(most_rows, most_work / trial.orbits->size()); // of letters
    const auto variables = static_cast<std::size_t>(question.pool->variables);
    const double most =
        std::floor(std::pow(static_cast<double>(rows) + 0.5, 1 / static_cast<double>(variables)));
    std::vector<std::vector<double>> alphabets;
    for (const Outputs& each : outputs) {
        const double step = spacing(each.values);
        if (step == 0) continue;
        const double largest = std::max(std::abs(each.values.front()), std::abs(each.values.back()));
        const auto letters = static_cast<std::size_t>(std::min(most, std::round(largest / step) + 1));
        if (trial.columns == Columns::alike && letters <= most_letters) continue;
        std::vector<double> all;
        for (std::size_t k = 0; k < letters; ++k)
            all.push_back(static_cast<double>(k) * step / question.scale);
        const LetterValues values(*question.pool, all);
        std::vector<Marginal> found = marginals(values, letters, each, *trial.orbits, variables, many_steps,
                                                trial.columns, question.threads);
        found.resize(std::min(found.size(), most_alphabets));
        for (const Marginal& marginal : found) {
            std::vector<double> alphabet;
            const std::vector<bool> occurs =
                occurring(marginal.frequencies, letters, question.rows, variables);
            for (std::size_t k = 0; k < letters; ++k)
                if (occurs[k]) alphabet.push_back(all[k]);
            if (alphabet.size() >= 2 &&
                std::pow(alphabet.size(), variables) <= static_cast<double>(most_letter_rows))
                alphabets.push_back(std::move(alphabet));
        }
    }
    return alphabets;
}

Attempt attempt(const OutputQuestion& question, const std::vector<Outputs>& outputs, const Trial& trial,
                std::vector<double> alphabet) {
    Attempt result{.alphabet = std::move(alphabet), .of_tasks = {}, .orbits = trial.orbits};
    const LetterValues values(*question.pool, result.alphabet);
    const auto variables = static_cast<std::size_t>(question.pool->variables);
    double sum = 0;
    result.fits = true;
    for (const Outputs& each : outputs) {
        std::vector<Marginal> found =
            marginals(values, result.alphabet.size(), each, *trial.orbits, variables,
                      trial.columns == Columns::alike ? few_steps : many_steps, trial.columns, 1);
        if (found.empty()) return {};
        sum += found.front().score;
        result.fits = result.fits && fits(found.front(), each);
        result.of_tasks.push_back(std::move(found));
    }
    result.score = sum - price_of_scale(result.alphabet);
    return result;
}

/// Formulas of some tasks together, and the outputs of these tasks that rows of letters give.
struct Joint {
    std::vector<std::size_t> formulas;
    std::vector<std::uint32_t> outputs; ///< [rows of letters], numbers of combined outputs
    /// What the first task's formula tells of the letters.
    const std::vector<double>* frequencies = nullptr;
    std::shared_ptr<const std::vector<double>> of_rows; ///< probabilities of the rows of letters
    double log_likelihood = 0;
};

/// `frequencies` as in Marginal.
std::vector<double> row_probabilities(const std::vector<double>& frequencies, std::size_t letters,
                                      std::size_t rows) {
    std::vector<double> probabilities(rows, 1.0);
    const std::size_t columns = frequencies.size() / letters;
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t place = 1, rest = row, column = 0; place < rows;
             place *= letters, rest /= letters, column = std::min(column + 1, columns - 1))
            probabilities[row] *= frequencies[column * letters + rest % letters];
    return probabilities;
}

/// Outputs of tasks together, each combination that examples have with a number of its own.
struct CombinedOutputs {
    std::vector<std::uint32_t> of_examples;
    std::vector<double> counts;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> numbers;

    /// With one more task.
    CombinedOutputs with(const Outputs& task) const {
        CombinedOutputs longer{.of_examples = of_examples, .counts = {}, .numbers = {}};
        for (std::size_t n = 0; n < of_examples.size(); ++n) {
            const auto [place, fresh] =
                longer.numbers.try_emplace({of_examples[n], task.of_rows[n]}, longer.counts.size());
            if (fresh) longer.counts.push_back(0);
            ++longer.counts[longer.of_examples[n] = place->second];
        }
        return longer;
    }
};

/// A combination of formulas with one more.
Joint joined(const Joint& joint, std::size_t formula, const std::vector<std::uint32_t>& of_formula,
             const CombinedOutputs& combined) {
    Joint next{joint.formulas, std::vector<std::uint32_t>(of_formula.size(), no_output), joint.frequencies,
               joint.of_rows};
    next.formulas.push_back(formula);
    std::vector<double> probabilities(combined.counts.size());
    for (std::size_t row = 0; row < of_formula.size(); ++row) {
        if (joint.outputs[row] == no_output || of_formula[row] == no_output) continue;
        const auto number = combined.numbers.find({joint.outputs[row], of_formula[row]});
        if (number == combined.numbers.end()) continue;
        next.outputs[row] = number->second;
        probabilities[number->second] += (*joint.of_rows)[row];
    }
    next.log_likelihood = log_likelihood(probabilities, combined.counts);
    return next;
}

/// Puts the tasks' formulas together, task by task in this order; of the combinations the likeliest stay.
/// The first task's formula tells the frequencies of the letters.
std::vector<Joint> combine(const OutputQuestion& question, const std::vector<Outputs>& outputs,
                           const Attempt& attempt, const std::vector<std::size_t>& order) {
    constexpr std::size_t most = 256;
    constexpr double behind = 30;
    const LetterValues values(*question.pool, attempt.alphabet);
    std::vector<Joint> joints{{{}, std::vector<std::uint32_t>(values.rows(), 0)}};
    CombinedOutputs combined{
        .of_examples = std::vector<std::uint32_t>(question.rows), .counts = {}, .numbers = {}};
    for (const std::size_t t : order) {
        combined = combined.with(outputs[t]);
        std::vector<Joint> longer;
        for (const Marginal& marginal : attempt.of_tasks[t]) {
            if (t == order.front()) {
                joints.front().frequencies = &marginal.frequencies;
                joints.front().of_rows = std::make_shared<const std::vector<double>>(
                    row_probabilities(marginal.frequencies, attempt.alphabet.size(), values.rows()));
            }
            for (const std::size_t formula : (*attempt.orbits)[marginal.orbit]) {
                std::vector<std::uint32_t> of_formula;
                for (const double value : values.of(formula)) of_formula.push_back(outputs[t].find(value));
                for (const Joint& joint : joints)
                    longer.push_back(joined(joint, formula, of_formula, combined));
            }
        }
        sort_likeliest_first(longer, &Joint::log_likelihood);
        while (longer.size() > most || longer.back().log_likelihood < longer.front().log_likelihood - behind)
            longer.pop_back();
        joints = std::move(longer);
    }
    return joints;
}

/// Without candidates yet.
Scored explained(const OutputQuestion& question, const Attempt& attempt, const Joint& joint) {
    const auto variables = static_cast<std::size_t>(question.pool->variables);
    Scored scored{.explanation = {}, .meanings = {}, .letters = attempt.alphabet.size()};
    OutputExplanation& explanation = scored.explanation;
    const std::vector<double>& frequencies = *joint.frequencies;
    const std::vector<bool> occurs = occurring(frequencies, scored.letters, question.rows, variables);
    for (std::size_t k = 0; k < scored.letters; ++k)
        if (!question.letters.empty() || occurs[k]) explanation.alphabet.push_back(attempt.alphabet[k]);
    explanation.log_likelihood = joint.log_likelihood / static_cast<double>(question.rows);
    explanation.score = joint.log_likelihood - price(frequencies, scored.letters, question.rows, variables) -
                        price_of_scale(explanation.alphabet) - price_of_formulas(joint.formulas);
    return scored;
}

/// Tasks from the one with most outputs on, which says most about the letters.
std::vector<std::size_t> most_outputs_first(const std::vector<Outputs>& outputs) {
    std::vector<std::size_t> order(outputs.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return outputs[a].values.size() > outputs[b].values.size();
    });
    return order;
}

/// Explanations with the letters of an attempt: candidates under which the same ones occur stand together.
std::vector<Scored> explanations(const OutputQuestion& question, const std::vector<Outputs>& outputs,
                                 const Attempt& attempt) {
    constexpr std::size_t most_candidates = 64;
    constexpr double behind = 12;
    const std::vector<std::size_t> order = most_outputs_first(outputs);
    const std::vector<Joint> joints = combine(question, outputs, attempt, order);
    std::vector<Scored> found;
    std::vector<LetterValues> values; // of every alphabet found
    for (const Joint& joint : joints) {
        if (joint.log_likelihood < joints.front().log_likelihood - behind) break;
        Scored scored = explained(question, attempt, joint);
        auto place = std::find_if(found.begin(), found.end(), [&](const Scored& each) {
            return each.explanation.alphabet == scored.explanation.alphabet;
        });
        if (place == found.end()) {
            place = found.insert(found.end(), std::move(scored));
            values.emplace_back(*question.pool, place->explanation.alphabet);
        }
        if (place->explanation.candidates.size() == most_candidates) continue;
        std::vector<std::size_t> candidate(order.size());
        for (std::size_t i = 0; i < order.size(); ++i) candidate[order[i]] = joint.formulas[i];
        const LetterValues& of_place = values[static_cast<std::size_t>(place - found.begin())];
        if (place->meanings.insert(meaning_of(of_place, outputs, candidate)).second)
            place->explanation.candidates.push_back(std::move(candidate));
    }
    return found;
}

} // namespace

base::Result<OutputExplanations> explain_outputs(const OutputQuestion& question) {
    std::vector<Outputs> outputs;
    for (std::size_t t = 0; t < question.tasks; ++t) {
        outputs.push_back(outputs_of(question.y.subspan(t * question.rows, question.rows)));
        if (2 * outputs.back().values.size() > question.rows)
            return base::failure(
                fmt::format("task {}", t),
                fmt::format("{} different outputs in {} rows", outputs.back().values.size(), question.rows),
                "exact outputs, each in two rows or more on average");
    }
    const auto variables = static_cast<std::size_t>(question.pool->variables);
    std::vector<Attempt> attempts;
    const auto attempt_all = [&](const Trial& trial, std::vector<std::vector<double>> alphabets) {
        const std::size_t first = attempts.size();
        attempts.resize(first + alphabets.size());
        base::parallel_for(alphabets.size(), question.threads, [&](std::size_t a) {
            attempts[first + a] = attempt(question, outputs, trial, std::move(alphabets[a]));
        });
        std::erase_if(attempts, [](const Attempt& each) { return each.of_tasks.empty(); });
        sort_likeliest_first(attempts, &Attempt::score);
    };
    const Orbits orbits = orbits_of(*question.pool), singles = singles_of(*question.pool);
    const Trial alike{&orbits, Columns::alike}, apart{&singles, Columns::apart};
    const auto is_explained = [&] { return !attempts.empty() && attempts.front().fits; };
    if (question.letters.empty()) {
        attempt_all(alike, likely_alphabets(outputs, question.scale, variables));
        if (!is_explained()) attempt_all(alike, sparse_alphabets(question, outputs, alike));
        if (!is_explained() && variables == 2) attempt_all(apart, sparse_alphabets(question, outputs, apart));
    } else if (std::pow(question.letters.size(), variables) <= static_cast<double>(most_letter_rows)) {
        attempt_all(alike, {{question.letters.begin(), question.letters.end()}});
    }
    if (attempts.empty())
        return base::failure(
            "outputs", "no letters and formulas that give nearly all of them",
            "exact outputs of formulas of the pool; --letters helps where letters are many or far apart");
    constexpr std::size_t most_attempts = 24;
    attempts.resize(std::min(attempts.size(), most_attempts));
    std::vector<Scored> found;
    for (const Attempt& each : attempts)
        for (Scored& scored : explanations(question, outputs, each)) found.push_back(std::move(scored));
    OutputExplanations result{.alphabets = best_first(std::move(found), variables), .tolerances = {}};
    std::set<std::vector<std::uint32_t>> different;
    for (std::size_t n = 0; n < question.rows; ++n) {
        std::vector<std::uint32_t> row;
        for (const Outputs& each : outputs) row.push_back(each.of_rows[n]);
        different.insert(std::move(row));
    }
    for (const Outputs& each : outputs) result.tolerances.push_back(each.tolerance);
    result.different_outputs = different.size();
    return result;
}

} // namespace ropewalk::inference
