// The exact search for formulas on tables of numbers.
#include "ropewalk/formulas/search/formula_search.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/constants.hpp"
#include "ropewalk/formulas/search/screening.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/formulas/table/table.hpp"
#include "ropewalk/formulas/text/text.hpp"

namespace ropewalk::formula {
namespace {

const std::vector<std::string> names{"a", "b", "c", "d", "e"};

/// A table of the formula's values on variables in [low, high].
Problem table(const std::string& text, int variables, std::size_t rows = 100, double low = 1,
              double high = 4) {
    Problem problem;
    base::RandomStream random(11, base::Purpose::test);
    problem.inputs.assign(static_cast<std::size_t>(variables), std::vector<double>(rows));
    for (auto& column : problem.inputs)
        for (double& value : column) value = low + (high - low) * random.uniform();
    const std::span<const std::string> used(names.data(), static_cast<std::size_t>(variables));
    problem.target = evaluate(parse_formula(text, used).value(), problem.inputs);
    return problem;
}

FormulaReport searched(const Problem& problem, const SearchOptions& options) {
    auto report = search_formulas(problem, options);
    EXPECT_TRUE(report) << base::render(report.error());
    return report.value_or(FormulaReport{});
}

std::vector<Operator> with(const std::string& functions) {
    std::vector<Operator> all = arithmetic();
    const auto more = parse_operators("div," + functions);
    all.insert(all.end(), more->begin(), more->end());
    return all;
}

TEST(FormulaSearch, FindsTheSmallestExactFormula) {
    const auto report = searched(table("a*b - c", 3), {});
    ASSERT_FALSE(report.front.empty());
    EXPECT_TRUE(report.front.back().fit.exact);
    EXPECT_EQ(report.front.back().operators, 2);
    EXPECT_EQ(to_infix(report.front.back().program, names), "a*b - c");
    EXPECT_EQ(report.stop_reason, StopReason::found);
}

TEST(FormulaSearch, FindsEveryFormulaOfThePoolOfUpToThreeOperators) {
    const auto pool = formula_pool({.variables = 3, .operators = 3, .with_zero = false});
    ASSERT_TRUE(pool);
    for (std::size_t i = 0; i < pool->formulas.size(); i += 23) {
        Problem problem = table("a", 3, 40, -2, 2);
        problem.target = evaluate(pool->formulas[i], problem.inputs);
        const auto report = searched(problem, {.run = {.threads = 1}});
        ASSERT_FALSE(report.front.empty());
        const Found& found = report.front.back();
        EXPECT_TRUE(found.fit.exact);
        EXPECT_TRUE(same_function(found.program, pool->formulas[i]).value());
        EXPECT_LE(found.operators, size(pool->formulas[i]).operators);
    }
}

TEST(FormulaSearch, TheFrontAscendsInSizeAndDescendsInError) {
    Problem problem = table("a*b + c*c - a", 3);
    base::RandomStream random(3, base::Purpose::test);
    for (double& y : problem.target) y += 0.05 * random.normal();
    const auto report = searched(problem, {.most_operators = 5});
    ASSERT_GE(report.front.size(), 2u);
    for (std::size_t i = 1; i < report.front.size(); ++i) {
        EXPECT_LT(report.front[i - 1].operators, report.front[i].operators);
        EXPECT_GT(report.front[i - 1].fit.rmse, report.front[i].fit.rmse);
    }
    bool found = false;
    for (const Found& each : report.front)
        found = found ||
                same_function(each.program, parse_formula("a*b + c*c - a", std::span(names).first(3)).value())
                    .value();
    EXPECT_TRUE(found);
    EXPECT_EQ(report.completed_operators, 5);
}

TEST(FormulaSearch, StreamedLevelsLoseNothingThatStoredOnesFind) {
    // A limit on memory leaves the bank at its leaves and first levels; the rest is streamed.
    Problem problem = table("a*b - c + a", 3);
    base::RandomStream random(5, base::Purpose::test);
    for (double& y : problem.target) y += 0.01 * random.normal();
    const auto stored = searched(problem, {.most_operators = 3});
    const auto streamed = searched(problem, {.most_operators = 3, .memory = 200 * 900});
    ASSERT_EQ(stored.front.size(), streamed.front.size());
    for (std::size_t i = 0; i < stored.front.size(); ++i) {
        EXPECT_EQ(stored.front[i].operators, streamed.front[i].operators);
        EXPECT_NEAR(stored.front[i].fit.rmse, streamed.front[i].fit.rmse, 1e-12);
    }
}

TEST(FormulaSearch, IsTheSameAtAnyNumberOfThreads) {
    Problem problem = table("a*b - c/a", 3);
    base::RandomStream random(6, base::Purpose::test);
    for (double& y : problem.target) y += 0.1 * random.normal();
    const SearchOptions one{
        .run = {.threads = 1, .seconds = 0}, .operators = with("sqrt"), .most_operators = 4};
    SearchOptions three = one;
    three.run.threads = 3;
    const auto first = searched(problem, one), second = searched(problem, three);
    ASSERT_EQ(first.front.size(), second.front.size());
    for (std::size_t i = 0; i < first.front.size(); ++i)
        EXPECT_EQ(first.front[i].program, second.front[i].program);
}

TEST(FormulaSearch, FitsAFactorAndASummand) {
    const auto report = searched(table("1.37*a*b - 0.815", 2), {.most_operators = 5, .constants = true});
    ASSERT_FALSE(report.front.empty());
    EXPECT_TRUE(report.front.back().fit.exact);
    EXPECT_EQ(report.front.back().operators, 3);
}

TEST(AffineFit, IsRightToTheLastDigits) {
    for (std::uint64_t table = 0; table < 50; ++table) {
        base::RandomStream random(7, base::Purpose::test, table);
        std::vector<double> values(200), target;
        for (double& value : values) value = std::pow(4 * random.uniform() - 2, 3) * (4 * random.uniform() - 2);
        const double scale = 4 * random.uniform() - 2, offset = 4 * random.uniform() - 2;
        for (const double value : values) target.push_back(scale * value + offset);
        const AffineFit fit = affine_fit(values, target);
        const double digits = 4 * 0x1p-52 * (std::abs(scale) + std::abs(offset));
        EXPECT_NEAR(fit.scale, scale, digits) << table;
        EXPECT_NEAR(fit.offset, offset, digits) << table;
    }
}

TEST(FormulaSearch, RoundsFittedNumbersToSimpleOnes) {
    const auto report = searched(table("a*b/3 + 3.141592653589793", 2), {.constants = true});
    ASSERT_FALSE(report.front.empty());
    std::vector<double> numbers;
    for (const Line& line : report.front.back().program.lines)
        if (line.operation == Operator::constant) numbers.push_back(line.value);
    EXPECT_TRUE(report.front.back().fit.exact);
    std::sort(numbers.begin(), numbers.end());
    ASSERT_EQ(numbers.size(), 2u);
    EXPECT_DOUBLE_EQ(numbers[0], 1.0 / 3);
    EXPECT_DOUBLE_EQ(numbers[1], 3.141592653589793);
}

TEST(FormulaSearch, FitsNumbersInsideFunctions) {
    const auto report = searched(table("2.5*exp(-0.73*a)", 1),
                                 {.operators = with("exp"), .most_operators = 6, .constants = true});
    ASSERT_FALSE(report.front.empty());
    EXPECT_GT(report.front.back().fit.r2, 1 - 1e-12);
}

TEST(FormulaSearch, JoinsTwoFormulasThatAreTooLargeTogether) {
    // Seven operators over four variables: beyond what is enumerated here, within what two halves reach.
    const auto report =
        searched(table("(a*b + c)*(c - a*d) + b*d", 4), {.most_operators = 7, .memory = 4'000'000});
    ASSERT_FALSE(report.front.empty());
    EXPECT_TRUE(report.front.back().fit.exact);
    const auto product = searched(table("(a*b + c)*(c - a*d)", 4), {.most_operators = 6});
    EXPECT_TRUE(product.front.back().fit.exact);
}

TEST(FormulaSearch, UnitsRuleOutFormulasThatDoNotFit) {
    // On these rows distance = speed * time and distance = speed + time both hold.
    Problem problem;
    problem.inputs = {{2, 2, 2, 2}, {2, 2, 2, 2}};
    problem.target = {4, 4, 4, 4};
    problem.units = {*parse_unit("m/s"), *parse_unit("s")};
    problem.target_unit = *parse_unit("m");
    const auto report = searched(problem, {.most_operators = 2});
    ASSERT_FALSE(report.front.empty());
    EXPECT_EQ(report.front.back().operators, 1);
    EXPECT_EQ(to_infix(report.front.back().program, names), "a*b");
    problem.target_unit = *parse_unit("kg");
    EXPECT_TRUE(searched(problem, {.most_operators = 3}).front.empty());
}

TEST(FormulaSearch, AConstantTargetIsItsNumber) {
    Problem problem = table("a", 1);
    problem.target.assign(problem.target.size(), 2.5);
    const auto report = searched(problem, {});
    ASSERT_EQ(report.front.size(), 1u);
    EXPECT_EQ(to_infix(report.front.front().program, names), "2.5");
    EXPECT_TRUE(report.front.front().fit.exact);
}

TEST(FormulaSearch, RefusesMalformedProblems) {
    const auto refused = [](Problem problem) { return !search_formulas(problem, {}); };
    EXPECT_TRUE(refused({}));
    EXPECT_TRUE(refused({.inputs = {}, .target = {1, 2}}));
    EXPECT_TRUE(refused({.inputs = {{1, 2, 3}}, .target = {1, 2}}));
    EXPECT_TRUE(refused({.inputs = {{1, NAN}}, .target = {1, 2}}));
    EXPECT_TRUE(refused({.inputs = {{1, 2}}, .target = {1, INFINITY}}));
    EXPECT_TRUE(refused({.inputs = {{1, 2}}, .target = {1, 2}, .units = {Unit{}, Unit{}}}));
    EXPECT_TRUE(refused({.inputs = {{1, 2}}, .target = {1, 2}, .units = {Unit{}}}));
}

TEST(FormulaSearch, SurvivesValuesOfEverySize) {
    for (const double scale : {1e-150, 1e-30, 1e30, 1e150}) {
        Problem problem = table("a*b", 2);
        for (double& value : problem.inputs[0]) value *= scale;
        problem.target = evaluate(parse_formula("a*b", std::span(names).first(2)).value(), problem.inputs);
        const auto report = searched(
            problem, {.run = {.seconds = 5}, .operators = with("sqrt,exp,log,sin"), .most_operators = 3});
        ASSERT_FALSE(report.front.empty()) << scale;
        EXPECT_TRUE(report.front.back().fit.exact) << scale;
    }
}

TEST(FormulaSearch, StopsWhenAsked) {
    const auto report =
        searched(table("sin(a)*exp(b)/c", 3),
                 {.run = {.seconds = 0.3}, .operators = with("sqrt,log"), .most_operators = 9});
    EXPECT_EQ(report.stop_reason, StopReason::seconds);
    EXPECT_LT(report.seconds, 20);
}

TEST(FormulaConstants, TheFitOfANumberReachesTheLeastSquares) {
    const Problem problem = table("2.5*exp(-0.73*a) + 0.1*b", 2);
    const auto start = parse_formula("1.5*exp(-1*a) + 0.5*b", std::span(names).first(2)).value();
    const Program fitted = fit_constants(start, problem.inputs, problem.target, 200);
    EXPECT_LT(fit_of(evaluate(fitted, problem.inputs), problem.target).max_error, 1e-9);
}

TEST(FormulaConstants, ANoisyNumberIsNotRoundedToAFractionNearby) {
    Problem problem = table("a", 1, 400, 0, 1);
    base::RandomStream random(8, base::Purpose::test);
    for (double& y : problem.target) y = 0.37 * y + 0.05 * random.normal();
    const Program fitted =
        with_simple_constants(with_affine(variable(1, 0), {0.37, 0}), problem.inputs, problem.target);
    ASSERT_EQ(fitted.lines.front().operation, Operator::constant);
    EXPECT_DOUBLE_EQ(fitted.lines.front().value, 0.37);
}

TEST(FormulaUnits, ReadsAndWritesProductsOfPowers) {
    for (const auto& [text, expected] :
         std::vector<std::pair<std::string, std::string>>{{"m", "m"},
                                                          {"kg*m/s^2", "kg*m*s^-2"},
                                                          {"kg m s^-2", "kg*m*s^-2"},
                                                          {"N", "kg*m*s^-2"},
                                                          {"J/N", "m"},
                                                          {"Hz^(1/2)", "s^(-1/2)"},
                                                          {"1", "1"},
                                                          {"-", "1"},
                                                          {"", "1"},
                                                          {"1/s", "s^-1"}}) {
        const auto unit = parse_unit(text);
        ASSERT_TRUE(unit) << text;
        EXPECT_EQ(to_string(*unit), expected) << text;
        EXPECT_EQ(*parse_unit(to_string(*unit)), *unit);
    }
    for (const char* bad : {"*", "m^", "m^(1", "m^(1/0)", "3m", "m//s", "m^(1/7)", "^2"})
        EXPECT_FALSE(parse_unit(bad)) << bad;
}

TEST(FormulaUnits, SumsNeedEqualUnitsAndFunctionsPureNumbers) {
    const Unit metre = *parse_unit("m"), second = *parse_unit("s"), number;
    EXPECT_FALSE(unit_of(Operator::add, metre, second));
    EXPECT_EQ(unit_of(Operator::add, metre, metre), metre);
    EXPECT_EQ(to_string(*unit_of(Operator::divide, metre, second)), "m*s^-1");
    EXPECT_EQ(unit_of(Operator::square_root, *unit_of(Operator::square, metre, metre), number), metre);
    EXPECT_FALSE(unit_of(Operator::exponential, metre, number));
    EXPECT_EQ(unit_of(Operator::exponential, number, number), number);
}

TEST(FormulaFront, KeepsOnlyWhatBeatsEverythingSmaller) {
    Front front;
    const auto offer = [&](std::int64_t operators, double rmse) {
        return front.offer({variable(1, 0), operators, {rmse, rmse, 0, rmse == 0}});
    };
    EXPECT_TRUE(offer(3, 1));
    EXPECT_FALSE(offer(4, 1));
    EXPECT_TRUE(offer(2, 2));
    EXPECT_TRUE(offer(5, 0.5));
    EXPECT_TRUE(offer(2, 0.7));
    ASSERT_EQ(front.formulas().size(), 2u);
    EXPECT_TRUE(offer(1, 0));
    EXPECT_EQ(front.formulas().size(), 1u);
    EXPECT_FALSE(offer(0, INFINITY));
}

} // namespace
} // namespace ropewalk::formula
