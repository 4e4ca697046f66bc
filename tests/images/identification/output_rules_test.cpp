// Rules beside the pool and programs over rows from how often outputs occur.
#include <cmath>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "tests/drawn_rows.hpp"

namespace ropewalk::identification {
namespace {

using testing::Contains;
using Symbols = std::vector<double>;

const Symbols digit_symbols{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

class RulesOfOutputs : public testing::Test {
protected:
    explicit RulesOfOutputs(int variables = 2)
        : pool_(*formula::formula_pool({.variables = variables, .operators = 3, .with_zero = false})),
          table_(*monomial_table(pool_.formulas)) {}

    OutputExplanations explain(const std::function<double(const Symbols&)>& rule, std::size_t variables = 2,
                               const Symbols& letters = digit_symbols) {
        const DrawnRows drawn = draw_rows(2000, letters, variables, {rule});
        auto found = explain_outputs({.pool = &table_,
                                      .tasks = 1,
                                      .rows = drawn.rows,
                                      .y = drawn.y,
                                      .programs = pool_.formulas,
                                      .threads = 1});
        EXPECT_TRUE(found);
        return found ? *found : OutputExplanations{};
    }

    /// Texts of the rules beside the pool that explain the outputs with these many letters.
    std::vector<std::string> texts(const OutputExplanations& found, std::size_t letters) const {
        std::vector<std::string> result;
        for (const OutputExplanation& each : found.alphabets)
            if (each.alphabet.size() == letters)
                for (const std::vector<std::size_t>& candidate : each.candidates)
                    if (candidate[0] >= table_.formulas)
                        result.push_back(found.rules[candidate[0] - table_.formulas].text);
        return result;
    }

    formula::Pool pool_;
    MonomialTable table_;
};

class RulesOfThree : public RulesOfOutputs {
protected:
    RulesOfThree() : RulesOfOutputs(3) {}
};

TEST_F(RulesOfOutputs, AreNotAskedWhereAFormulaExplainsThem) {
    EXPECT_TRUE(explain([](const Symbols& s) { return s[0] + s[1]; }).rules.empty());
}

TEST_F(RulesOfOutputs, AreAmongThoseThatAreLeft) {
    const auto left = [&](const std::function<double(const Symbols&)>& rule) { return texts(explain(rule), 10); };
    EXPECT_THAT(left([](const Symbols& s) { return std::max(s[0], s[1]); }), Contains("max(s1, s2)"));
    EXPECT_THAT(left([](const Symbols& s) { return std::fmod(s[0] + s[1], 10); }), Contains("(s1 + s2) mod 10"));
    EXPECT_THAT(left([](const Symbols& s) { return s[0] == s[1] ? 1.0 : 0.0; }), Contains("s1 = s2"));
    EXPECT_THAT(left([](const Symbols& s) { return 10 * s[0] + s[1]; }), Contains("10*s1 + s2"));
    EXPECT_THAT(left([](const Symbols& s) { return s[0] + s[1] + 3; }), Contains("s1 + s2 + 3"));
    EXPECT_THAT(left([](const Symbols& s) { return s[0] < s[1] ? s[0] : s[0] + s[1] + 4; }),
                Contains("if s1 < s2: s1 else s1 + s2 + 4"));
}

TEST_F(RulesOfOutputs, HaveTwoLettersForTwoOutputs) {
    const OutputExplanations found = explain([](const Symbols& s) { return std::fmod(s[0] + s[1], 2); });
    ASSERT_FALSE(found.alphabets.empty());
    EXPECT_EQ(found.alphabets[0].alphabet, (Symbols{0, 1}));
    // A difference of bits is their remainder of two.
    const LetterValues values({table_, found.rules}, found.alphabets[0].alphabet);
    std::vector<std::vector<double>> of_candidates;
    for (const std::vector<std::size_t>& candidate : found.alphabets[0].candidates)
        of_candidates.push_back(values.of(candidate[0]));
    EXPECT_THAT(of_candidates, Contains(std::vector<double>{0, 1, 1, 0}));
}

TEST_F(RulesOfThree, SelectAnOperator) {
    Symbols letters = digit_symbols;
    for (const double sign : {10.0, 11.0, 12.0}) letters.push_back(sign);
    const OutputExplanations found = explain(
        [](const Symbols& s) {
            const double a = std::min(s[0], 9.0), b = std::min(s[2], 9.0), by = std::fmod(s[1], 3);
            return by == 0 ? a + b : by == 1 ? a - b : a * b;
        },
        3, letters);
    EXPECT_THAT(texts(found, 13), Contains("if s2 = 10: s1 + s3; if s2 = 11: s1 - s3; if s2 = 12: s1 * s3"));
}

std::vector<std::string> folds_of(const std::vector<std::size_t>& places, const Symbols& y, std::size_t letters) {
    const auto found = explain_rows({.places = places, .tasks = 1, .y = y, .scale = 10, .threads = 1});
    std::vector<std::string> texts;
    if (!found) return texts;
    for (const OutputExplanation& each : found->alphabets)
        if (each.alphabet.size() == letters)
            for (const std::vector<std::size_t>& candidate : each.candidates)
                texts.push_back(found->rules[candidate[0]].text);
    return texts;
}

TEST(FoldsOfOutputs, AreAmongThoseThatAreLeft) {
    const auto drawn = [](std::size_t places, std::size_t rows, const std::function<double(const Symbols&)>& rule) {
        return draw_rows(rows, digit_symbols, places, {rule}).y;
    };
    const auto sum = [](const Symbols& s) { return std::accumulate(s.begin(), s.end(), 0.0); };
    const std::vector<std::size_t> eight(1000, 8), four(1000, 4);
    EXPECT_THAT(folds_of(eight, drawn(8, 1000, sum), 10), Contains("sum(s)"));
    EXPECT_THAT(folds_of(four, drawn(4, 1000, [](const Symbols& s) { return s[0] * s[1] * s[2] * s[3]; }), 10),
                Contains("product(s)"));
    EXPECT_THAT(folds_of(four, drawn(4, 1000, [](const Symbols& s) { return 10 * (s[0] + s[2]) + s[1] + s[3]; }), 10),
                Contains("10*s1 + s2 + 10*s3 + s4"));
}

TEST(FoldsOfOutputs, AreOfRowsOfAnyLength) {
    std::vector<std::size_t> places;
    Symbols y;
    for (const std::size_t length : {2, 3, 5}) {
        const DrawnRows drawn = draw_rows(400, digit_symbols, length, {[](const Symbols& s) {
                                              return *std::max_element(s.begin(), s.end());
                                          }});
        places.insert(places.end(), 400, length);
        y.insert(y.end(), drawn.y.begin(), drawn.y.end());
    }
    EXPECT_THAT(folds_of(places, y, 10), Contains("max(s)"));
}

} // namespace
} // namespace ropewalk::identification
