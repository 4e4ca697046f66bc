// Folds over rows of letters: values, likelihoods by dynamic programming, outputs, frequencies of letters.
#include <cmath>
#include <map>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/images/rules/rules.hpp"

namespace ropewalk::rules {
namespace {

/// Uncertain letters of a row.
struct DrawnRow {
    std::vector<std::vector<double>> places;

    std::vector<const double*> pointers() const {
        std::vector<const double*> result;
        for (const std::vector<double>& each : places) result.push_back(each.data());
        return result;
    }
};

DrawnRow draw_row(std::size_t places, std::size_t letters, std::uint64_t seed) {
    base::RandomStream random(seed, base::Purpose::test);
    DrawnRow row;
    for (std::size_t i = 0; i < places; ++i) {
        std::vector<double>& of_place = row.places.emplace_back();
        for (std::size_t k = 0; k < letters; ++k) of_place.push_back(std::exp(2 * random.normal()));
        const double sum = std::accumulate(of_place.begin(), of_place.end(), 0.0);
        for (double& each : of_place) each /= sum;
    }
    return row;
}

const std::vector<Fold> every_fold{
    {.kind = FoldKind::sum},
    {.kind = FoldKind::sum, .constant = 3},
    {.kind = FoldKind::alternating},
    {.kind = FoldKind::product},
    {.kind = FoldKind::maximum},
    {.kind = FoldKind::minimum},
    {.kind = FoldKind::remainder, .modulus = 3},
    {.kind = FoldKind::remainder, .modulus = 2, .constant = 1},
    {.kind = FoldKind::first},
    {.kind = FoldKind::last},
};

/// With letters below 0, a gap, and one letter alone.
const std::vector<std::vector<double>> some_letters{{0, 1, 2}, {1, 2, 3, 4}, {-2, 0, 3}, {0, 1}, {5}};

/// What a fold makes of all rows of letters.
std::map<double, double> plain_outputs(const Fold& fold, const std::vector<double>& letters, const DrawnRow& row) {
    std::map<double, double> outputs;
    std::vector<std::size_t> at(row.places.size());
    for (bool more = true; more;) {
        std::vector<double> values;
        double probability = 1;
        for (std::size_t i = 0; i < at.size(); ++i) {
            values.push_back(letters[at[i]]);
            probability *= row.places[i][at[i]];
        }
        outputs[value_of(fold, values)] += probability;
        more = false;
        for (std::size_t i = 0; i < at.size() && !more; ++i)
            if (!(more = ++at[i] < letters.size())) at[i] = 0;
    }
    return outputs;
}

TEST(Folds, HaveTheValuesThatTheirTextSays) {
    const std::vector<double> letters{3, 0, 5, 5};
    const std::map<std::string, double> expected{
        {"sum(s)", 13},         {"sum(s) + 3", 16},         {"s1 - s2 + s3 - ...", 3}, {"product(s)", 0}, {"max(s)", 5},
        {"min(s)", 0},          {"sum(s) mod 3", 1},        {"sum(s) mod 2 + 1", 2},   {"first(s)", 3},   {"last(s)", 5},
    };
    for (const Fold& fold : every_fold) {
        ASSERT_TRUE(expected.contains(text_of(fold))) << text_of(fold);
        EXPECT_EQ(value_of(fold, letters), expected.at(text_of(fold))) << text_of(fold);
    }
    const Fold numbers{.kind = FoldKind::sum, .weights = {10, 1, -10, -1}, .constant = -2};
    EXPECT_EQ(text_of(numbers), "10*s1 + s2 - 10*s3 - s4 - 2");
    EXPECT_EQ(value_of(numbers, letters), 30 - 55 - 2);
}

TEST(Folds, ComeBackFromJson) {
    for (const Fold& fold : every_fold) EXPECT_EQ(*fold_from_json(to_json(fold), "file"), fold);
    for (const char* text : {"", "[]", "{}", R"({"kind":"sort","modulus":0,"weights":[],"constant":0})",
                             R"({"kind":"remainder","modulus":1,"weights":[],"constant":0})"})
        EXPECT_FALSE(fold_from_json(text, "file")) << text;
    EXPECT_FALSE(fold_from_json(std::string(100'000, '['), "file")) << "nested beyond all measure";
}

TEST(FoldLikelihoods, AreThoseOfAllRowsOfLetters) {
    for (const Fold& fold : every_fold)
        for (const std::vector<double>& letters : some_letters)
            for (const std::size_t places : {1, 2, 3, 5}) {
                const DrawnRow row = draw_row(places, letters.size(), places);
                const FoldLikelihood likelihood(fold, letters);
                double all = 0;
                for (const auto& [output, probability] : plain_outputs(fold, letters, row)) {
                    EXPECT_NEAR(likelihood.probability(row.pointers(), output), probability, 1e-12)
                        << text_of(fold) << " = " << output;
                    EXPECT_NEAR(plain_probability(fold, letters, 1, row.pointers(), output), probability, 1e-12);
                    all += likelihood.probability(row.pointers(), output);
                }
                EXPECT_NEAR(all, 1, 1e-12);
                EXPECT_EQ(likelihood.probability(row.pointers(), 1e5), 0);
                EXPECT_EQ(likelihood.probability(row.pointers(), 0.5), 0);
            }
}

TEST(FoldLikelihoods, OfWeightedSumsAreThoseOfAllRowsOfLetters) {
    const std::vector<double> letters{0, 1, 2, 3};
    for (const std::vector<double>& weights :
         std::vector<std::vector<double>>{{4, 1, 4, 1}, {100, 10, 1}, {1, 10}, {10, 1, -10, -1}, {2, 0, 3}}) {
        const Fold fold{.kind = FoldKind::sum, .weights = weights, .constant = 2};
        const DrawnRow row = draw_row(weights.size(), letters.size(), 7);
        const FoldLikelihood likelihood(fold, letters);
        for (const auto& [output, probability] : plain_outputs(fold, letters, row))
            EXPECT_NEAR(likelihood.probability(row.pointers(), output), probability, 1e-12) << text_of(fold);
    }
}

TEST(FoldLikelihoods, HaveGradientsThatFiniteDifferencesConfirm) {
    const std::vector<double> letters{0, 1, 2, 4};
    std::vector<Fold> folds = every_fold;
    folds.push_back({.kind = FoldKind::sum, .weights = {10, 1, 10, 1}});
    for (const Fold& fold : folds) {
        DrawnRow row = draw_row(4, letters.size(), 3);
        const FoldLikelihood likelihood(fold, letters, 0.5);
        Fold halved = fold;
        const std::vector<double> right{1, 4, 2, 2};
        halved.constant = 0;
        const double output = 0.5 * value_of(halved, right) + fold.constant;
        std::vector<std::vector<double>> shares(4, std::vector<double>(letters.size()));
        std::vector<double*> pointers;
        for (std::vector<double>& each : shares) pointers.push_back(each.data());
        ASSERT_GT(likelihood.probability(row.pointers(), output), 0) << text_of(fold);
        likelihood.add_shares(row.pointers(), 2, pointers);
        for (std::size_t i = 0; i < 4; ++i)
            for (std::size_t k = 0; k < letters.size(); ++k) {
                const double at = row.places[i][k], step = 1e-6;
                const auto moved = [&](double to) {
                    row.places[i][k] = to;
                    return likelihood.probability(row.pointers(), output);
                };
                const double slope = (moved(at + step) - moved(at - step)) / (2 * step);
                row.places[i][k] = at;
                EXPECT_NEAR(shares[i][k], 2 * at * slope, 1e-8) << text_of(fold);
            }
    }
}

TEST(FoldLikelihoods, ReachRowsOfHundredsOfLetters) {
    const std::vector<double> letters{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    const std::size_t places = 300;
    const DrawnRow row = draw_row(places, letters.size(), 1);
    for (const Fold& fold : std::vector<Fold>{{.kind = FoldKind::sum},
                                              {.kind = FoldKind::maximum},
                                              {.kind = FoldKind::remainder, .modulus = 7}}) {
        const std::vector<Output> outputs = outputs_of(fold, letters, row.pointers());
        const FoldLikelihood likelihood(fold, letters);
        double all = 0;
        for (const Output& each : outputs) {
            // Letters that are hardly possible are left out of outputs.
            if (each.probability > 1e-3) {
                EXPECT_NEAR(likelihood.probability(row.pointers(), each.value), each.probability, 1e-3);
            }
            all += each.probability;
        }
        EXPECT_NEAR(all, 1, 0.05) << text_of(fold);
    }
}

TEST(FoldLikelihoods, OfLongNumbersFollowTheCarryAlone) {
    // Two numbers of 7 digits: every row of letters would be 10^14.
    std::vector<double> weights, letters{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    for (int number = 0; number < 2; ++number)
        for (int digit = 6; digit >= 0; --digit) weights.push_back(std::pow(10.0, digit));
    const Fold fold{.kind = FoldKind::sum, .weights = weights};
    const Trellis trellis = trellis_of(fold, letters, weights.size(), 7'654'321);
    EXPECT_LT(trellis.size(), 14u * 200u);
    const std::vector<double> even(10, 0.1);
    const FoldLikelihood likelihood(fold, letters);
    // As many pairs of numbers add up to it as there are first numbers.
    EXPECT_NEAR(likelihood.probability(std::vector<const double*>(14, even.data()), 7'654'321) * 1e14, 7'654'322, 1);
}

TEST(FoldOutputs, AreThoseOfAllRowsOfLetters) {
    for (const Fold& fold : every_fold)
        for (const std::vector<double>& letters : some_letters) {
            DrawnRow row = draw_row(4, letters.size(), 2);
            for (std::vector<double>& place : row.places)
                for (double& each : place) each = 0.9 * each + 0.1 / static_cast<double>(letters.size());
            const std::map<double, double> plain = plain_outputs(fold, letters, row);
            const std::vector<Output> outputs = outputs_of(fold, letters, row.pointers());
            ASSERT_EQ(outputs.size(), plain.size()) << text_of(fold);
            auto expected = plain.begin();
            for (const Output& each : outputs) {
                EXPECT_EQ(each.value, expected->first) << text_of(fold);
                EXPECT_NEAR(each.probability, (expected++)->second, 1e-12) << text_of(fold);
            }
        }
}

TEST(FoldOutputs, OfLettersThatAreNoWholeNumbersAreOneWhereRoundingAloneTellsThemApart) {
    const std::vector<double> letters{0.1, 0.2, 0.3}, even(3, 1.0 / 3);
    const std::vector<Output> outputs =
        outputs_of({.kind = FoldKind::sum}, letters, std::vector<const double*>(10, even.data()));
    EXPECT_EQ(outputs.size(), 21u);
}

TEST(FoldOutputs, BeyondExactNumbersAreOneWhereRoundingAloneTellsThemApart) {
    const std::vector<double> letters{3, 7}, even(2, 0.5);
    const std::vector<Output> outputs =
        outputs_of({.kind = FoldKind::product}, letters, std::vector<const double*>(40, even.data()));
    EXPECT_EQ(outputs.size(), 41u);
}

TEST(FoldFrequencies, AreThoseOfTheLettersBehindTheOutputs) {
    const std::vector<double> letters{0, 1, 2, 3, 4, 5}, often{0.3, 0.25, 0.2, 0.15, 0.1, 0};
    base::RandomStream random(5, base::Purpose::test);
    std::map<std::pair<std::size_t, double>, double> counts;
    const Fold fold{.kind = FoldKind::sum};
    for (int n = 0; n < 40'000; ++n) {
        std::vector<double> row;
        const std::size_t places = 2 + random.below(4);
        while (row.size() < places) {
            double rest = random.uniform();
            std::size_t k = 0;
            while (k + 1 < often.size() && rest > often[k]) rest -= often[k++];
            row.push_back(letters[k]);
        }
        ++counts[{places, value_of(fold, row)}];
    }
    std::vector<OutputCount> outputs;
    for (const auto& [row, count] : counts) outputs.push_back({row.first, row.second, count});
    base::StopCheck stop({});
    const FoldFit fit =
        fit_frequencies(FoldLikelihood(fold, letters), outputs, {.steps = 200, .floor = 1e-4}, stop);
    for (std::size_t k = 0; k < letters.size(); ++k) EXPECT_NEAR(fit.frequencies[k], often[k], 0.03);
    EXPECT_DOUBLE_EQ(fit.covered, 1);
}

TEST(FoldFrequencies, LetNoLetterOccurThatIsAboveAllOutputs) {
    // Its sums alone would take a hundred gigabytes.
    const std::vector<double> letters{0, 1, 4e9};
    const std::vector<OutputCount> outputs{{3, 0, 10}, {3, 1, 30}, {3, 2, 30}, {3, 3, 10}};
    base::StopCheck stop({});
    const FoldFit fit = fit_frequencies(FoldLikelihood({.kind = FoldKind::sum}, letters), outputs,
                                        {.steps = 50, .floor = 1e-4}, stop);
    EXPECT_NEAR(fit.frequencies[0], 0.5, 0.01);
    EXPECT_NEAR(fit.frequencies[1], 0.5, 0.01);
    EXPECT_EQ(fit.frequencies[2], 0);
}

TEST(RuleFamilies, HaveEachRuleOnceAndNoneOfThePool) {
    const auto sum = formula::parse_formula("s1 + s2", std::vector<std::string>{"s1", "s2"});
    const std::vector<double> outputs{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    const RuleFamilies families = formula_families(std::vector{*sum}, 2, outputs);
    std::map<std::string, const Rule*> by_text;
    for (const Rule& rule : families.rules) EXPECT_TRUE(by_text.emplace(rule.text, &rule).second) << rule.text;
    EXPECT_FALSE(by_text.contains("s1 + s2"));
    const auto value = [&](const char* text, double a, double b) {
        EXPECT_TRUE(by_text.contains(text)) << text;
        return by_text.contains(text) ? value_of(*by_text.at(text), std::vector{a, b}) : -1;
    };
    EXPECT_EQ(value("max(s1, s2)", 3, 7), 7);
    EXPECT_EQ(value("min(s1, s2)", 3, 7), 3);
    EXPECT_EQ(value("abs(s1 - s2)", 3, 7), 4);
    EXPECT_EQ(value("s1 = s2", 4, 4), 1);
    EXPECT_EQ(value("s1 = s2", 4, 5), 0);
    EXPECT_EQ(value("(s1 + s2) mod 10", 8, 7), 5);
    EXPECT_EQ(value("10*s1 + s2", 8, 7), 87);
    EXPECT_EQ(value("10*s2 + s1", 8, 7), 78);
    EXPECT_EQ(value("if s1 < s2: s1 else s1 + s2 + 4", 3, 7), 3);
    EXPECT_EQ(value("if s1 < s2: s1 else s1 + s2 + 4", 7, 3), 14);
    EXPECT_EQ(value("if s1 mod 2 = 0: s2 else s1*s2", 3, 7), 21);
    for (std::size_t i = 0; i < families.rules.size(); ++i)
        if (families.rules[i].text == "10*s1 + s2" || families.rules[i].text == "10*s2 + s1") {
            EXPECT_EQ(families.orbits[i], families.orbits[static_cast<std::size_t>(
                                              by_text.at("10*s1 + s2") - families.rules.data())]);
        }
}

TEST(RuleFamilies, OfRowsHaveTheConstantAndTheModulusThatOutputsTell) {
    const auto texts = [](const std::vector<OutputCount>& outputs) {
        std::vector<std::string> result;
        for (const Fold& fold : fold_families(outputs)) result.push_back(text_of(fold));
        return result;
    };
    EXPECT_THAT(texts({{2, 0, 9}, {2, 1, 5}, {3, 0, 4}, {3, 1, 4}}), testing::Contains("sum(s) mod 2"));
    EXPECT_THAT(texts({{2, 9, 9}, {2, 20, 5}, {3, 10, 4}, {3, 24, 4}}), testing::Contains("sum(s) + 7"));
    EXPECT_THAT(texts({{4, 9, 9}, {4, 99, 5}}),
                testing::AllOf(testing::Contains("10*s1 + s2 + 10*s3 + s4"),
                               testing::Contains("1000*s1 + 100*s2 + 10*s3 + s4")));
}

} // namespace
} // namespace ropewalk::rules
