// Kinds of tables that people bring: rounded, bent, with rows far off, with few rows, contradicting themselves.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/laws/laws.hpp"
#include "ropewalk/formulas/text/text.hpp"

namespace ropewalk::formula {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::StrEq;

Explanation explained(const Problem& problem, double seconds = 6) {
    ExplainOptions options = general_options();
    options.search.run = {.threads = 1, .seconds = seconds};
    auto said = explain(problem, options);
    EXPECT_TRUE(said);
    return said ? *said : Explanation{};
}

std::string answer_to(const Problem& problem, const std::vector<std::string>& names) {
    const Explanation said = explained(problem);
    return said.report.front.empty() ? "" : to_infix(said.report.front[said.best].program, names);
}

TEST(Kinds, WholeNumbersThatWereRounded) {
    Problem game{.inputs = {{}, {}}};
    base::RandomStream random(1, base::Purpose::test);
    for (int n = 0; n < 40; ++n) {
        const double attack = random.below(60) + 10, defence = random.below(40);
        game.inputs[0].push_back(attack);
        game.inputs[1].push_back(defence);
        game.target.push_back(std::floor(1.5 * attack - defence / 2));
    }
    const Explanation said = explained(game);
    const Found& best = said.report.front[said.best];
    EXPECT_TRUE(best.fit.exact) << to_infix(best.program, std::vector<std::string>{"attack", "defence"});
    Problem fresh{.inputs = {{101, 7, 33}, {3, 2, 50}}, .target = {150, 9, 24}};
    EXPECT_TRUE(fit_of(evaluate(best.program, fresh.inputs), fresh.target).exact)
        << to_infix(best.program, std::vector<std::string>{"attack", "defence"});
    Problem loss{.inputs = {{}}};
    for (int n = 0; n < 38; ++n) {
        loss.inputs[0].push_back(1100 + 50 * n);
        loss.target.push_back(std::round(1e6 / (loss.inputs[0].back() + 9000)));
    }
    // Several short formulas round to these rows.
    const Explanation rounded = explained(loss);
    EXPECT_TRUE(rounded.report.front[rounded.best].fit.exact);
    EXPECT_LE(rounded.report.front[rounded.best].operators, 4);
}

TEST(Kinds, LinesWithABend) {
    Problem tax{.inputs = {{}}};
    base::RandomStream random(2, base::Purpose::test);
    for (int n = 0; n < 150; ++n) {
        tax.inputs[0].push_back(100 * random.uniform());
        tax.target.push_back(std::max(0.1 * tax.inputs[0].back(), 0.3 * tax.inputs[0].back() - 6));
    }
    const Explanation said = explained(tax);
    EXPECT_TRUE(said.report.front[said.best].fit.exact)
        << to_infix(said.report.front[said.best].program, std::vector<std::string>{"income"});
}

TEST(Kinds, PowersThatBeginAtZero) {
    Problem problem{.inputs = {{}}};
    for (int n = 0; n < 15; ++n) {
        problem.inputs[0].push_back(5 * n);
        problem.target.push_back(80 + 0.004 * std::pow(5 * n, 2.6));
    }
    EXPECT_THAT(answer_to(problem, {"x"}), AnyOf(StrEq("0.004*x^2.6 + 80"), StrEq("80 + 0.004*x^2.6")));
}

TEST(Kinds, RowsFarOffBesideALaw) {
    Problem problem{.inputs = {{}, {}}};
    base::RandomStream random(3, base::Purpose::test);
    for (int n = 0; n < 200; ++n) {
        problem.inputs[0].push_back(1 + 4 * random.uniform());
        problem.inputs[1].push_back(1 + 2 * random.uniform());
        problem.target.push_back(3 * problem.inputs[0].back() / problem.inputs[1].back() + 2);
        if (n % 20 == 7) problem.target.back() += 100 + 100 * random.uniform();
    }
    const Explanation said = explained(problem, 8);
    EXPECT_TRUE(said.found);
    EXPECT_EQ(to_infix(said.report.front[said.best].program, std::vector<std::string>{"x", "z"}), "3*x/z + 2");
    // Noise alone is no law with mistakes.
    for (double& y : problem.target) y = std::exp(2.5 * random.normal());
    EXPECT_FALSE(explained(problem, 2).weighted);
}

TEST(Kinds, AsManyNumbersAsRowsAreNoEvidence) {
    const Explanation said = explained({.inputs = {{1, 2, 3, 4}}, .target = {2, 2, 5, 5}});
    EXPECT_FALSE(said.report.front[said.best].fit.exact)
        << to_infix(said.report.front[said.best].program, std::vector<std::string>{"x"});
}

TEST(Kinds, SimpleNumbersAreWrittenSimply) {
    EXPECT_EQ(answer_to({.inputs = {{1, 2, 3, 4, 5, 6, 7, 8}},
                         .target = {2.02, 3.97, 6.01, 8.02, 9.98, 12.01, 13.99, 16.02}},
                        {"x"}),
              "2*x");
}

TEST(Kinds, WhatIsExactIsWrittenShort) {
    EXPECT_THAT(answer_to({.inputs = {{0, 0, 1, 1}, {0, 1, 0, 1}}, .target = {0, 1, 1, 0}}, {"a", "b"}),
                AnyOf(StrEq("(a - b)^2"), StrEq("a + b - 2*a*b"), StrEq("abs(a - b)"), StrEq("(b - a)^2")));
}

TEST(Kinds, ExactLawsOfShortNumbersAreNotBeatenByWhatIsNear) {
    Problem rate{.inputs = {{}}}, other{.inputs = {{}}}, speed{.inputs = {{}}};
    for (int T = 280; T < 480; T += 8) {
        rate.inputs[0].push_back(T);
        rate.target.push_back(4.7e11 * std::exp(-8123.4 / T));
    }
    for (int T = 250; T < 450; T += 10) {
        other.inputs[0].push_back(T);
        other.target.push_back(1e13 * std::exp(-80000 / 8.314462618 / T));
    }
    for (const double v : {0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0}) {
        speed.inputs[0].push_back(v);
        speed.target.push_back(std::round(1e4 * (2.1 * std::pow(v, -0.62) + 0.3)) / 1e4);
    }
    speed.resolution.assign(speed.target.size(), 5e-5);
    EXPECT_EQ(answer_to(rate, {"T"}), "470000000000*exp(-8123.4/T)");
    EXPECT_THAT(answer_to(other, {"T"}), testing::StartsWith("10000000000000*exp(-9621.78840359"));
    EXPECT_EQ(answer_to(speed, {"v"}), "2.1/v^0.62 + 0.3");
}

TEST(Kinds, FewWholeNumbersAreNoEvidenceForOddOnes) {
    const Explanation said = explained({.inputs = {{1, 1, 2, 2, 3, 3}, {1, 2, 1, 2, 1, 2}}, .target = {1, 0, 0, 1, 0, 1}}, 3);
    EXPECT_FALSE(said.found);
    EXPECT_GE(said.report.front[said.best].fit.r2, -1e-9) << "no answer is worse than the mean";
    const std::vector<std::vector<double>> bits{{0, 0, 0, 0, 1, 1, 1, 1}, {0, 0, 1, 1, 0, 0, 1, 1}, {0, 1, 0, 1, 0, 1, 0, 1}};
    EXPECT_TRUE(explained({.inputs = bits, .target = {0, 0, 0, 1, 0, 1, 1, 1}}).report.front.back().fit.exact) << "majority";
    EXPECT_TRUE(explained({.inputs = bits, .target = {0, 1, 1, 0, 1, 0, 0, 1}}).report.front.back().fit.exact) << "parity";
}

/// An answer's cases as "value where condition".
std::vector<std::string> cases_text(const Problem& problem, const std::vector<std::string>& names) {
    const Explanation said = explained(problem);
    std::vector<std::string> texts;
    for (const auto& each : cases_of(said.report.front[said.best].program, problem)) {
        std::string text = to_infix(each.value, names);
        for (const Comparison& comparison : each.where)
            text += (comparison.holds ? " if " : " if not ") + to_infix(comparison.left, names) + " < " +
                    to_infix(comparison.right, names);
        texts.push_back(text);
    }
    return texts;
}

TEST(Kinds, BranchesAndBracketsAreToldCaseByCase) {
    Problem branches{.inputs = {{}, {}}}, prices{.inputs = {{}}}, taxes{.inputs = {{}}};
    base::RandomStream random(7, base::Purpose::test);
    for (int n = 0; n < 60; ++n) {
        const double a = 8 * random.uniform() - 4, b = 8 * random.uniform() - 4;
        branches.inputs[0].push_back(a), branches.inputs[1].push_back(b);
        branches.target.push_back(a > b ? 2 * a : b - 1);
        const double weight = (1 + static_cast<double>(random.below(60))) / 2;
        prices.inputs[0].push_back(weight);
        prices.target.push_back(weight <= 5 ? 4.5 : weight <= 15 ? 6.9 : 12.5);
        const double income = 50 * random.uniform();
        taxes.inputs[0].push_back(income);
        taxes.target.push_back(0.1 * income + 0.1 * std::max(0.0, income - 10) + 0.2 * std::max(0.0, income - 30));
    }
    EXPECT_THAT(cases_text(branches, {"a", "b"}), testing::UnorderedElementsAre("2*a if not a < b", "b - 1 if a < b"));
    const auto tiers = cases_text(prices, {"kg"});
    ASSERT_EQ(tiers.size(), 3u);
    EXPECT_THAT(tiers[0], testing::StartsWith("4.5 if not "));
    EXPECT_THAT(tiers[1], testing::StartsWith("6.9 if "));
    EXPECT_THAT(tiers[2], testing::StartsWith("12.5 if "));
    const Explanation said = explained(taxes);
    EXPECT_TRUE(said.report.front[said.best].fit.exact) << to_infix(said.report.front[said.best].program, std::vector<std::string>{"x"});
}

TEST(Kinds, WhatIsRoundedUpOrEndsSomewhere) {
    Problem boxes{.inputs = {{}}}, damage{.inputs = {{}, {}}};
    base::RandomStream random(8, base::Purpose::test);
    for (int n = 0; n < 60; ++n) {
        const double length = (1 + static_cast<double>(random.below(60))) / 2;
        boxes.inputs[0].push_back(length);
        boxes.target.push_back(std::ceil(length / 7.5));
        const double strength = 5 + static_cast<double>(random.below(36)), armour = static_cast<double>(random.below(31));
        damage.inputs[0].push_back(strength), damage.inputs[1].push_back(armour);
        damage.target.push_back(std::max(1.0, strength - std::floor(armour / 2)));
    }
    EXPECT_EQ(answer_to(boxes, {"x"}), "ceil(x/7.5)");
    const Explanation said = explained(damage);
    EXPECT_TRUE(said.report.front[said.best].fit.exact) << to_infix(said.report.front[said.best].program, std::vector<std::string>{"s", "a"});
}

TEST(Kinds, WavesThatBeatOrDecay) {
    Problem beat{.inputs = {{}}}, bell{.inputs = {{}}};
    for (int n = 0; n < 160; ++n) {
        const double t = 0.025 * n;
        beat.inputs[0].push_back(t), bell.inputs[0].push_back(t);
        beat.target.push_back(std::sin(5 * t) + 0.5 * std::sin(13 * t));
        bell.target.push_back(2 * std::cos(44 * t) * std::exp(-1.3 * t));
    }
    EXPECT_THAT(answer_to(beat, {"t"}), AnyOf(StrEq("0.5*sin(13*t) + sin(5*t)"), StrEq("sin(5*t) + 0.5*sin(13*t)")));
    EXPECT_THAT(answer_to(bell, {"t"}), AnyOf(StrEq("2*exp(-1.3*t)*cos(44*t)"), StrEq("2*cos(44*t)*exp(-1.3*t)")));
}

TEST(Kinds, RowsThatContradictEachOtherAreToldOf) {
    const Explanation said = explained({.inputs = {{1, 1, 2, 2, 3, 3}}, .target = {2, 3, 4, 5, 6, 7}});
    EXPECT_NEAR(said.unavoidable, 0.5, 1e-12);
    EXPECT_EQ(explained({.inputs = {{1, 2, 3, 4}}, .target = {1, 5, 2, 9}}).unavoidable, 0);
}

TEST(Kinds, SeriesAskForEarlierRows) {
    Problem series{.inputs = {{}}};
    double value = 0.3;
    for (int n = 1; n <= 40; ++n) {
        series.inputs[0].push_back(n);
        series.target.push_back(value = 3.7 * value * (1 - value));
    }
    EXPECT_THAT(explained(series, 2).hints, testing::Contains(HasSubstr("setting `lags`")));
}

TEST(Kinds, WhatAlternatesOrBendsIsNoNoise) {
    Problem problem{.inputs = {{}, {}}};
    std::vector<double> alternating, bent, noise;
    base::RandomStream random(4, base::Purpose::test);
    for (int n = 0; n < 60; ++n) {
        problem.inputs[0].push_back(n * 7 % 60);
        problem.inputs[1].push_back(random.uniform());
        problem.target.push_back(0);
        alternating.push_back(n * 7 % 60 % 2 == 0 ? 1 : -1);
        bent.push_back(std::sin(n * 7 % 60 * 0.9));
        noise.push_back(random.normal());
    }
    EXPECT_FALSE(looks_like_noise(alternating, problem));
    EXPECT_FALSE(looks_like_noise(bent, problem));
    EXPECT_TRUE(looks_like_noise(noise, problem));
    // A row that occurs twice is one measurement.
    for (auto& column : problem.inputs) column.insert(column.end(), column.begin(), column.begin() + 60);
    problem.target.resize(120);
    noise.insert(noise.end(), noise.begin(), noise.begin() + 60);
    EXPECT_TRUE(looks_like_noise(noise, problem));
}

TEST(Kinds, ConstantColumnsMakeAConstantTarget) {
    const double pi = 3.141592653589793;
    EXPECT_EQ(answer_to({.inputs = {{2, 2}, {pi, pi}, {2.718, 2.718}}, .target = {pi / std::sqrt(2), pi / std::sqrt(2)}},
                        {"two", "pi_", "e"}),
              "pi_/sqrt(two)");
    // Where an input varies the number is the answer.
    EXPECT_EQ(answer_to({.inputs = {{2, 2}, {1, 3}}, .target = {2, 2}}, {"two", "b"}), "2");
}

TEST(Kinds, FittedNumbersOfLargeScaleStandOnTheFront) {
    Problem loss{.inputs = {{}}};
    for (int n = 0; n < 38; ++n) {
        loss.inputs[0].push_back(1100 + 50 * n);
        loss.target.push_back(std::round(1e6 / (loss.inputs[0].back() + 9000)));
    }
    ExplainOptions options = general_options();
    options.search.run = {.threads = 1, .seconds = 5};
    options.most_operators = options.search.most_operators = 2;
    const auto said = explain(loss, options);
    ASSERT_TRUE(said);
    EXPECT_LT(said->report.front.back().fit.rmse, 0.2855)
        << to_infix(said->report.front.back().program, std::vector<std::string>{"att"});
}

} // namespace
} // namespace ropewalk::formula
