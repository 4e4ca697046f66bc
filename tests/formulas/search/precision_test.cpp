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

TEST(Precision, RoundingErrorsThatHappenToVanishAreNoFunctionEither) {
    // Sums in this order are without an error; in another they are not.
    const std::string lucky = "(1 - less(0, x))*(696630450394155.6 - 696630450394155*x) + (696630450394155.6*x - 696630450394155.5)";
    const Problem few{.inputs = {{-1, 0, 1, 1, 0, -1}}, .target = {0.2, 0.1, 0.9, 1.1, -0.2, 0.3}};
    EXPECT_TRUE(std::isinf(fit(lucky, few).rmse));
    // Below the least normal number: x^-44.5 is there, 1/x^44.5 is not.
    const Problem large{.inputs = {{0.8e7, 0.85e7, 0.9e7}}, .target = {1, 2, 3}};
    Program tiny = variable(1, 0);
    tiny = combine(Operator::power, tiny, constant(1, -44.5));
    tiny = combine(Operator::multiply, tiny, combine(Operator::power, variable(1, 0), constant(1, 44.0)));
    EXPECT_TRUE(std::isinf(fit_of(tiny, large).rmse));
    // One less one, over the same.
    const Problem ones{.inputs = {{1, 1, 1}}, .target = {1, 2, 3}};
    EXPECT_TRUE(std::isinf(fit("1/((2.361e-16 + 0.9999999999999994*x - 1)/(1 - x - 2.341e-16))", ones).rmse));
}

TEST(Precision, LargeWholeNumbersAndSmallPartsAreNoRoundingErrors) {
    for (const char* const formula : {"x*123456789 - (x*123456788 + 7)", "(x + 4503599627370496) - 4503599627370495",
                                      "1/(1 + exp(-40*x))", "exp(-x^2*30)", "sin(1000000*x)", "sqrt(x*x)", "log(exp(x))"})
        EXPECT_FALSE(std::isinf(fit(formula, rows(formula, 1, 1, 40)).rmse)) << formula;
}

/// Numbers of many magnitudes, whole ones among them.
double some_number(base::RandomStream& random) {
    const double whole = static_cast<double>(random.below(9));
    if (random.below(3) == 0) return whole - 4;
    return (random.below(2) == 0 ? 1 : -1) * std::pow(10.0, 20 * random.uniform() - 10);
}

TEST(Precision, WhatIsNoRoundingErrorReadsAsItIsWritten) {
    // Straight lines of any operators without steps, whose differences and quotients often cancel.
    using enum Operator;
    constexpr Operator any[] = {add, subtract, multiply, divide, add, subtract, square, reciprocal, exponential,
                                logarithm, power, square_root, sine, arctangent, constant};
    int judged = 0, refused = 0;
    for (std::uint64_t trial = 0; trial < 100000; ++trial) {
        base::RandomStream random(3, base::Purpose::test, trial);
        Problem problem{.inputs = {{}, {}}};
        for (auto& column : problem.inputs) {
            const bool same = random.below(4) == 0;
            const double first = some_number(random);
            for (int n = 0; n < 6; ++n) column.push_back(same ? first : some_number(random));
        }
        Program program{.variables = 2, .lines = {}};
        const int lines = 2 + static_cast<int>(random.below(7));
        for (int n = 0; n < lines; ++n) {
            const auto slots = static_cast<std::uint32_t>(program.slots());
            const int left = static_cast<int>(random.below(slots)), right = static_cast<int>(random.below(slots));
            program.lines.push_back({any[random.below(15)], left, right, some_number(random)});
        }
        const std::vector<double> values = evaluate(program, problem.inputs);
        problem.target = values;
        if (!std::all_of(values.begin(), values.end(), [](double each) { return std::isfinite(each); })) continue;
        const auto [least, most] = std::minmax_element(values.begin(), values.end());
        const double spread = *most > *least ? *most - *least : std::abs(*most);
        if (!(spread > 0) || !std::isfinite(spread)) continue;
        if (std::isinf(fit_of(program, problem).rmse)) {
            ++refused;
            continue;
        }
        const std::vector<std::string> names{"a", "b"};
        const std::string text = to_infix(program, names);
        const auto again = parse_formula(text, names);
        ASSERT_TRUE(again) << text;
        const std::vector<double> read = evaluate(*again, problem.inputs);
        for (std::size_t n = 0; n < read.size(); ++n)
            EXPECT_LE(std::abs(read[n] - values[n]), 1e-6 * spread + 1e-12 * std::abs(values[n])) << trial << ": " << text;
        ++judged;
    }
    EXPECT_GT(judged, 10000);
    EXPECT_GT(refused, 50);
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
