// Problems whose rows are given.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::perception {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

GivenData data_of(std::vector<double> y) {
    GivenData data{
        .images = {}, .files = {}, .rows = {.rows = y.size(), .images = {}, .y = {}}, .outputs = {"y"}};
    for (std::uint32_t n = 0; n < y.size(); ++n) data.rows.images.insert(data.rows.images.end(), {n, n + 1});
    data.rows.y = std::move(y);
    return data;
}

TEST(GivenRows, AreParted) {
    const GivenRows rows{.rows = 3, .images = {0, 1, 2, 3, 4, 5}, .y = {1, 2, 3, 10, 20, 30}};
    const GivenRows part = part_of(rows, {true, false, true}, true);
    EXPECT_EQ(part.rows, 2u);
    EXPECT_THAT(part.images, ElementsAre(0, 1, 4, 5));
    EXPECT_THAT(part.y, ElementsAre(1, 3, 10, 30));
    EXPECT_THAT(part_of(rows, {true, false, true}, false).y, ElementsAre(2, 20));
}

TEST(GivenRows, HaveAPoolOfSymbolsOfTheirScale) {
    const auto problem = make_given_problem(2, {.operators = 1, .scale = 10});
    ASSERT_TRUE(problem) << base::render(problem.error());
    EXPECT_EQ(problem->pool.variables, 2);
    const identification::LetterValues values(problem->table, std::vector<double>{0.1, 0.3});
    for (std::size_t f = 0; f < problem->pool.formulas.size(); ++f)
        // The second row has the letters 0.1 and 0.3, which stand for 1 and 3.
        EXPECT_NEAR(values.of(f)[1], formula::evaluate(problem->pool.formulas[f], std::vector<double>{1, 3}),
                    1e-12);
}

TEST(GivenRows, AreKeptForValidationInPart) {
    const GivenOptions options{.holdout = 0.25, .seed = 1};
    Problem problem = *make_given_problem(2, options);
    ASSERT_TRUE(give_rows(problem, data_of({1, 2, 3, 4, 5, 6, 7, 8}), options, "here"));
    EXPECT_EQ(problem.given()->training.rows, 6u);
    EXPECT_EQ(problem.given()->validation.rows, 2u);
    EXPECT_EQ(problem.task_count(), 1u);
}

TEST(GivenRows, MustDifferAndBeEnough) {
    const GivenOptions options;
    Problem problem = *make_given_problem(2, options);
    EXPECT_THAT(
        base::render(give_rows(problem, data_of(std::vector<double>(60, 2.0)), options, "here").error()),
        HasSubstr("all the same"));
    EXPECT_THAT(base::render(give_rows(problem, data_of({1, 2}), options, "here").error()),
                HasSubstr("setting `holdout`"));
    EXPECT_FALSE(make_given_problem(2, {.holdout = 1}));
    EXPECT_FALSE(make_given_problem(2, {.scale = 0}));
    EXPECT_THAT(base::render(make_given_problem(5, {.operators = 6}).error()),
                HasSubstr("more than 100000 formulas of 5 variables"));
}

} // namespace
} // namespace ropewalk::perception
