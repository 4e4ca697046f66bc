// Laws with fitted numbers: terms, sums, products, descriptions, and which formula is believed.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/laws/golden_section.hpp"
#include "ropewalk/formulas/laws/defined_function.hpp"
#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/laws/gathered.hpp"
#include "ropewalk/formulas/laws/laws.hpp"
#include "ropewalk/formulas/laws/number_fit.hpp"
#include "ropewalk/formulas/laws/power_laws.hpp"
#include "ropewalk/formulas/laws/pure_problems.hpp"
#include "ropewalk/formulas/laws/refinement.hpp"
#include "ropewalk/formulas/laws/separation.hpp"
#include "ropewalk/formulas/laws/sparse_regression.hpp"
#include "ropewalk/formulas/laws/term_library.hpp"
#include "ropewalk/formulas/laws/views.hpp"
#include "ropewalk/formulas/laws/wide_selection.hpp"
#include "ropewalk/formulas/laws/wide_sums.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {
namespace {

using Names = std::vector<std::string>;

/// A table of a law over variables that are drawn from 1..3, with noise of a share of the target's root mean
/// square.
Problem table(const std::string& law, const Names& names, int count, double noise = 0, double low = 1,
              double high = 3) {
    Problem problem;
    base::RandomStream random(5, base::Purpose::test, names.size());
    problem.inputs.assign(names.size(), {});
    for (int n = 0; n < count; ++n)
        for (auto& column : problem.inputs) column.push_back(low + (high - low) * random.uniform());
    problem.target = evaluate(*parse_formula(law, names), problem.inputs);
    double squares = 0;
    for (const double y : problem.target) squares += y * y / count;
    for (double& y : problem.target) y += noise * std::sqrt(squares) * random.normal();
    return problem;
}

/// Whether the answer to a table with noise has the form of the law.
void expect_law(const std::string& law, const Names& names, int count, double noise, double seconds = 20) {
    ExplainOptions options = general_options();
    options.search.run.seconds = seconds;
    const auto explanation = explain(table(law, names, count, noise), options);
    ASSERT_TRUE(explanation) << law;
    ASSERT_FALSE(explanation->report.front.empty());
    const Found& best = explanation->report.front[explanation->best];
    EXPECT_TRUE(check_form(best.program, table(law, names, 300)).same)
        << law << " answered by " << to_infix(best.program, names);
}

TEST(SparseRegression, FindsTheColumnsOfASum) {
    base::RandomStream random(1, base::Purpose::test);
    Eigen::MatrixXd library(200, 60);
    for (double& each : library.reshaped()) each = random.normal();
    Eigen::VectorXd target = 2 * library.col(7) - 0.5 * library.col(33) + 0.25 * library.col(59);
    for (double& each : target) each += 0.01 * random.normal();
    const std::vector<double> costs(60, 10);
    const auto fits = sparse_fits(library, target, Eigen::MatrixXd(200, 0), costs, {});
    ASSERT_GT(fits.size(), 3);
    EXPECT_THAT(fits[3].front().columns, testing::ElementsAre(7, 33, 59));
    EXPECT_NEAR(fits[3].front().coefficients[1], -0.5, 0.01);
    const auto pruned = pruned_fits(library, target, costs, 3);
    ASSERT_FALSE(pruned.empty());
    EXPECT_THAT(pruned.front().columns, testing::UnorderedElementsAre(7, 33, 59));
}

TEST(SparseRegression, LeavesOutWhatOtherColumnsSpanAndWhatIsNotFinite) {
    Eigen::MatrixXd library = Eigen::MatrixXd::Random(50, 4);
    library.col(1) = 3 * library.col(0);
    library(7, 2) = NAN;
    const Eigen::VectorXd target = library.col(0) + library.col(3);
    const auto fits = sparse_fits(library, target, Eigen::MatrixXd(50, 0), {1, 2, 1, 1}, {});
    ASSERT_GT(fits.size(), 2);
    EXPECT_THAT(fits[2].front().columns, testing::ElementsAre(0, 3));
    for (const auto& fit : pruned_fits(library, target, {1, 2, 1, 1}, 4))
        EXPECT_THAT(fit.columns, testing::Not(testing::Contains(2)));
}

TEST(WideSelection, FindsColumnsThatAreGoodTogetherAndNotAlone) {
    base::RandomStream random(2, base::Purpose::test);
    Eigen::MatrixXd library(200, 3000);
    for (double& each : library.reshaped()) each = random.normal();
    // Two columns whose difference is the target, beside many that follow it by themselves.
    Eigen::VectorXd target(200);
    for (double& each : target) each = random.normal();
    for (Eigen::Index j = 100; j < 400; ++j) library.col(j) += target;
    library.col(2500) = 10 * library.col(1700) + target;
    library.col(1700) = 10 * library.col(1700);
    const std::vector<double> costs(3000, 10);
    const auto sets = wide_sets(library, target, costs, -1, {.shortlist = 3000});
    ASSERT_GT(sets.size(), 1u);
    EXPECT_THAT(sets[1].front(), testing::UnorderedElementsAre(1700, 2500));
}

TEST(WideSelection, NeverChoosesWhatIsNotFinite) {
    Eigen::MatrixXd library = Eigen::MatrixXd::Random(50, 5);
    library(7, 2) = NAN;
    library.col(3).setZero();
    const Eigen::VectorXd target = library.col(0) + 2 * library.col(4);
    const auto sets = wide_sets(library, target, std::vector<double>(5, 1), -1, {});
    ASSERT_GT(sets.size(), 1u);
    EXPECT_THAT(sets[1].front(), testing::UnorderedElementsAre(0, 4));
    for (const auto& same_size : sets)
        for (const auto& set : same_size)
            EXPECT_THAT(set, testing::Not(testing::AnyOf(testing::Contains(2), testing::Contains(3))));
}

TEST(TermLibrary, HoldsOnlyTermsOfTheWantedUnit) {
    Problem problem = table("a*b", {"a", "b"}, 20);
    problem.units = {*parse_unit("m"), *parse_unit("s")};
    problem.target_unit = parse_unit("m^2/s").value();
    TermOptions options{{0, 1}, {Operator::sine}};
    options.unit = problem.target_unit;
    const auto terms = term_library(problem, options);
    ASSERT_EQ(terms.size(), 1);
    EXPECT_EQ(to_infix(terms[0].program, Names{"a", "b"}), "a^2/b");
}

TEST(TermLibrary, NamesCheapTermsFirst) {
    const auto terms = term_library(table("a*b", {"a", "b"}, 20), {{0, 1}, {Operator::sine}});
    ASSERT_GT(terms.size(), 50);
    EXPECT_THAT(to_infix(terms[0].program, Names{"a", "b"}), testing::AnyOf("a", "b"));
    for (std::size_t i = 1; i < terms.size(); ++i) EXPECT_LE(terms[i - 1].cost, terms[i].cost);
}

TEST(Separation, FindsWhatOnlyScales) {
    const auto found = scaling_variables(table("a^2*sqrt(b)/(c^2 + d)", {"a", "b", "c", "d"}, 2000, 0.01));
    ASSERT_EQ(found.size(), 2);
    EXPECT_EQ(found[0], std::pair(0, 2.0));
    EXPECT_EQ(found[1], std::pair(1, 0.5));
}

TEST(Separation, FindsWhatScalesWhereThePolynomialMissesPartOfTheLaw) {
    const Names names{"q", "e", "r", "d", "w"};
    const auto found = scaling_variables(table("q/(e*sqrt(r^2 + d^2 - 1.9*r*d*cos(w)))", names, 3000));
    EXPECT_THAT(found, testing::ElementsAre(std::pair(0, 1.0), std::pair(1, -1.0)));
}

TEST(Views, GoBackToTheTarget) {
    const Problem problem = table("1 + x", {"x"}, 30);
    for (const View& view : views_of(problem.target, {}, general_options().law_functions)) {
        Problem seen{.inputs = {std::vector<double>(view.values.begin(), view.values.end())}};
        const auto values = evaluate(view.program(variable(1, 0)), seen.inputs);
        for (std::size_t n = 0; n < values.size(); ++n)
            EXPECT_NEAR(values[n], problem.target[n], 1e-9) << view.name;
    }
}

TEST(NumberFit, AgreesWithThePlainFit) {
    const Names names{"x", "z"};
    for (const char* const form :
         {"2*x + 3*z", "1.5*exp(0.3*x) - 2", "x^1.2/(z + 0.5)", "sin(1.1*x + 0.2)*z", "tanh(0.7*x)*1.1"}) {
        const Problem problem = table("2.2*exp(0.4*x) - 1/z", names, 300, 0.05);
        const Program start = *parse_formula(form, names);
        const Fit fast = fit_of(fit_numbers(start, problem, 300), problem);
        const Fit plain = fit_of(fit_constants(start, problem.inputs, problem.target, 300), problem);
        EXPECT_NEAR(fast.rmse, plain.rmse, 1e-4 * plain.rmse) << form;
    }
}

TEST(Description, PrefersSimpleNumbersWhereTheDataAllowThem) {
    const Names names{"x"};
    const Program start = *parse_formula("2.0005882352941176*x + 0.31", names);
    EXPECT_EQ(to_infix(refined(start, table("2*x + 1/3", names, 200), {}), names), "2*x + 1/3");
    EXPECT_EQ(to_infix(refined(start, table("2*x", names, 200, 0.01), {}), names), "2*x");
    EXPECT_THAT(to_infix(refined(start, table("2.13*x", names, 4000, 0.0001), {}), names),
                testing::StartsWith("2.13*x"));
    EXPECT_LT(number_bits(2, 40), number_bits(2.0005882352941176, 40));
}

TEST(Description, PrefersSimpleNumbersUnderAFloorThoughTheyAreMore) {
    const Names names{"x"};
    Problem loss{.inputs = {{}}};
    for (int n = 0; n < 38; ++n) {
        loss.inputs[0].push_back(1100 + 50 * n);
        loss.target.push_back(std::round(1e6 / (loss.inputs[0].back() + 9000)));
    }
    const auto bits = [&](const std::string& formula) {
        const Program program = *parse_formula(formula, names);
        const Fit fit = fit_of(program, loss);
        EXPECT_TRUE(fit.exact) << formula;
        return description_of(program, fit, loss).total();
    };
    EXPECT_LT(bits("floor(1e6/(x + 9000) + 0.5)"), bits("floor(124.33 - 0.738*sqrt(x))"));
}

TEST(Laws, AreFoundWithoutNoise) {
    expect_law("q*r/(4*pi*e*r^3)", {"q", "r", "e"}, 400, 0);
    expect_law("sqrt((a - b)^2 + (c - d)^2)", {"a", "b", "c", "d"}, 600, 0);
    expect_law("(x^2*y - 2)/(y^2 + 1)", {"x", "y"}, 400, 0);
    expect_law("0.9*d^0.43*n^-0.37", {"d", "n"}, 200, 0);
}

TEST(Laws, AreFoundUnderNoise) {
    expect_law("m*c^2/sqrt(1 - v^2/(9*c^2))", {"m", "c", "v"}, 3000, 0.01);
    expect_law("a*b + 2.5*c*sin(a)", {"a", "b", "c"}, 2000, 0.1);
    expect_law("3*exp(-0.7*x*z)", {"x", "z"}, 1000, 0.01);
}

/// Whether one way to look at a table, without a limit in time, offers a program of the law's form.
void expect_offered(std::vector<Program> (*way)(const LawContext&, const Part&), const std::string& law,
                    const Names& names, const std::vector<std::pair<int, double>>& scaling) {
    const Problem problem = table(law, names, 2000, 0, 1, 5);
    const LawOptions options{.run = {.threads = 1}, .operators = general_options().law_functions};
    const LawContext context(problem, options);
    const std::vector<Program> programs = way(context, part_of(context, scaling));
    const Problem fresh = table(law, names, 200, 0, 1, 5);
    EXPECT_TRUE(std::any_of(programs.begin(), programs.end(), [&](const Program& program) {
        return check_form(program, fresh).same;
    })) << law;
}

TEST(WideSums, HoldTermsThatAreGoodTogether) {
    expect_offered(wide_sum_programs, "a + b + 2*sqrt(a)*sqrt(b)*cos(c)", {"a", "b", "c"}, {});
    expect_offered(wide_sum_programs, "m*(h + a*k/(e*c^2))/t", {"m", "h", "a", "k", "e", "c", "t"},
                   {{0, 1}, {6, -1}});
}

TEST(PowerLaws, AreSeenThroughTheLogarithm) {
    expect_offered(offset_programs, "n*exp(-m*g*x/(k*t))", {"n", "m", "g", "x", "k", "t"}, {{0, 1}});
}

/// A table with units: `of` the columns, then of the target.
Problem with_units(Problem problem, const std::vector<std::string>& of) {
    for (std::size_t k = 0; k + 1 < of.size(); ++k) problem.units.push_back(*parse_unit(of[k]));
    problem.target_unit = parse_unit(of.back()).value();
    return problem;
}

TEST(PureProblems, MeasureEverythingByAFewVariables) {
    const Names names{"n", "m", "g", "x", "k", "t"};
    const Problem problem = with_units(table("n*exp(-m*g*x/(k*t))", names, 50),
                                       {"1", "kg", "m/s^2", "m", "kg*m^2/s^2/K", "K", "1"});
    const auto ways = pure_problems(problem, 2);
    ASSERT_FALSE(ways.empty());
    const PureProblem& way = ways.front();
    EXPECT_EQ(way.groups.size(), 2u) << "n, and one group of the other five";
    EXPECT_TRUE(way.problem.units.empty());
    for (std::size_t k = 0; k < way.groups.size(); ++k)
        EXPECT_EQ(evaluate(way.groups[k], problem.inputs), way.problem.inputs[k]);
    // A program of the groups is one of the variables.
    const auto values = evaluate(way.whole(variable(2, 1)), problem.inputs);
    const auto factor = evaluate(way.factor, problem.inputs);
    for (std::size_t n = 0; n < values.size(); ++n)
        EXPECT_NEAR(values[n], way.problem.inputs[1][n] * factor[n], 1e-12 * std::abs(values[n]));
}

TEST(PureProblems, AreNoneWhereNoProductHasTheUnit) {
    EXPECT_TRUE(pure_problems(with_units(table("a*b", {"a", "b"}, 9), {"m", "m^2", "kg"}), 2).empty());
    EXPECT_TRUE(pure_problems(table("a*b", {"a", "b"}, 9), 2).empty());
}

TEST(PureProblems, WithoutGroupsLeaveANumber) {
    const auto ways =
        pure_problems(with_units(table("6.28*sqrt(l/g)", {"l", "g"}, 9), {"m", "m/s^2", "s"}), 2);
    ASSERT_FALSE(ways.empty());
    EXPECT_TRUE(ways.front().groups.empty());
}

TEST(Gathered, WritesTheSameValuesShorter) {
    const Names names{"x", "z", "t"};
    const Problem problem = table("1", names, 40);
    for (const auto& [text, shorter] :
         {std::pair{"x*sqrt(1 + (z/x)^2)", 4}, {"x*z/x/t*z", 3}, {"t/(1 - x/t)", 3}}) {
        const Program program = *parse_formula(text, names);
        const auto values = evaluate(program, problem.inputs);
        std::int64_t least = size(program).operators;
        for (const Program& way : gathered(program)) {
            least = std::min(least, size(way).operators);
            const auto others = evaluate(way, problem.inputs);
            for (std::size_t n = 0; n < values.size(); ++n)
                EXPECT_NEAR(others[n], values[n], 1e-12 * std::abs(values[n])) << text;
        }
        EXPECT_LE(least, shorter) << text;
    }
}

TEST(Definition, ReadsFunctionsOfOneAndTwoNames) {
    const auto relu = parse_definition(" relu(x) = max(x, 0)");
    ASSERT_TRUE(relu);
    EXPECT_EQ(relu->name, "relu");
    EXPECT_EQ(evaluate(relu->body, std::vector<double>{-2}), 0);
    const auto mean = parse_definition("mean(a, b) = (a + b)/2");
    ASSERT_TRUE(mean);
    EXPECT_EQ(evaluate(mean->body, std::vector<double>{1, 4}), 2.5);
    for (const char* const text : {"relu", "f() = 1", "f(x) = y", "f(x,x) = x", "f(x) = 3", "f(x, y, z) = x"})
        EXPECT_FALSE(parse_definition(text)) << text;
}

TEST(Definition, TakesPartInLaws) {
    const Names names{"x", "z"};
    ExplainOptions options = general_options();
    options.search.run.seconds = 15;
    options.defined.push_back(*parse_definition("bump(u) = exp(-u^4)/(1 + u^2)"));
    const std::string law = "2.5*exp(-x^4)/(1 + x^2) + 0.75*z";
    const auto explanation = explain(table(law, names, 400, 0.001), options);
    ASSERT_TRUE(explanation);
    const Found& best = explanation->report.front[explanation->best];
    EXPECT_TRUE(check_form(best.program, table(law, names, 300)).same) << to_infix(best.program, names);
}

TEST(Laws, WithUnitsAreFoundUnderMuchNoise) {
    const Names names{"h", "w", "k", "t", "c"};
    const std::string law = "h*w^3/(exp(h*w/(k*t)) - 1)/c^2";
    const auto units = std::vector<std::string>{"kg*m^2/s", "1/s", "kg*m^2/s^2/K", "K", "m/s", "kg/s^2"};
    ExplainOptions options = general_options();
    options.search.run.seconds = 120; // ends long before, unless much else is running
    const auto explanation = explain(with_units(table(law, names, 3000, 0.1), units), options);
    ASSERT_TRUE(explanation);
    const Found& best = explanation->report.front[explanation->best];
    EXPECT_TRUE(check_form(best.program, table(law, names, 300)).same) << to_infix(best.program, names);
}

TEST(Laws, MayHoldExponentialsBeyondWhatNumbersHold) {
    const Names names{"v", "t"};
    Problem problem{.inputs = {{}, {}}};
    base::RandomStream random(8, base::Purpose::test);
    for (int n = 0; n < 150; ++n) {
        problem.inputs[0].push_back(std::exp(16 * random.uniform() - 10));
        problem.inputs[1].push_back(1 + 4 * random.uniform());
        const double u = 2.5 * problem.inputs[0].back() / problem.inputs[1].back();
        problem.target.push_back(3 * std::log(problem.inputs[0].back()) - u - std::log(-std::expm1(-u)) +
                                 0.05 * random.normal());
    }
    ExplainOptions options = general_options();
    options.search.run.seconds = 20;
    const auto explanation = explain(problem, options);
    ASSERT_TRUE(explanation);
    const Found& best = explanation->report.front[explanation->best];
    const Program law = *parse_formula("0.1 + 3*log(v) - log(exp(2.5*v/t) - 1)", names);
    EXPECT_TRUE(check_law(law, best.program, problem.inputs).same) << to_infix(best.program, names);
}

TEST(Laws, OfInterestAndAnnuitiesAreFound) {
    const Names names{"sum", "rate", "years"};
    const std::vector<std::pair<double, double>> ranges{{100, 5000}, {0.01, 0.09}, {1, 30}};
    for (const double noise : {0.0, 0.002})
        for (const bool percent : {false, true})
            for (const char* law : {"sum*(1 + rate)^years", "sum*rate/(1 - (1 + rate)^(-years))"}) {
                Problem problem{.inputs = {{}, {}, {}}};
                base::RandomStream random(11, base::Purpose::test);
                for (int n = 0; n < 60; ++n)
                    for (std::size_t k = 0; k < 3; ++k)
                        problem.inputs[k].push_back(
                            std::round(1000 * (ranges[k].first + (ranges[k].second - ranges[k].first) * random.uniform())) / 1000);
                problem.target = evaluate(*parse_formula(law, names), problem.inputs);
                for (double& y : problem.target) y *= 1 + noise * random.normal();
                if (percent)
                    for (double& rate : problem.inputs[1]) rate *= 100;
                ExplainOptions options = general_options();
                options.search.run.seconds = 20;
                const auto explanation = explain(problem, options);
                ASSERT_TRUE(explanation);
                const Found& best = explanation->report.front[explanation->best];
                const std::string said = to_infix(best.program, names);
                EXPECT_LT(best.operators, 10) << said;
                EXPECT_GT(best.fit.r2, noise > 0 ? 0.999 : 1 - 1e-12) << law << " answered by " << said;
                EXPECT_NE(said.find("years"), std::string::npos);
            }
}

TEST(Laws, FrequenciesAreFound) {
    Problem problem{.inputs = {{}}};
    for (int n = 0; n < 300; ++n) problem.inputs[0].push_back(n / 150.0);
    for (const double t : problem.inputs[0]) problem.target.push_back(2 * std::sin(31.4159 * t));
    ExplainOptions options = general_options();
    options.search.run.seconds = 20;
    const auto explanation = explain(problem, options);
    ASSERT_TRUE(explanation);
    EXPECT_GT(explanation->report.front[explanation->best].fit.r2, 0.999999);
}

TEST(Explanation, DoesNotExplainNoise) {
    Problem problem{.inputs = {{}, {}}};
    base::RandomStream random(3, base::Purpose::test);
    for (int n = 0; n < 100; ++n) {
        for (auto& column : problem.inputs) column.push_back(random.uniform());
        problem.target.push_back(random.normal());
    }
    ExplainOptions options = general_options();
    options.search.run.seconds = 3;
    const auto explanation = explain(problem, options);
    ASSERT_TRUE(explanation);
    EXPECT_FALSE(explanation->found);
    EXPECT_EQ(explanation->report.front[explanation->best].operators, 0);
}

TEST(Explanation, TellsNoiseFromWhatIsLeft) {
    const Problem problem = table("x^2 + z", {"x", "z"}, 500, 0.01);
    const auto residual_of = [&](const char* formula) {
        auto values = evaluate(*parse_formula(formula, Names{"x", "z"}), problem.inputs);
        for (std::size_t n = 0; n < values.size(); ++n) values[n] = problem.target[n] - values[n];
        return values;
    };
    EXPECT_TRUE(looks_like_noise(residual_of("x^2 + z"), problem));
    EXPECT_FALSE(looks_like_noise(residual_of("x^2"), problem));
}

TEST(Explanation, RobustLossesPassOverRowsThatAreFarOff) {
    Problem problem = table("3*x/z + 2", {"x", "z"}, 200, 0.001);
    for (std::size_t n = 0; n < problem.target.size(); n += 11) problem.target[n] += n % 2 == 0 ? 150 : -90;
    ExplainOptions options = general_options();
    options.search.run.seconds = 12;
    for (const Loss loss : {Loss::huber, Loss::absolute}) {
        options.loss = loss;
        const auto explanation = explain(problem, options);
        ASSERT_TRUE(explanation);
        const Found& best = explanation->report.front[explanation->best];
        EXPECT_TRUE(check_form(best.program, table("3*x/z + 2", {"x", "z"}, 100)).same)
            << to_infix(best.program, Names{"x", "z"});
    }
}

TEST(FormFit, FitsTheConstantsOfAGivenForm) {
    const Names names{"x"};
    const auto form = parse_form("c1*exp(-c2*x) + c3", names);
    ASSERT_TRUE(form);
    EXPECT_THAT(form->constants, testing::ElementsAre("c1", "c2", "c3"));
    const Problem problem = table("2.5*exp(-1.75*x) + 0.4", names, 300, 0.01);
    const auto fitted = fit_form(*form, problem, Loss::squared, {});
    ASSERT_TRUE(fitted);
    for (const auto& [k, truth] : {std::pair{0, 2.5}, {1, 1.75}, {2, 0.4}}) {
        const auto place = static_cast<std::size_t>(k);
        EXPECT_NEAR(fitted->constants[place], truth, 5 * fitted->standard_errors[place]);
        EXPECT_LT(fitted->standard_errors[place], 0.1);
    }
}

TEST(FormFit, FindsFrequenciesAndConstantsThatAreUsedTwice) {
    Problem problem{.inputs = {{}}};
    for (int n = 0; n < 200; ++n) problem.inputs[0].push_back(n / 100.0);
    for (const double t : problem.inputs[0]) problem.target.push_back(3 * std::sin(40 * t + 0.5) + 40);
    const auto form = parse_form("c1*sin(c2*t + c3) + c2", Names{"t"});
    ASSERT_TRUE(form);
    const auto fitted = fit_form(*form, problem, Loss::squared, {});
    ASSERT_TRUE(fitted);
    EXPECT_NEAR(fitted->constants[1], 40, 1e-6);
    EXPECT_GT(fitted->fit.r2, 0.999999);
}

TEST(FormFit, PassesOverRowsThatAreFarOffWhereToldSo) {
    Problem problem = table("2*x + 1", {"x"}, 60, 0.001);
    for (std::size_t n = 0; n < 60; n += 6) problem.target[n] = 400;
    const auto form = parse_form("c1*x + c2", Names{"x"});
    ASSERT_TRUE(form);
    EXPECT_NEAR(fit_form(*form, problem, Loss::absolute, {})->constants[0], 2, 0.02);
    EXPECT_NEAR(fit_form(*form, problem, Loss::huber, {})->constants[0], 2, 0.05);
    EXPECT_GT(std::abs(fit_form(*form, problem, Loss::squared, {})->constants[0] - 2), 1);
}

TEST(FormFit, SaysWhatIsWrongWithAForm) {
    const Names names{"x"};
    EXPECT_THAT(parse_form("2*x", names).error().front().found, testing::HasSubstr("no constant"));
    EXPECT_THAT(parse_form("c1*z", names).error().front().found, testing::HasSubstr("unknown name"));
    EXPECT_FALSE(parse_form("c1*c1", Names{"c1"})) << "a column is never a constant";
    const auto form = parse_form("c1*log(-x) + c2", names);
    ASSERT_TRUE(form);
    EXPECT_FALSE(fit_form(*form, table("x", names, 20), Loss::squared, {}));
    const auto many = parse_form("c1 + c2*x + c3*x^2", names);
    EXPECT_FALSE(fit_form(*many, table("x", names, 2), Loss::squared, {}));
}

TEST(SameForm, LooksPastNumbersButNotPastTerms) {
    const Names names{"x", "z"};
    const Problem law = table("2*x^2 + 3*z", names, 200);
    const auto same = [&](const char* formula) {
        return check_form(*parse_formula(formula, names), law).same;
    };
    EXPECT_TRUE(same("2.01*x^2 + 2.99*z"));
    EXPECT_TRUE(same("3*z + x*x*2"));
    EXPECT_FALSE(same("2*x^2 + 3*z + 0.01*x")) << "a term that a fit removes";
    EXPECT_FALSE(same("2*x^2"));
    EXPECT_TRUE(
        check_law(*parse_formula("1.1*x^2 + 1.3*z", names), *parse_formula("2*x^2 + 3*z", names), law.inputs)
            .same);
    EXPECT_FALSE(
        check_law(*parse_formula("1.1*x^2", names), *parse_formula("2*x^2 + 3*z", names), law.inputs).same);
}

TEST(GoldenSection, FindsTheLeastOfAValleyAndOneOfTheEndsOfASlope) {
    for (const double least : {-3.0, 0.0, 0.7, 12.5}) {
        int taken = 0;
        const LeastError found = least_between(least - 1.7, least + 5, 40, [&](double x) {
            ++taken;
            return std::abs(x - least) + 2;
        });
        EXPECT_NEAR(found.place, least, 1e-7);
        EXPECT_NEAR(found.error, 2, 1e-7);
        EXPECT_EQ(taken, 42);
    }
    EXPECT_NEAR(least_between(0, 1, 40, [](double x) { return x; }).place, 0, 1e-7);
    EXPECT_NEAR(least_between(0, 1, 40, [](double x) { return -x; }).place, 1, 1e-7);
    EXPECT_EQ(least_between(4, 4, 40, [](double x) { return x; }).place, 4);
}

TEST(FitPlot, DrawsDataAnswerAndFront) {
    const Problem problem = table("2*x", {"x"}, 30);
    const Program program = *parse_formula("2*x", Names{"x"});
    const std::vector<Found> front{{program, 1, fit_of(program, problem)}};
    const std::string svg = plot_of(problem, {{"x"}, "a<b"}, front, 0);
    EXPECT_THAT(svg, testing::StartsWith("<svg"));
    EXPECT_THAT(svg, testing::EndsWith("</svg>\n"));
    EXPECT_THAT(svg, testing::HasSubstr("a&lt;b = 2*x"));
    EXPECT_THAT(svg, testing::HasSubstr("<polyline"));
}

} // namespace
} // namespace ropewalk::formula
