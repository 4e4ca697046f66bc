// Which formula of a front is the answer, and what is said of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/laws/laws.hpp"
#include "ropewalk/formulas/text/text.hpp"

namespace ropewalk::formula {
namespace {

const std::vector<std::string> one_name{"x"};

Problem line_with_noise(int count, double noise) {
    Problem problem{.inputs = {{}}};
    base::RandomStream random(4, base::Purpose::test);
    for (int n = 0; n < count; ++n) {
        problem.inputs[0].push_back(random.uniform());
        problem.target.push_back(problem.inputs[0].back() + noise * random.normal());
    }
    return problem;
}

FormulaReport report_of(const std::vector<std::string>& formulas) {
    FormulaReport report;
    for (const std::string& text : formulas) report.front.push_back({*parse_formula(text, one_name), 0, {}, 0});
    return report;
}

TEST(Explanation, AVariableAloneExplainsMoreThanTheMean) {
    const Explanation said = chosen_of(report_of({"x"}), line_with_noise(50, 0.01));
    EXPECT_TRUE(said.found);
    EXPECT_FALSE(chosen_of(report_of({"0.5"}), line_with_noise(50, 0.01)).found);
}

TEST(Explanation, ATargetThatNeverChangesIsThatNumberUnlessItHasAUnit) {
    Problem problem{.inputs = {{1, 2, 3}}, .target = {5, 5, 5}};
    const auto said = explain(problem, general_options());
    ASSERT_TRUE(said);
    EXPECT_TRUE(said->same_on_all_rows);
    EXPECT_TRUE(said->found);
    EXPECT_EQ(to_infix(said->report.front[said->best].program, one_name), "5");
    problem.units = {*parse_unit("m")};
    problem.target_unit = *parse_unit("s");
    EXPECT_FALSE(constant_explanation(problem));
}

TEST(Explanation, RowsThatAreHeldOutChooseTheSmallestThatIsAsGood) {
    const Problem seen = line_with_noise(40, 0.01);
    Problem held_out = line_with_noise(60, 0.01);
    // Where x is beyond 1 the two part.
    for (std::size_t n = 0; n < 60; ++n) held_out.inputs[0][n] += 1, held_out.target[n] += 1;
    Explanation said = chosen_of(report_of({"0.5", "x", "x + 0.1*x^9"}), seen);
    said.best = 2;
    choose_by(held_out, seen, said);
    EXPECT_EQ(said.best, 1u);
    EXPECT_TRUE(said.found);
    EXPECT_EQ(said.rows_held_out, 60u);
    ASSERT_EQ(said.held_out.size(), 3u);
    EXPECT_LT(said.held_out[1].rmse, said.held_out[2].rmse);
    // What is left is said of the formula that was chosen.
    EXPECT_NEAR(said.noise, said.report.front[1].fit.rmse / spread_of(seen.target), 1e-12);
    EXPECT_TRUE(said.only_noise_left);
}

TEST(Explanation, NarrowsTheGeneralSettingByNames) {
    const auto narrowed = narrowed_options({.operators = {}, .functions = "sin", .exact_only = false, .most_operators = 3});
    ASSERT_TRUE(narrowed);
    EXPECT_TRUE(narrowed->laws);
    EXPECT_EQ(narrowed->search.operators.size(), 5u);
    EXPECT_EQ(narrowed->most_operators, 3);
    EXPECT_FALSE(narrowed_options({.operators = "add", .functions = "", .exact_only = false, .most_operators = {}})->laws);
    const auto unknown = narrowed_options({.operators = {}, .functions = "sqr", .exact_only = false, .most_operators = {}});
    ASSERT_FALSE(unknown);
    EXPECT_THAT(base::render(unknown.error()), testing::HasSubstr("setting `functions`"));
}

} // namespace
} // namespace ropewalk::formula
