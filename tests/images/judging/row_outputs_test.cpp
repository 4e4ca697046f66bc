// What rules make of rows of images that are read with probabilities.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "ropewalk/images/judging/judging.hpp"

namespace ropewalk::perception {
namespace {

/// One row of images; each shows the digit with 0.9, and one of the others else.
RowOutputs outputs_of(const rules::Rule& rule, std::size_t letters, const std::vector<std::size_t>& shown) {
    std::vector<double> values(letters), probabilities(shown.size() * letters, 0.1 / static_cast<double>(letters - 1));
    std::iota(values.begin(), values.end(), 0.0);
    std::vector<std::uint32_t> images(shown.size());
    std::iota(images.begin(), images.end(), 0u);
    for (std::size_t i = 0; i < shown.size(); ++i) probabilities[i * letters + shown[i]] = 0.9;
    const std::vector<rules::Rule> rules{rule};
    return likeliest_outputs(rules, values, probabilities, {.rows = 1, .images = images}, 1);
}

rules::Rule formula_of(const std::string& text) {
    return rules::rule_of(*formula::parse_formula(text, formula::names_of_variables(3)));
}

TEST(RowOutputs, MayBeAsLargeAsTheyAre) {
    const std::vector<std::size_t> nines(15, 9);
    EXPECT_EQ(outputs_of(rules::rule_of(rules::Fold{.kind = rules::FoldKind::product}), 10, nines).values[0], 205891132094649.0);
    EXPECT_EQ(outputs_of(formula_of("10000000000*s1 + 100000*s2 + s3"), 10, {9, 2, 7}).values[0], 90000200007.0);
}

TEST(RowOutputs, OfManyDigitsDifferInTheLastOne) {
    const RowOutputs found = outputs_of(formula_of("10000000000000*s1 + 100*s2 + s3"), 10, {9, 2, 7});
    EXPECT_EQ(found.values[0], 90000000000207.0);
    EXPECT_NEAR(found.probabilities[0], 0.9 * 0.9 * 0.9, 1e-9);
}

TEST(RowOutputs, OfLongNumbersDifferInTheLastDigit) {
    const rules::Fold sum{.kind = rules::FoldKind::sum, .weights = [] {
                              std::vector<double> weights;
                              for (int number = 0; number < 2; ++number)
                                  for (int digit = 14; digit >= 0; --digit) weights.push_back(std::pow(10, digit));
                              return weights;
                          }()};
    std::vector<std::size_t> shown;
    for (std::size_t i = 0; i < 30; ++i) shown.push_back((7 * i + 3) % 10);
    double wanted = 0;
    for (std::size_t i = 0; i < 30; ++i) wanted += sum.weights[i] * static_cast<double>(shown[i]);
    EXPECT_EQ(outputs_of(rules::rule_of(sum), 10, shown).values[0], wanted);
}

TEST(RowOutputs, LeaveOutLettersOfWhichASelectionMakesNothing) {
    for (const rules::Rule& rule : rules::selection_families().rules) {
        if (rule.text != "if s2 = 10: s1 + s3; if s2 = 11: s1 - s3; if s2 = 12: s1 * s3") continue;
        const RowOutputs times = outputs_of(rule, 13, {7, 12, 5});
        EXPECT_EQ(times.values[0], 35);
        EXPECT_NEAR(times.probabilities[0], 0.9 * 0.9 * 0.9, 0.02);
        EXPECT_LT(times.means[0], 100) << "what has no output does not count";
        return;
    }
    FAIL() << "no such rule";
}

} // namespace
} // namespace ropewalk::perception
