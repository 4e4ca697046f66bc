// Formulas by the probabilities of letters.
#include <cmath>

#include <gmock/gmock.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/images/identification/identification.hpp"

namespace ropewalk::identification {
namespace {

/// Rows of letters, and probabilities that are right about most of them: an image is read as its letter with
/// `sure`, or with its chance taken by another one.
struct Reading {
    LetterRows rows;
    std::vector<std::vector<double>> symbols; ///< [variables] of [rows]
};

Reading read_rows(std::size_t count, std::size_t letters, double sure, std::uint64_t seed) {
    base::RandomStream random(seed, base::Purpose::test);
    Reading reading{{count, 3, {}, {}}, std::vector<std::vector<double>>(3)};
    for (std::size_t k = 0; k < letters; ++k)
        reading.rows.alphabet.push_back(static_cast<double>(k + 1) / static_cast<double>(letters));
    for (std::size_t n = 0; n < count; ++n)
        for (auto& column : reading.symbols) {
            const std::size_t letter = random.below(static_cast<std::uint32_t>(letters));
            column.push_back(reading.rows.alphabet[letter]);
            std::vector<double> probabilities(letters, (1 - sure) / static_cast<double>(letters));
            // One in ten images is taken for another letter.
            const bool wrong = random.below(10) == 0;
            probabilities[wrong ? (letter + 1) % letters : letter] += sure;
            reading.rows.probabilities.insert(reading.rows.probabilities.end(), probabilities.begin(),
                                              probabilities.end());
        }
    return reading;
}

TEST(LetterPosterior, FindsTheFormulaThatIsLikeliestPlainly) {
    const formula::Pool pool = *formula::formula_pool({.operators = 2, .with_zero = false});
    for (const std::size_t letters : {2u, 3u, 5u})
        for (const double sure : {0.95, 0.6, 0.3}) {
            const Reading reading = read_rows(25, letters, sure, 7 + letters);
            std::vector<double> y;
            const std::vector<std::size_t> tasks{0, 17, 40, pool.formulas.size() - 1};
            for (const std::size_t task : tasks) {
                const auto outputs = formula::evaluate(pool.formulas[task], reading.symbols);
                y.insert(y.end(), outputs.begin(), outputs.end());
            }
            const auto found = likeliest_formulas(pool, reading.rows, y, 1);
            ASSERT_EQ(found.size(), tasks.size());
            EXPECT_EQ(likeliest_formulas(pool, reading.rows, y, 3), found);
            for (std::size_t t = 0; t < tasks.size(); ++t) {
                const auto outputs = std::span(y).subspan(t * 25, 25);
                double best = -1e300;
                for (const formula::Program& formula : pool.formulas)
                    best = std::max(best, log_likelihood(formula, reading.rows, outputs));
                EXPECT_NEAR(log_likelihood(pool.formulas[found[t]], reading.rows, outputs), best, 1e-9);
            }
        }
}

TEST(LetterPosterior, FindsFormulasThoughATenthOfTheImagesIsReadWrongly) {
    const formula::Pool pool = *formula::formula_pool({.with_zero = false});
    const Reading reading = read_rows(300, 10, 0.7, 3);
    const std::vector<std::size_t> tasks{5, 100, 500, 1100};
    std::vector<double> y;
    for (const std::size_t task : tasks) {
        const auto outputs = formula::evaluate(pool.formulas[task], reading.symbols);
        y.insert(y.end(), outputs.begin(), outputs.end());
    }
    EXPECT_EQ(likeliest_formulas(pool, reading.rows, y, 0), tasks);
}

} // namespace
} // namespace ropewalk::identification
