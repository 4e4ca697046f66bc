// The pool of distinct formulas, its counts and its draws.
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/search.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace ropewalk::formula {
namespace {

TEST(FormulaPool, CountsThePolynomialsOfUpToSixOperators) {
    Bank bank({.variables = 3, .constants = {}, .operators = arithmetic(), .units = {}});
    const std::vector<std::uint32_t> expected{3, 22, 150, 1102, 8604, 70083, 590303};
    for (int level = 0; level <= 6; ++level) {
        if (level > 0) {
            ASSERT_TRUE(bank.add_level());
        }
        EXPECT_EQ(bank.level_begin(level + 1), expected[static_cast<std::size_t>(level)])
            << level << " operators";
    }
}

TEST(FormulaPool, HoldsEveryNormalFormOnce) {
    const auto pool = formula_pool({.variables = 3, .operators = 4});
    ASSERT_TRUE(pool);
    std::set<std::string> forms;
    for (const Program& each : pool->formulas) forms.insert(normal_form(each).value());
    EXPECT_EQ(forms.size(), 8604u);
}

TEST(FormulaPool, UsesOneTwoOrThreeVariables) {
    const auto pool = formula_pool({.variables = 3, .operators = 3});
    ASSERT_TRUE(pool);
    std::vector<int> by_count(4);
    for (std::size_t i = pool->level_ends[2]; i < pool->formulas.size(); ++i) {
        std::set<std::size_t> used;
        const auto terms = polynomial(pool->formulas[i]);
        ASSERT_TRUE(terms);
        for (const Term& term : *terms)
            for (std::size_t v = 0; v < term.exponents.size(); ++v)
                if (term.exponents[v] > 0) used.insert(v);
        ++by_count[used.size()];
    }
    EXPECT_EQ(by_count, (std::vector<int>{0, 57, 498, 397}));
}

TEST(FormulaPool, EveryFormulaHasTheOperatorsOfItsLevel) {
    const auto pool = formula_pool({.variables = 3, .operators = 4});
    ASSERT_TRUE(pool);
    std::size_t begin = 0;
    for (std::size_t level = 0; level < pool->level_ends.size(); begin = pool->level_ends[level++])
        for (std::size_t i = begin; i < pool->level_ends[level]; ++i)
            ASSERT_EQ(size(pool->formulas[i]).operators, static_cast<std::int64_t>(level));
}

TEST(FormulaPool, LeavesTheZeroPolynomialOutWhenAsked) {
    const auto pool = formula_pool({.variables = 3, .operators = 3, .with_zero = false});
    ASSERT_TRUE(pool);
    EXPECT_EQ(pool->formulas.size(), 1101u);
    for (const Program& each : pool->formulas) EXPECT_FALSE(polynomial(each)->empty());
}

TEST(FormulaPool, DrawsDifferentTasksAndTheSameForTheSameSeed) {
    const auto pool = formula_pool({});
    ASSERT_TRUE(pool);
    const auto first = draw_tasks(*pool, 500, 7), again = draw_tasks(*pool, 500, 7),
               other = draw_tasks(*pool, 500, 8);
    ASSERT_TRUE(first && again && other);
    EXPECT_EQ(*first, *again);
    EXPECT_NE(*first, *other);
    EXPECT_EQ(std::set<std::size_t>(first->begin(), first->end()).size(), 500u);
    EXPECT_FALSE(draw_tasks(*pool, 2000, 7));
}

TEST(FormulaPool, RefusesSizesOutOfRange) {
    EXPECT_FALSE(formula_pool({.variables = 0}));
    EXPECT_FALSE(formula_pool({.variables = 9}));
    EXPECT_FALSE(formula_pool({.variables = 3, .operators = 7}));
}

} // namespace
} // namespace ropewalk::formula
