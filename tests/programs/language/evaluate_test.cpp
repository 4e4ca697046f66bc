#include <gtest/gtest.h>

#include "ropewalk/programs/language/language.hpp"

namespace ropewalk::language {
namespace {

using Memory = std::vector<int>;

Program parsed(const std::string& text, bool holes = false) {
    auto program = parse(text, "test", {.holes = holes});
    EXPECT_TRUE(program) << base::render(program.error());
    return program ? *program : Program{};
}

TEST(Evaluate, RunsOutOfFuel) {
    const Machine machine{.base = 8, .cells = 2};
    const Program endless = parsed("while 1 == 1: M[0] = M[0] + 1");
    EXPECT_FALSE(evaluate(endless, machine, {0, 0}));
    const Program three = parsed("for i in 0..3: M[0] = M[0] + 1");
    EXPECT_EQ(evaluate(three, machine, {0, 0}, 3), (Memory{3, 0}));
    EXPECT_FALSE(evaluate(three, machine, {0, 0}, 2));
    EXPECT_FALSE(evaluate(parsed("while 1 == 1: nop"), machine, {0, 0}, 1000));
}

TEST(Evaluate, GivesNothingForSketches) {
    const Machine machine{.base = 8, .cells = 2};
    for (const char* text : {"M[0] = ?value.f(M[1])", "for i in ?range.r: nop", "if ?test.t(M[0]): nop",
                             "while ?test.t: nop", "M[?value.a] = 1"})
        EXPECT_FALSE(evaluate(parsed(text, true), machine, {0, 0})) << text;
}

TEST(Evaluate, TreatsRangesOfConstantsAsIntegers) {
    const Machine machine{.base = 4, .cells = 4};
    EXPECT_EQ(evaluate(parsed("for i in 0..n: M[i] = 1"), machine, {0, 0, 0, 0}), (Memory{1, 1, 1, 1}));
    EXPECT_EQ(evaluate(parsed("for i in n-1..n: M[i] = 1"), machine, {0, 0, 0, 0}), (Memory{0, 0, 0, 1}));
    // A variable holds n modulo base, which is 0.
    EXPECT_EQ(evaluate(parsed("a = n; for i in 0..a: M[i] = 1"), machine, {0, 0, 0, 0}),
              (Memory{0, 0, 0, 0}));
    EXPECT_EQ(evaluate(parsed("def f(x) = x\nfor i in 0..f(n): M[i] = 1"), machine, {0, 0, 0, 0}),
              (Memory{1, 1, 1, 1}));
}

TEST(Evaluate, TakesTheBoundsOfARangeOnce) {
    const Machine machine{.base = 8, .cells = 3};
    EXPECT_EQ(evaluate(parsed("a = 3; for i in 1..a: a, M[0] = 7, M[0] + 1"), machine, {0, 0, 0}),
              (Memory{2, 0, 0}));
    EXPECT_EQ(evaluate(parsed("for i in 1..M[1]: M[0], M[1] = M[0] + 1, 7"), machine, {0, 3, 0}),
              (Memory{2, 7, 0}));
    EXPECT_EQ(evaluate(parsed("i = 2; for i in 0..i: M[0] = M[0] + 1"), machine, {0, 0, 0}),
              (Memory{2, 0, 0}));
}

TEST(Evaluate, FoldsAddressesIntoTheCells) {
    const Machine machine{.base = 8, .cells = 3};
    EXPECT_EQ(evaluate(parsed("M[5] = M[7] + 1"), machine, {0, 4, 0}), (Memory{0, 4, 5}));
}

TEST(Evaluate, StartsVariablesAtZero) {
    const Machine machine{.base = 8, .cells = 2};
    EXPECT_EQ(evaluate(parsed("if M[0] == 1: a = 5\nM[1] = a"), machine, {0, 3}), (Memory{0, 0}));
    EXPECT_EQ(evaluate(parsed("if M[0] == 1: a = 5\nM[1] = a"), machine, {1, 3}), (Memory{1, 5}));
}

TEST(ConstantInteger, IsForNumbersSizesSumsAndDifferences) {
    const Machine machine{.base = 4, .cells = 4};
    EXPECT_EQ(constant_integer(operation(Operator::subtract, size(), constant(6)), machine), -2);
    EXPECT_EQ(constant_integer(operation(Operator::add, size(), constant(6)), machine), 10);
    EXPECT_FALSE(constant_integer(operation(Operator::multiply, size(), constant(6)), machine));
    EXPECT_FALSE(constant_integer(variable("a"), machine));
    EXPECT_FALSE(constant_integer(load(constant(0)), machine));
}

TEST(Syntax, CountsNodes) {
    EXPECT_EQ(node_count(operation(Operator::add, variable("x"), load(constant(1)))), 4);
    EXPECT_EQ(node_count(parsed("for i in 0..n: M[i] = M[i] + 1")), 3 + 1 + 2 + 4);
    EXPECT_EQ(node_count(parsed("def f(x) = x\nM[0] = f(1)")), 2 + 1 + 2 + 2);
}

TEST(Syntax, InlinesFunctionsInFunctions) {
    const Program program = parsed("def f(x, y) = x - y\ndef g(y) = f(2, y) * y\nM[0] = g(M[1])");
    EXPECT_EQ(to_string(inlined(program)), "M[0] = (2 - M[1]) * M[1]\n");
    EXPECT_EQ(to_string(inlined(call("g", {variable("y")}), program.functions)), "(2 - y) * y");
}

} // namespace
} // namespace ropewalk::language
