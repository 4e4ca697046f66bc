#include <algorithm>

#include <gtest/gtest.h>

#include "ropewalk/programs/search/search.hpp"

namespace ropewalk::search {
namespace {

using language::Operator;

TEST(CostModel, IsUniformToBeginWith) {
    const CostModel model;
    EXPECT_FALSE(model.fitted());
    EXPECT_EQ(model.of(Operator::add), model.of(Operator::minimum));
    EXPECT_EQ(model.of_number(0), model.of_number(1));
    EXPECT_LT(model.of_size(), model.of_number(7));
    EXPECT_EQ(model.of_sketch("map", 3), 3);
    EXPECT_FALSE(fit({}, {}).fitted());
}

TEST(CostModel, AddsUpOverAnExpression) {
    const CostModel model;
    const auto program = language::parse("M[0] = min(M[1], 5) - n", "test").value();
    EXPECT_EQ(model.of(program.statements[0].values[0]),
              model.of(Operator::subtract) + model.of(Operator::minimum) + model.of_load() +
                  model.of_number(1) + model.of_number(5) + model.of_size());
}

TEST(CostModel, FittedMakesWhatProgramsUseCheaper) {
    std::vector<language::Program> programs;
    for (int i = 0; i < 5; ++i)
        programs.push_back(
            language::parse("for i in 0..n: M[i] = M[i] * 5 + M[i] * 5 - M[i] * 5", "test").value());
    programs.push_back(language::parse("M[0] = min(M[0], 1)", "test").value());
    const std::vector<std::string> sketches{"map", "map", "map", "map", "map", "fold"};
    const CostModel model = fit(programs, sketches);
    EXPECT_TRUE(model.fitted());
    EXPECT_LT(model.of(Operator::multiply), model.of(Operator::minimum));
    EXPECT_LT(model.of(Operator::multiply), model.of(Operator::divide));
    EXPECT_LT(model.of_number(5), model.of_number(1));
    EXPECT_LT(model.of_number(5), model.of_number(6));
    EXPECT_LT(model.of_sketch("map", 9), model.of_sketch("fold", 1));
    EXPECT_LE(model.of_sketch("fold", 9), model.of_sketch("unfold", 1));
    EXPECT_GE(model.of_load(), 1);
}

TEST(CostModel, FittedRaisesTheRankOfWhatProgramsUse) {
    const BankOptions uniform{.machine = {8, 8}, .costs = {}, .functions = {}, .largest_cost = 5};
    const std::vector<language::Program> programs(
        5, language::parse("for i in 0..n: M[i] = M[i] * 5 % 3", "test").value());
    BankOptions fitted = uniform;
    fitted.costs = fit(programs, {});
    fitted.largest_cost = 14;
    const auto rank = [](const BankOptions& options) {
        const HoleBank bank = make_bank(HoleKind::value, 2, options, {});
        return std::find_if(bank.expressions.begin(), bank.expressions.end(),
                            [](const auto& each) { return language::to_string(each) == "a * b"; }) -
               bank.expressions.begin();
    };
    EXPECT_LT(rank(fitted), rank(uniform));
}

} // namespace
} // namespace ropewalk::search
