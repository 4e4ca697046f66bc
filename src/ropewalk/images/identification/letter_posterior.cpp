#include "ropewalk/images/identification/letter_posterior.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ropewalk/images/identification/letter_values.hpp"

namespace ropewalk::identification {

namespace {

constexpr double same_output = 1e-6, least_likelihood = 1e-6;

/// Calls `visit(combination, probability)` for all combinations of letters of a row that are above `least`
/// at every place; combinations count the letters of the first variable in the largest steps.
template<class Visit>
void visit_combinations(const LetterRows& rows, std::size_t row, double least, const Visit& visit) {
    const std::size_t letters = rows.alphabet.size();
    const auto at = [&](auto& self, std::size_t variable, std::size_t combination,
                        double probability) -> void {
        if (variable == rows.variables) return visit(combination, probability);
        const double* of = rows.probabilities.data() + (row * rows.variables + variable) * letters;
        for (std::size_t k = 0; k < letters; ++k)
            if (of[k] > least) self(self, variable + 1, combination * letters + k, probability * of[k]);
    };
    at(at, 0, 0, 1.0);
}

struct Weighted {
    std::size_t combination = 0;
    double probability = 0;
};

} // namespace

std::vector<std::size_t> likeliest_formulas(const formula::Pool& pool, const LetterRows& rows,
                                            std::span<const double> y, int threads, const base::Stop& stop) {
    constexpr double least_letter = 1e-4;
    // Formulas this far behind after a block of rows are given up: e^-80.
    constexpr double hopeless = 80;
    constexpr std::size_t block = 20;
    const std::vector<double> values = values_of(pool.formulas, all_rows(rows.alphabet, rows.variables));
    const std::size_t period = values.size() / pool.formulas.size();
    std::vector<std::vector<Weighted>> readings(rows.rows);
    for (std::size_t n = 0; n < rows.rows; ++n)
        visit_combinations(rows, n, least_letter, [&](std::size_t combination, double probability) {
            readings[n].push_back({combination, probability});
        });
    std::vector<std::size_t> found(y.size() / rows.rows);
    base::parallel_for(found.size(), threads, [&](std::size_t t) {
        const double* wanted = y.data() + t * rows.rows;
        std::vector<double> score(pool.formulas.size());
        std::vector<std::size_t> left(pool.formulas.size());
        std::iota(left.begin(), left.end(), std::size_t{0});
        for (std::size_t n = 0; n < rows.rows && !stop.requested(); ++n) {
            for (const std::size_t f : left) {
                double likelihood = 0;
                for (const auto& [combination, probability] : readings[n])
                    if (std::abs(values[f * period + combination] - wanted[n]) <= same_output)
                        likelihood += probability;
                score[f] += std::log(std::max(likelihood, least_likelihood));
            }
            if (n % block != block - 1) continue;
            double best = score[left[0]];
            for (const std::size_t f : left) best = std::max(best, score[f]);
            std::erase_if(left, [&](std::size_t f) { return score[f] < best - hopeless; });
        }
        found[t] = *std::max_element(left.begin(), left.end(),
                                     [&](std::size_t a, std::size_t b) { return score[a] < score[b]; });
    });
    return found;
}

double log_likelihood(const formula::Program& formula, const LetterRows& rows, std::span<const double> y) {
    double sum = 0;
    const std::size_t letters = rows.alphabet.size();
    for (std::size_t n = 0; n < rows.rows; ++n) {
        double likelihood = 0;
        visit_combinations(rows, n, 0, [&](std::size_t combination, double probability) {
            std::vector<double> symbols(rows.variables);
            for (std::size_t v = rows.variables; v-- > 0; combination /= letters)
                symbols[v] = rows.alphabet[combination % letters];
            if (std::abs(formula::evaluate(formula, symbols) - y[n]) <= same_output)
                likelihood += probability;
        });
        sum += std::log(std::max(likelihood, least_likelihood));
    }
    return sum;
}

} // namespace ropewalk::identification
