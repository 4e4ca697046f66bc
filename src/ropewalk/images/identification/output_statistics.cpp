#include "ropewalk/images/identification/output_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "ropewalk/images/identification/letter_frequencies.hpp"
#include "ropewalk/images/identification/output_alternatives.hpp"
#include "ropewalk/images/identification/output_combinations.hpp"

namespace ropewalk::identification {

namespace {

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

/// Whether all values are outputs that there are.
bool gives_only(const std::vector<double>& values, const Outputs& outputs) {
    return std::all_of(values.begin(), values.end(),
                       [&](double value) { return outputs.find(value) != no_output; });
}

Attempt attempt(const OutputQuestion& question, const std::vector<Outputs>& outputs, const Trial& trial,
                std::vector<double> alphabet, base::StopCheck& stop) {
    Attempt result{.alphabet = std::move(alphabet), .of_tasks = {}, .trial = &trial};
    const LetterValues values(trial.hypotheses, result.alphabet);
    const auto variables = static_cast<std::size_t>(question.pool->variables);
    double sum = 0;
    result.fits = result.fits_well = true;
    for (const Outputs& each : outputs) {
        std::vector<Marginal> found =
            marginals(values, result.alphabet.size(), each, *trial.orbits, variables,
                      trial.columns == Columns::alike ? few_steps : many_steps, trial.columns, 1, stop);
        if (trial.all_letters)
            std::erase_if(found, [&](const Marginal& marginal) {
                return !gives_only(values.of((*trial.orbits)[marginal.orbit].front()), each);
            });
        if (found.empty()) return {};
        sum += found.front().score;
        result.fits = result.fits && fits(found.front(), each);
        result.fits_well = result.fits_well && fits_well(found.front(), each);
        result.of_tasks.push_back(std::move(found));
    }
    result.score = sum - price_of_scale(result.alphabet);
    return result;
}

/// Without candidates yet.
Scored explained(const OutputQuestion& question, const Attempt& attempt, const Joint& joint) {
    const auto variables = static_cast<std::size_t>(question.pool->variables);
    Scored scored{.explanation = {}, .meanings = {}, .letters = attempt.alphabet.size()};
    OutputExplanation& explanation = scored.explanation;
    const std::vector<double>& frequencies = *joint.frequencies;
    const std::vector<bool> occurs = occurring(frequencies, scored.letters, question.rows, variables);
    for (std::size_t k = 0; k < scored.letters; ++k)
        if (!question.letters.empty() || attempt.trial->all_letters || occurs[k]) explanation.alphabet.push_back(attempt.alphabet[k]);
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
            values.emplace_back(attempt.trial->hypotheses, place->explanation.alphabet);
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

/// Those with the same letters as one: images can decide between all their candidates at once.
std::vector<Scored> with_alphabets_together(std::vector<Scored> found) {
    constexpr std::size_t most_candidates = 96;
    std::stable_sort(found.begin(), found.end(), [](const Scored& a, const Scored& b) {
        return a.explanation.score > b.explanation.score;
    });
    std::vector<Scored> together;
    for (Scored& each : found) {
        const auto place = std::find_if(together.begin(), together.end(), [&](const Scored& other) {
            return same_letters(each.explanation.alphabet, other.explanation.alphabet);
        });
        if (place == together.end()) {
            together.push_back(std::move(each));
            continue;
        }
        // Meanings are kept without the candidates they are of: a candidate that is known may come twice.
        auto& candidates = place->explanation.candidates;
        for (std::vector<std::size_t>& candidate : each.explanation.candidates)
            if (candidates.size() < most_candidates &&
                std::find(candidates.begin(), candidates.end(), candidate) == candidates.end())
                candidates.push_back(std::move(candidate));
        place->meanings.merge(each.meanings);
        place->letters = std::min(place->letters, each.letters);
    }
    return together;
}

/// Rules beside the pool, and those that differ in the names of their variables together, after the pool's own.
struct RulesBeside {
    std::vector<rules::Rule> rules;
    Orbits orbits;

    void add(rules::RuleFamilies families, std::size_t pool) {
        const std::size_t first = orbits.size();
        for (std::size_t i = 0; i < families.rules.size(); ++i) {
            const std::size_t orbit = first + families.orbits[i];
            if (orbits.size() <= orbit) orbits.resize(orbit + 1);
            orbits[orbit].push_back(pool + rules.size());
            rules.push_back(std::move(families.rules[i]));
        }
        std::erase_if(orbits, [](const std::vector<std::size_t>& orbit) { return orbit.empty(); });
    }
};

/// The values of all tasks, rising.
std::vector<double> values_of_all(const std::vector<Outputs>& outputs) {
    std::vector<double> values;
    for (const Outputs& each : outputs) values.insert(values.end(), each.values.begin(), each.values.end());
    std::sort(values.begin(), values.end());
    return values;
}

/// Whether outputs are of so few values that any letters make them as frequent as they are.
bool say_little(const std::vector<Outputs>& outputs) {
    return std::all_of(outputs.begin(), outputs.end(), [](const Outputs& each) { return each.values.size() <= 2; });
}

/// Letters that are tried with formulas and rules, in turn, until some explain the outputs.
class OutputSearch {
public:
    OutputSearch(const OutputQuestion& question, std::vector<Outputs> outputs)
        : question_(question), outputs_(std::move(outputs)),
          variables_(static_cast<std::size_t>(question.pool->variables)), stop_(question.stop),
          orbits_(orbits_of(*question.pool)), singles_(singles_of(*question.pool)), pool_(*question.pool),
          alike_{pool_, &orbits_, Columns::alike}, apart_{pool_, &singles_, Columns::apart} {}

    void try_formulas() {
        if (question_.letters.empty()) {
            attempt_all(alike_, likely_alphabets(outputs_, question_.scale, variables_));
            if (!is_explained()) attempt_all(alike_, sparse_alphabets(question_, outputs_, alike_, stop_));
        } else if (std::pow(question_.letters.size(), variables_) <= static_cast<double>(most_letter_rows)) {
            attempt_all(alike_, given());
        }
        asks_rules_ = question_.always_rules || (!question_.programs.empty() && !is_explained_well());
        if (question_.letters.empty() && !is_explained() && variables_ == 2)
            attempt_all(apart_, sparse_alphabets(question_, outputs_, apart_, stop_));
    }

    void try_rules() {
        if (!asks_rules_) return;
        collect_rules();
        const auto alphabets = question_.letters.empty()
                                   ? alphabets_of_rules(outputs_, question_.scale, variables_, ruled_->all_letters)
                                   : given();
        // The pool's formulas are among what is tried now.
        std::erase_if(attempts_, [&](const Attempt& each) {
            return ruled_->all_letters ||
                   (each.trial->columns == Columns::alike &&
                    std::any_of(alphabets.begin(), alphabets.end(), [&](const std::vector<double>& alphabet) {
                        return same_letters(each.alphabet, alphabet);
                    }));
        });
        attempt_all(*ruled_, alphabets);
        if (!is_explained() && !selections_.orbits.empty() && question_.letters.empty())
            attempt_all(*selected_, selection_alphabets(question_.scale));
        // With so many letters, what does not fit says nothing.
        std::erase_if(attempts_, [&](const Attempt& each) { return each.trial == &*selected_ && !each.fits; });
    }

    base::Result<OutputExplanations> explanations() && {
        constexpr std::size_t most_attempts = 24;
        if (stop_()) return base::failure("outputs", "a stop before they were explained", "time to explain them");
        if (attempts_.empty())
            return base::failure("outputs", "no letters and formulas that give nearly all of them",
                                 "exact outputs of formulas of the pool; setting `letters` helps where letters "
                                 "are many or far apart");
        attempts_.resize(std::min(attempts_.size(), most_attempts));
        std::vector<Scored> found;
        for (const Attempt& each : attempts_)
            for (Scored& scored : identification::explanations(question_, outputs_, each))
                found.push_back(std::move(scored));
        if (asks_rules_) found = with_alphabets_together(std::move(found));
        OutputExplanations result{.alphabets = best_first(std::move(found), variables_), .tolerances = {}};
        for (const Outputs& each : outputs_) result.tolerances.push_back(each.tolerance);
        result.rules = std::move(beside_.rules);
        result.say_little = say_little(outputs_);
        result.possible_outputs = possible_outputs();
        return result;
    }

private:
    void attempt_all(const Trial& trial, std::vector<std::vector<double>> alphabets) {
        const std::size_t first = attempts_.size();
        attempts_.resize(first + alphabets.size());
        base::parallel_for(alphabets.size(), question_.threads, [&](std::size_t a) {
            attempts_[first + a] = attempt(question_, outputs_, trial, std::move(alphabets[a]), stop_);
        });
        std::erase_if(attempts_, [](const Attempt& each) { return each.of_tasks.empty(); });
        sort_likeliest_first(attempts_, &Attempt::score);
    }

    bool is_explained() const { return !attempts_.empty() && attempts_.front().fits; }

    /// Outputs that a letter for each explains best may be explained as well by fewer.
    bool is_explained_well() const {
        constexpr double nats = 3;
        return std::any_of(attempts_.begin(), attempts_.end(), [&](const Attempt& each) {
            return each.fits_well && each.score >= attempts_.front().score - nats;
        });
    }

    std::vector<std::vector<double>> given() const {
        return {{question_.letters.begin(), question_.letters.end()}};
    }

    void collect_rules() {
        constexpr std::size_t few_variables = 3; // of more there are too many formulas to be tried again
        beside_.add(rules::formula_families(question_.programs, variables_, values_of_all(outputs_)),
                    question_.pool->formulas);
        if (variables_ == 3)
            selections_.add(rules::selection_families(), question_.pool->formulas + beside_.rules.size());
        beside_.rules.insert(beside_.rules.end(), selections_.rules.begin(), selections_.rules.end());
        if (variables_ <= few_variables)
            beside_.orbits.insert(beside_.orbits.begin(), orbits_.begin(), orbits_.end());
        const Hypotheses with_rules(*question_.pool, beside_.rules, question_.scale);
        ruled_ = Trial{with_rules, &beside_.orbits, Columns::alike, say_little(outputs_)};
        selected_ = Trial{with_rules, &selections_.orbits, Columns::apart};
    }

    /// Of all tasks together.
    std::size_t possible_outputs() const {
        std::set<std::vector<std::uint32_t>> different;
        for (std::size_t n = 0; n < question_.rows; ++n) {
            std::vector<std::uint32_t> row;
            for (const Outputs& each : outputs_) row.push_back(each.of_rows[n]);
            different.insert(std::move(row));
        }
        return different.size();
    }

    const OutputQuestion& question_;
    const std::vector<Outputs> outputs_;
    const std::size_t variables_;
    base::StopCheck stop_;
    const Orbits orbits_, singles_;
    const Hypotheses pool_;
    const Trial alike_, apart_;
    bool asks_rules_ = false;
    RulesBeside beside_, selections_;
    std::optional<Trial> ruled_, selected_;
    std::vector<Attempt> attempts_; ///< the likeliest first
};

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
    OutputSearch search(question, std::move(outputs));
    search.try_formulas();
    search.try_rules();
    return std::move(search).explanations();
}

} // namespace ropewalk::identification
