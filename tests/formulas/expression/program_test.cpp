// Straight-line programs: sizes, tidying, simplification, normal forms.
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/formulas/text/text.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/search/column_evaluation.hpp"

namespace ropewalk::formula {
namespace {

/// A random program over all operators, dead lines, no-ops and shared lines included.
Program random_program(base::RandomStream& random, int variables, int lines, bool rational_only = false) {
    Program program{variables, {}, 0};
    const double numbers[] = {0, 1, -1, 2, 0.5, -3, 0.25};
    // No operator behind the constant is rational.
    const std::uint32_t drawn =
        rational_only ? static_cast<std::uint32_t>(Operator::constant) + 1 : operator_count;
    while (static_cast<int>(program.lines.size()) < lines) {
        const OperatorInfo& row = operators()[random.below(drawn)];
        if (rational_only && !row.rational) continue;
        Line line{row.operation, 0, 0, 0};
        const auto slots = static_cast<std::uint32_t>(program.slots());
        if (row.arity >= 1) line.left = static_cast<int>(random.below(slots));
        if (row.arity >= 2) line.right = static_cast<int>(random.below(slots));
        if (row.operation == Operator::constant) line.value = numbers[random.below(7)];
        program.lines.push_back(line);
    }
    return program;
}

/// Whether `found` agrees with `expected` to rounding that may have grown through the operators between.
bool close(double found, double expected) {
    return found == expected || std::abs(found - expected) <= 1e-6 * (1 + std::abs(expected));
}

TEST(FormulaProgram, TidyingKeepsTheValueAndNeverLengthens) {
    base::RandomStream random(1, base::Purpose::test);
    for (int trial = 0; trial < 3000; ++trial) {
        const Program program = random_program(random, 1 + static_cast<int>(random.below(3)), 1 + trial % 12);
        ASSERT_TRUE(valid(program));
        const Program tidied = tidy(program);
        ASSERT_TRUE(valid(tidied));
        EXPECT_LE(tidied.lines.size(), program.lines.size());
        EXPECT_EQ(size(tidied).operators, size(program).operators);
        std::vector<double> variables(static_cast<std::size_t>(program.variables));
        for (double& value : variables) value = 4 * random.uniform() - 2;
        const double before = evaluate(program, variables), after = evaluate(tidied, variables);
        EXPECT_TRUE(before == after || (std::isnan(before) && std::isnan(after)));
    }
}

TEST(FormulaProgram, SimplificationAgreesWhereverTheOriginalIsFinite) {
    base::RandomStream random(2, base::Purpose::test);
    int shorter = 0;
    for (int trial = 0; trial < 5000; ++trial) {
        const Program program = random_program(random, 1 + static_cast<int>(random.below(3)), 1 + trial % 10);
        const Program simple = simplified(program);
        ASSERT_TRUE(valid(simple));
        EXPECT_LE(size(simple).operators, size(program).operators);
        shorter += size(simple).operators < size(program).operators;
        for (int sample = 0; sample < 5; ++sample) {
            // Halves, so that most operators are exact and nothing is lost to cancellation.
            std::vector<double> variables(static_cast<std::size_t>(program.variables));
            for (double& value : variables) value = 0.5 * (1 + random.below(6));
            // A line that is infinite on the way may come back finite (1 / (1 / 0)); the rules promise
            // nothing there.
            bool finite = true;
            Program prefix = program;
            for (; !prefix.lines.empty(); prefix.lines.pop_back())
                finite = finite && std::isfinite(evaluate(prefix, variables));
            if (!finite) continue;
            const double expected = evaluate(program, variables);
            if (std::abs(expected) > 1e6) continue;
            EXPECT_TRUE(close(evaluate(simple, variables), expected))
                << evaluate(simple, variables) << " instead of " << expected;
        }
    }
    EXPECT_GT(shorter, 500);
}

TEST(FormulaProgram, SimplificationKeepsTheNormalForm) {
    base::RandomStream random(3, base::Purpose::test);
    int compared = 0;
    for (int trial = 0; trial < 1000; ++trial) {
        const Program program = random_program(random, 2, 1 + trial % 6, true);
        const auto before = normal_form(program);
        if (!before) continue;
        const auto after = normal_form(simplified(program));
        ASSERT_TRUE(after);
        EXPECT_EQ(*before, *after);
        ++compared;
    }
    EXPECT_GT(compared, 500);
}

TEST(FormulaProgram, SimplificationEndsOnNumbersThatAreNotFinite) {
    Program program = combine(Operator::logarithm, constant(1, -1));
    program = combine(Operator::add, program, program);
    EXPECT_FALSE(std::isfinite(evaluate(simplified(program), std::vector<double>{1})));
}

TEST(FormulaProgram, ColumnsAgreeWithSingleRows) {
    base::RandomStream random(4, base::Purpose::test);
    for (const std::size_t rows : {1u, 7u, 511u, 512u, 513u, 1500u}) {
        const Program program = random_program(random, 3, 8);
        std::vector<std::vector<double>> columns(3, std::vector<double>(rows));
        for (auto& column : columns)
            for (double& value : column) value = random.normal();
        const auto fast = evaluate_columns(program, columns), slow = evaluate(program, columns);
        for (std::size_t n = 0; n < rows; ++n)
            ASSERT_TRUE(close(fast[n], slow[n]) || (std::isnan(fast[n]) && std::isnan(slow[n])));
    }
}

TEST(FormulaProgram, CountsOperatorsNodesAndLiveLines) {
    // t = a + b; dead = t * t; t2 = no-op t; t2 * t
    const Program program{2,
                          {{Operator::add, 0, 1, 0},
                           {Operator::multiply, 2, 2, 0},
                           {Operator::no_operation, 2, 0, 0},
                           {Operator::multiply, 4, 2, 0}},
                          0};
    EXPECT_EQ(size(program), (Size{3, 7, 3}));
    EXPECT_EQ(size(tidy(program)).live_lines, 2);
}

TEST(FormulaProgram, ASizeThatOverflowsSaturates) {
    Program program{1, {}, 0};
    for (int l = 0; l < 200; ++l) program.lines.push_back({Operator::add, l, l, 0});
    EXPECT_EQ(size(program).nodes, std::int64_t{1} << 62);
}

TEST(FormulaPolynomial, TellsEqualFormulasFromDifferentOnes) {
    const std::vector<std::string> names{"a", "b"};
    const auto parsed = [&](const char* text) { return parse_formula(text, names).value(); };
    EXPECT_TRUE(same_function(parsed("(a+b)^2"), parsed("a^2 + 2*a*b + b^2")).value());
    EXPECT_TRUE(same_function(parsed("(a^2-b^2)/(a-b)"), parsed("a+b")).value());
    EXPECT_TRUE(same_function(parsed("1/(1/a+1/b)"), parsed("a*b/(a+b)")).value());
    EXPECT_FALSE(same_function(parsed("a-b"), parsed("b-a")).value());
    EXPECT_FALSE(same_function(parsed("a/b"), parsed("b/a")).value());
    EXPECT_FALSE(same_function(parsed("sqrt(a)"), parsed("a")));
    EXPECT_FALSE(normal_form(parsed("1/(a-a)")));
}

TEST(FormulaPolynomial, RefusesWhatOutgrowsItsLimits) {
    Program sum{3, {{Operator::add, 0, 1, 0}, {Operator::add, 3, 2, 0}}, 0};
    for (int l = 0; l < 14; ++l)
        sum.lines.push_back({Operator::multiply, sum.slots() - 1, sum.slots() - 1, 0});
    EXPECT_FALSE(normal_form(sum));
    Program power{1, {}, 0};
    for (int l = 0; l < 40; ++l) power.lines.push_back({Operator::multiply, l, l, 0});
    EXPECT_TRUE(normal_form(power));
    EXPECT_FALSE(polynomial(power));
}

TEST(FormulaPolynomial, EveryFormulaOfThePoolEqualsTheSumOfItsTerms) {
    const auto pool = formula_pool({.variables = 3, .operators = 4});
    ASSERT_TRUE(pool);
    const std::vector<double> point{0.5, -1.5, 2.25};
    for (const Program& each : pool->formulas) {
        const auto terms = polynomial(each);
        ASSERT_TRUE(terms);
        double sum = 0;
        for (const Term& term : *terms) {
            double product = static_cast<double>(term.coefficient);
            for (std::size_t v = 0; v < point.size(); ++v) product *= std::pow(point[v], term.exponents[v]);
            sum += product;
        }
        ASSERT_NEAR(sum, evaluate(each, point), 1e-9 * (1 + std::abs(sum)));
    }
}

} // namespace
} // namespace ropewalk::formula
