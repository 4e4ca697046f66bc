#include "ropewalk/images/identification/output_alphabets.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace ropewalk::identification {

namespace {

constexpr std::size_t most_letters = 20;

} // namespace

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
        for (const std::size_t first : {0u, 1u})
            for (const std::size_t last : {parts - 1, parts})
                add(first, last + 1 - first, 1 / static_cast<double>(parts));
    for (const Outputs& each : outputs)
        if (const double of_outputs = spacing(each.values); of_outputs > 0)
            for (const double power : {1.0, 1.0 / 2, 1.0 / 3})
                for (std::size_t letters = 2; letters <= most_letters; ++letters)
                    for (const std::size_t first : {0u, 1u})
                        add(first, letters, std::pow(of_outputs, power) / scale);
    return alphabets;
}

std::vector<std::vector<double>> alphabets_of_rules(const std::vector<Outputs>& outputs, double scale,
                                                    std::size_t variables, bool say_little) {
    constexpr std::size_t usual = 10, few_variables = 3;
    const std::size_t many = variables <= few_variables ? 12 : usual;
    std::vector<std::vector<double>> alphabets;
    const auto add = [&](std::vector<double> letters) {
        for (double& letter : letters) letter /= scale;
        if (letters.size() >= 2 && letters.size() <= most_letters &&
            std::pow(letters.size(), variables) <= static_cast<double>(most_letter_rows) &&
            std::none_of(alphabets.begin(), alphabets.end(),
                         [&](const std::vector<double>& other) { return same_letters(letters, other); }))
            alphabets.push_back(std::move(letters));
    };
    for (std::size_t letters = 2; letters <= many; ++letters)
        for (const double first : {0.0, 1.0}) {
            if (say_little && (first != 0 || (letters != 2 && letters != usual))) continue;
            std::vector<double> alphabet(letters);
            std::iota(alphabet.begin(), alphabet.end(), first);
            add(std::move(alphabet));
        }
    for (const Outputs& each : outputs)
        if (!say_little) add(each.values);
    return alphabets;
}

std::vector<std::vector<double>> selection_alphabets(double scale) {
    std::vector<std::vector<double>> alphabets;
    for (std::size_t operators = 2; operators <= rules::most_selected; ++operators) {
        std::vector<double>& letters = alphabets.emplace_back(rules::selection_digits + operators);
        for (std::size_t k = 0; k < letters.size(); ++k) letters[k] = static_cast<double>(k) / scale;
    }
    return alphabets;
}

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

std::vector<std::vector<double>> sparse_alphabets(const OutputQuestion& question,
                                                  const std::vector<Outputs>& outputs, const Trial& trial,
                                                  base::StopCheck& stop) {
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
        const LetterValues values(trial.hypotheses, all);
        std::vector<Marginal> found = marginals(values, letters, each, *trial.orbits, variables, many_steps,
                                                trial.columns, question.threads, stop);
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

} // namespace ropewalk::identification
