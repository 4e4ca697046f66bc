// What may be called exact.
#include <cmath>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/laws/laws.hpp"

namespace ropewalk::formula {
namespace {

/// Rows x = low, low + step, ... and the values of a formula over x.
Problem rows(const std::string& formula, double low, double step, int count) {
    Problem problem{.inputs = {{}}};
    for (int n = 0; n < count; ++n) problem.inputs[0].push_back(low + step * n);
    problem.target = evaluate(*parse_formula(formula, std::vector<std::string>{"x"}), problem.inputs);
    return problem;
}

Fit fit(const std::string& formula, const Problem& problem) {
    return fit_of(*parse_formula(formula, std::vector<std::string>{"x"}), problem);
}

TEST(Precision, AFormulaIsExactOnItsOwnValues) {
    for (const char* const formula :
         {"x^4 + x", "1000000000 + x^2", "x^2 + 3*x + 5", "sin(x)/x", "exp(-x^2/2)", "sqrt(x)*log(x + 1)", "0.1*x", "x^2.6"})
        EXPECT_TRUE(fit(formula, rows(formula, 0.7, 1.3, 60)).exact) << formula;
}

TEST(Precision, AConstantIsNotExactBesideALargeOffset) {
    const Problem problem = rows("1000000000 + x^2", 0, 1, 30);
    EXPECT_FALSE(fit("1000000281 + 0*x", problem).exact);
    EXPECT_FALSE(fit("1000000000 + x^2 + 0.001*x", problem).exact);
}

TEST(Precision, SmallTermsCountOnTheRowsWhereTheyShow) {
    EXPECT_FALSE(fit("x^4", rows("x^4 + x", 1, 60, 70)).exact);
    EXPECT_FALSE(fit("(x + 1)*(x + 2)", rows("x^2 + 3*x + 5", 1, 200000, 50)).exact);
}

TEST(Precision, RoundingErrorsAreNoFunction) {
    const Problem problem{.inputs = {{1, 2, 3, 4}}, .target = {2, 2, 5, 5}};
    const Fit noise = fit("4053239664633449 - 13510798882111488*(x - (x - 0.3))", problem);
    EXPECT_FALSE(noise.exact);
    EXPECT_TRUE(std::isinf(noise.rmse));
}

TEST(Precision, ATablePrintedWithFewDigitsIsExactToThem) {
    Problem problem = rows("sqrt(x)*3.7", 1, 1, 40);
    for (double& y : problem.target) y = std::round(y * 1e4) / 1e4;
    EXPECT_FALSE(fit("sqrt(x)*3.7", problem).exact) << "nothing is known of the digits";
    problem.resolution.assign(40, 0.5e-4);
    EXPECT_TRUE(fit("sqrt(x)*3.7", problem).exact);
    EXPECT_FALSE(fit("sqrt(x)*3.7001", problem).exact);
    for (double& y : problem.target) y = std::round(y);
    problem.resolution.assign(40, 0.5);
    EXPECT_FALSE(fit("sqrt(x)*3.7", problem).exact) << "digits that coarse prove nothing";
}

TEST(Precision, RowsWithoutWeightDoNotCountInTheError) {
    Problem problem = rows("2*x", 1, 1, 5);
    problem.target[4] = 1000;
    problem.weights = {1, 1, 1, 1, 0};
    EXPECT_EQ(fit("2*x", problem).rmse, 0);
    EXPECT_FALSE(fit("2*x", problem).exact) << "exact is said of all rows";
}

TEST(Precision, NothingThatDiffersByMoreThanRoundingIsExact) {
    // Random polynomials, and the same with one coefficient off by a millionth.
    for (std::uint64_t trial = 0; trial < 2000; ++trial) {
        base::RandomStream random(1, base::Purpose::test, trial);
        const auto number = [&] { return std::pow(10.0, 8 * random.uniform() - 4) * (random.below(2) == 0 ? 1 : -1); };
        Problem problem{.inputs = {{}}};
        for (int n = 0; n < 12; ++n) problem.inputs[0].push_back(number());
        Program program = *parse_formula("2*x^2 + 3*x + 5", std::vector<std::string>{"x"});
        for (Line& line : program.lines)
            if (line.operation == Operator::constant) line.value = number();
        problem.target = evaluate(program, problem.inputs);
        ASSERT_TRUE(fit_of(program, problem).exact) << trial;
        const auto last = std::find_if(program.lines.begin(), program.lines.end(),
                                       [](const Line& line) { return line.operation == Operator::constant; });
        last->value *= 1 + 1e-6;
        const std::vector<double> values = evaluate(program, problem.inputs);
        double worst = 0;
        const auto [least, most] = std::minmax_element(problem.target.begin(), problem.target.end());
        for (std::size_t n = 0; n < values.size(); ++n) worst = std::max(worst, std::abs(values[n] - problem.target[n]));
        if (worst > 1e-11 * (*most - *least)) {
            EXPECT_FALSE(fit_of(program, problem).exact) << trial;
        }
    }
}

} // namespace
} // namespace ropewalk::formula
