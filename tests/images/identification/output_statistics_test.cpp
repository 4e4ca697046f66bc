// Letters and formulas from how often outputs occur, without images.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/formulas/text/text.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "tests/drawn_rows.hpp"

namespace ropewalk::identification {
namespace {

using testing::Contains;
using testing::DoubleNear;
using testing::HasSubstr;
using testing::Pointwise;
using testing::UnorderedElementsAre;

using Symbols = std::vector<double>;

const Symbols digits{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
const Symbols tenths{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1};

class OutputStatistics : public testing::Test {
protected:
    void use_variables(int variables) {
        pool_ = *formula::formula_pool({.variables = variables, .operators = 3, .with_zero = false});
        table_ = *monomial_table(pool_.formulas);
    }

    base::Result<OutputExplanations> explain(const DrawnRows& drawn, int threads = 1,
                                             std::span<const double> letters = {}) const {
        return explain_outputs({.pool = &table_,
                                .tasks = drawn.y.size() / drawn.rows,
                                .rows = drawn.rows,
                                .y = drawn.y,
                                .letters = letters,
                                .threads = threads});
    }

    std::vector<std::string> texts(const OutputExplanation& explanation) const {
        std::vector<std::string> result;
        for (const std::vector<std::size_t>& candidate : explanation.candidates) {
            std::string text;
            for (const std::size_t formula : candidate)
                text += (text.empty() ? "" : "; ") + formula::written_text(pool_.formulas[formula]);
            result.push_back(text);
        }
        return result;
    }

    formula::Pool pool_;
    MonomialTable table_;
};

TEST_F(OutputStatistics, TellASumOfTwoDigits) {
    use_variables(2);
    const Symbols letters{0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};
    const auto found = explain(draw_rows(2000, letters, 2, {[](const Symbols& s) { return s[0] + s[1]; }}));
    ASSERT_TRUE(found) << base::render(found.error());
    EXPECT_THAT(found->alphabets[0].alphabet, Pointwise(DoubleNear(1e-9), letters));
    EXPECT_EQ(texts(found->alphabets[0])[0], "s1 + s2");
    EXPECT_EQ(found->possible_outputs, 19u);
}

TEST_F(OutputStatistics, LeaveTheNamesOfVariablesOpen) {
    use_variables(3);
    const auto found =
        explain(draw_rows(1500, tenths, 3, {[](const Symbols& s) { return s[0] * s[0] - s[1]; }}));
    ASSERT_TRUE(found) << base::render(found.error());
    EXPECT_THAT(found->alphabets[0].alphabet, Pointwise(DoubleNear(1e-9), tenths));
    EXPECT_THAT(texts(found->alphabets[0]),
                UnorderedElementsAre("s1 * s1 - s2", "s1 * s1 - s3", "s2 * s2 - s1", "s2 * s2 - s3",
                                     "s3 * s3 - s1", "s3 * s3 - s2"));
}

TEST_F(OutputStatistics, TellHowTheVariablesOfTwoTasksBelongTogether) {
    use_variables(2);
    const auto found = explain(draw_rows(
        1500, digits, 2,
        {[](const Symbols& s) { return s[0] + s[0] + s[1]; }, [](const Symbols& s) { return s[0] - s[1]; }}));
    ASSERT_TRUE(found) << base::render(found.error());
    EXPECT_THAT(texts(found->alphabets[0]),
                UnorderedElementsAre("s1 + s1 + s2; s1 - s2", "s1 + s2 + s2; s2 - s1"));
}

TEST_F(OutputStatistics, NameLettersThatOccur) {
    use_variables(2);
    const Symbols some{1, 2, 3, 5, 8};
    const auto found =
        explain(draw_rows(1500, some, 2, {[](const Symbols& s) { return s[0] * s[1] + s[0]; }}));
    ASSERT_TRUE(found) << base::render(found.error());
    EXPECT_THAT(found->alphabets[0].alphabet, Pointwise(DoubleNear(1e-9), some));
    EXPECT_THAT(texts(found->alphabets[0]), UnorderedElementsAre("s1 + s1 * s2", "s2 + s1 * s2"));
}

TEST_F(OutputStatistics, NameOtherLettersThatExplainDifferencesAsWell) {
    use_variables(2);
    const auto found = explain(draw_rows(2000, digits, 2, {[](const Symbols& s) { return s[0] - s[1]; }}));
    ASSERT_TRUE(found) << base::render(found.error());
    EXPECT_THAT(found->alphabets[0].alphabet, Pointwise(DoubleNear(1e-9), digits));
    EXPECT_THAT(texts(found->alphabets[0]), UnorderedElementsAre("s1 - s2", "s2 - s1"));
    Symbols from_one;
    for (const double digit : digits) from_one.push_back(digit + 1);
    EXPECT_THAT(found->alphabets[0].same, Contains(Pointwise(DoubleNear(1e-9), from_one)));
}

TEST_F(OutputStatistics, SayNothingTwice) {
    use_variables(2);
    for (const auto& task : std::vector<std::function<double(const Symbols&)>>{
             [](const Symbols& s) { return s[0] - s[1]; }, [](const Symbols& s) { return s[0] + s[1]; },
             [](const Symbols& s) { return s[0] * s[1]; }}) {
        const auto found = explain(draw_rows(2000, digits, 2, {task}));
        ASSERT_TRUE(found) << base::render(found.error());
        EXPECT_THAT(found->alphabets[0].alphabet, Pointwise(DoubleNear(1e-9), digits));
        // Twice the difference of letters half as far apart is the difference of these.
        for (const OutputExplanation& each : found->alphabets)
            EXPECT_FALSE(each.alphabet.size() == 10 && each.alphabet[1] == 0.5) << texts(each)[0];
        for (std::size_t a = 1; a < found->alphabets.size(); ++a)
            EXPECT_NE(texts(found->alphabets[a]), texts(found->alphabets[0]));
    }
}

TEST_F(OutputStatistics, FindLettersThatAreNotEvenlySpaced) {
    use_variables(2);
    const Symbols coins{1, 2, 5, 10, 20, 50}, primes{2, 3, 5, 7, 11, 13, 17, 19, 23};
    struct Case {
        Symbols letters;
        std::function<double(const Symbols&)> task;
        std::string formula;
    };
    for (const Case& each :
         {Case{coins, [](const Symbols& s) { return s[0] + s[1]; }, "s1 + s2"},
          Case{coins, [](const Symbols& s) { return s[0] * s[1]; }, "s1 * s2"},
          Case{primes, [](const Symbols& s) { return s[0] + s[1]; }, "s1 + s2"},
          Case{primes, [](const Symbols& s) { return s[0] + s[0] * s[1]; }, "s1 + s1 * s2"}}) {
        const auto found = explain(draw_rows(1500, each.letters, 2, {each.task}));
        ASSERT_TRUE(found) << base::render(found.error());
        EXPECT_THAT(found->alphabets[0].alphabet, Pointwise(DoubleNear(1e-9), each.letters));
        EXPECT_THAT(texts(found->alphabets[0]), Contains(each.formula));
    }
}

TEST_F(OutputStatistics, FindColumnsWithLettersOfTheirOwn) {
    use_variables(2);
    const Symbols counts{1, 2, 3, 4, 5, 6, 7, 8, 9}, coins{1, 2, 5, 10, 20, 50};
    DrawnRows drawn{.rows = 2000, .letters = {}, .y = {}};
    base::RandomStream random(5, base::Purpose::test);
    for (std::size_t n = 0; n < drawn.rows; ++n) {
        const double count = counts[random.below(9)], coin = coins[random.below(6)];
        drawn.y.push_back(count * coin);
    }
    const auto found = explain(drawn);
    ASSERT_TRUE(found) << base::render(found.error());
    // The count may also be one less: (1 + s1) * s2.
    EXPECT_THAT(texts(found->alphabets[0]), Contains("s1 * s2"));
    EXPECT_THAT(found->alphabets[0].alphabet,
                Pointwise(DoubleNear(1e-9), Symbols{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 50}));
}

TEST_F(OutputStatistics, FindUnevenLettersInDifferencesUpToOrderAndPlace) {
    use_variables(2);
    const Symbols coins{1, 2, 5, 10, 20, 50};
    const auto found = explain(draw_rows(1500, coins, 2, {[](const Symbols& s) { return s[0] - s[1]; }}));
    ASSERT_TRUE(found) << base::render(found.error());
    Symbols distances, expected{1, 3, 5, 10, 30};
    for (std::size_t k = 1; k < found->alphabets[0].alphabet.size(); ++k)
        distances.push_back(found->alphabets[0].alphabet[k] - found->alphabets[0].alphabet[k - 1]);
    if (distances.front() > 1.5) std::reverse(distances.begin(), distances.end());
    EXPECT_THAT(distances, Pointwise(DoubleNear(1e-9), expected));
}

TEST_F(OutputStatistics, BearAFewWrongOutputs) {
    use_variables(2);
    DrawnRows drawn = draw_rows(2000, digits, 2, {[](const Symbols& s) { return s[0] * s[1]; }});
    for (std::size_t n = 0; n < drawn.rows; n += 50) drawn.y[n] = drawn.y[n + 1];
    drawn.y[7] = 13; // no product of digits
    const auto found = explain(drawn);
    ASSERT_TRUE(found) << base::render(found.error());
    EXPECT_EQ(texts(found->alphabets[0])[0], "s1 * s2");
}

TEST_F(OutputStatistics, KeepToLettersThatAreGiven) {
    use_variables(2);
    const DrawnRows drawn = draw_rows(1000, {0, 1}, 2, {[](const Symbols& s) { return s[0] * s[1]; }});
    const auto found = explain(drawn, 1, Symbols{0, 1});
    ASSERT_TRUE(found) << base::render(found.error());
    EXPECT_EQ(found->alphabets.size(), 1u);
    EXPECT_EQ(found->alphabets[0].alphabet, (Symbols{0, 1}));
    EXPECT_FALSE(explain(drawn, 1, Symbols{50, 70})) << "no formula gives 0 and 1 only";
}

TEST_F(OutputStatistics, AreTheSameOnTwoThreads) {
    use_variables(3);
    const DrawnRows drawn =
        draw_rows(800, tenths, 3, {[](const Symbols& s) { return s[0] * (s[1] - s[2]); }});
    const auto one = explain(drawn, 1), two = explain(drawn, 2);
    ASSERT_TRUE(one && two);
    ASSERT_EQ(one->alphabets.size(), two->alphabets.size());
    for (std::size_t a = 0; a < one->alphabets.size(); ++a) {
        EXPECT_EQ(one->alphabets[a].alphabet, two->alphabets[a].alphabet);
        EXPECT_EQ(one->alphabets[a].candidates, two->alphabets[a].candidates);
        EXPECT_EQ(one->alphabets[a].score, two->alphabets[a].score);
    }
}

TEST_F(OutputStatistics, AreLeftWhenTheyAreStopped) {
    use_variables(3);
    // Sums of three coins take a long look.
    const DrawnRows drawn =
        draw_rows(1500, {1, 2, 5, 10, 20, 50}, 3, {[](const Symbols& s) { return s[0] + s[1] + s[2]; }});
    const auto found = explain_outputs({.pool = &table_,
                                        .tasks = 1,
                                        .rows = drawn.rows,
                                        .y = drawn.y,
                                        .letters = {},
                                        .threads = 2,
                                        .stop = [] { return true; }});
    ASSERT_FALSE(found);
    EXPECT_THAT(base::render(found.error()), HasSubstr("a stop before they were explained"));
}

TEST_F(OutputStatistics, RefuseOutputsThatHardlyRepeatOrThatNoFormulaGives) {
    use_variables(2);
    base::RandomStream random(1, base::Purpose::test);
    DrawnRows noisy = draw_rows(500, digits, 2, {[](const Symbols& s) { return s[0] + s[1]; }});
    for (double& y : noisy.y) y += random.normal();
    const auto noise = explain(noisy);
    ASSERT_FALSE(noise);
    EXPECT_THAT(base::render(noise.error()), HasSubstr("different outputs in 500 rows"));

    DrawnRows strange = noisy;
    for (std::size_t n = 0; n < strange.rows; ++n) strange.y[n] = n % 2 ? 0.37 : std::sqrt(2.0);
    const auto unreached = explain(strange);
    ASSERT_FALSE(unreached);
    EXPECT_THAT(base::render(unreached.error()), HasSubstr("no letters and formulas"));
}

TEST_F(OutputStatistics, ValuesOnLettersAreThoseOfTheFormulas) {
    use_variables(3);
    const Symbols alphabet{-0.5, 0.25, 2};
    const LetterValues values(table_, alphabet);
    const std::vector<double> expected = values_of(pool_.formulas, all_rows(alphabet, 3));
    ASSERT_EQ(values.rows(), 27u);
    for (std::size_t f = 0; f < pool_.formulas.size(); ++f) {
        const std::vector<double> found = values.of(f);
        for (std::size_t row = 0; row < 27; ++row) ASSERT_NEAR(found[row], expected[f * 27 + row], 1e-12);
    }
}

} // namespace
} // namespace ropewalk::identification
