#include "ropewalk/images/identification/output_alternatives.hpp"

#include <algorithm>
#include <cmath>

namespace ropewalk::identification {

namespace {

/// The same with the letters in reverse order.
Meaning reversed(const Meaning& meaning, std::size_t tasks) {
    Meaning turned(meaning.rbegin(), meaning.rend());
    for (auto row = turned.begin(); row != turned.end(); row += static_cast<std::ptrdiff_t>(tasks))
        std::reverse(row, row + static_cast<std::ptrdiff_t>(tasks));
    return turned;
}

/// A meaning for rows of `count` letters, those from `first` on, of all letters.
Meaning part_of(const Meaning& meaning, std::size_t letters, std::size_t variables, std::size_t first,
                std::size_t count) {
    std::size_t rows = 1;
    for (std::size_t v = 0; v < variables; ++v) rows *= letters;
    const std::size_t tasks = meaning.size() / rows;
    Meaning part;
    for (std::size_t row = 0; row < rows; ++row) {
        bool within = true;
        for (std::size_t rest = row, v = 0; v < variables; ++v, rest /= letters)
            within = within && rest % letters >= first && rest % letters < first + count;
        if (within)
            for (std::size_t t = 0; t < tasks; ++t) part.push_back(meaning[row * tasks + t]);
    }
    return part;
}

bool says_no_more(const Scored& known, const Scored& other, std::size_t variables) {
    const std::size_t count = known.explanation.alphabet.size(), letters = other.explanation.alphabet.size();
    const std::size_t tasks = known.explanation.candidates.front().size();
    for (std::size_t first = 0; first + count <= letters; ++first)
        for (const bool turn : {false, true})
            if (std::all_of(other.meanings.begin(), other.meanings.end(), [&](const Meaning& meaning) {
                    const Meaning part = part_of(meaning, letters, variables, first, count);
                    return known.meanings.contains(turn ? reversed(part, tasks) : part);
                }))
                return true;
    return false;
}

/// Names the alphabet of an explanation that says no more, if it is as good.
void name_alphabet(OutputExplanation& known, const OutputExplanation& other) {
    const auto is_known = [&](const std::vector<double>& alphabet) {
        return same_letters(alphabet, other.alphabet);
    };
    if (other.score >= known.score - OutputExplanations::as_well &&
        other.alphabet.size() == known.alphabet.size() && !is_known(known.alphabet) &&
        std::none_of(known.same.begin(), known.same.end(), is_known))
        known.same.push_back(other.alphabet);
}

} // namespace

Meaning meaning_of(const LetterValues& values, const std::vector<Outputs>& outputs,
                   const std::vector<std::size_t>& candidate) {
    Meaning meaning(values.rows() * candidate.size());
    for (std::size_t t = 0; t < candidate.size(); ++t) {
        const std::vector<double> of_task = values.of(candidate[t]);
        for (std::size_t row = 0; row < values.rows(); ++row)
            meaning[row * candidate.size() + t] = outputs[t].find(of_task[row]);
    }
    return meaning;
}

std::vector<OutputExplanation> best_first(std::vector<Scored> found, std::size_t variables) {
    constexpr std::size_t most = 6;
    constexpr double hopeless = 25, as_well = OutputExplanations::as_well;
    double best = found.front().explanation.score;
    for (const Scored& each : found) best = std::max(best, each.explanation.score);
    std::stable_sort(found.begin(), found.end(), [&](const Scored& a, const Scored& b) {
        const bool a_best = a.explanation.score >= best - as_well;
        const bool b_best = b.explanation.score >= best - as_well;
        if (a_best != b_best) return a_best;
        return a_best ? a.letters < b.letters : a.explanation.score > b.explanation.score;
    });
    std::vector<Scored> kept;
    for (Scored& each : found) {
        if (kept.size() == most || each.explanation.score < best - hopeless) continue;
        const auto known = std::find_if(kept.begin(), kept.end(), [&](const Scored& other) {
            return says_no_more(other, each, variables);
        });
        if (known == kept.end())
            kept.push_back(std::move(each));
        else
            name_alphabet(known->explanation, each.explanation);
    }
    std::vector<OutputExplanation> result;
    for (Scored& each : kept) result.push_back(std::move(each.explanation));
    return result;
}

} // namespace ropewalk::identification
