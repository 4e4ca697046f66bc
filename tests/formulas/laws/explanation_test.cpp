// Which formula of a front is the answer, and what is said of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/laws/laws.hpp"
#include "ropewalk/formulas/laws/straight_line.hpp"
#include "ropewalk/formulas/laws/unit_columns.hpp"
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

/// Whether a program has a formula's values on all rows, to rounding.
bool same_values(const Program& program, const std::string& formula, const Problem& problem) {
    const std::vector<double> values = evaluate(program, problem.inputs),
                              wanted = evaluate(*parse_formula(formula, std::vector<std::string>{"x", "t"}), problem.inputs);
    for (std::size_t n = 0; n < values.size(); ++n)
        if (!(std::abs(values[n] - wanted[n]) <= 1e-9 * std::abs(wanted[n]))) return false;
    return true;
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

/// Columns of noise, of which none has to do with the target.
Problem noise_of(std::size_t rows, std::uint64_t seed) {
    base::RandomStream random(5, base::Purpose::test, seed);
    Problem problem;
    const auto column = [&] {
        std::vector<double> values(rows);
        for (double& each : values) each = random.normal();
        return values;
    };
    for (int v = 0; v < 3; ++v) problem.inputs.push_back(column());
    problem.target = column();
    return problem;
}

TEST(Explanation, FewRowsOfNoiseAreSeldomExplainedByAFormulaWithoutNumbers) {
    const std::vector<std::string> names{"a", "b", "c"};
    std::vector<Program> formulas;
    for (const std::string& x : names) {
        for (const char* const form : {"", "-", "sin", "cos", "exp"}) formulas.push_back(*parse_formula(std::string(form) + "(" + x + ")", names));
        for (const std::string& y : names)
            for (const char* const form : {" + ", " - ", "*", "/"}) formulas.push_back(*parse_formula(x + form + y, names));
    }
    for (const std::size_t rows : {2U, 3U, 5U, 9U, 17U}) {
        constexpr int tables = 400;
        int explained = 0;
        for (std::uint64_t seed = 0; seed < tables; ++seed) {
            const Problem problem = noise_of(rows, seed);
            double sum = 0;
            for (const double y : problem.target) sum += y;
            FormulaReport report;
            report.front.push_back({constant(3, rounded_to(sum / static_cast<double>(rows), 2)), 0, {}, 0});
            for (const Program& each : formulas) report.front.push_back({each, 0, {}, 0});
            explained += chosen_of(std::move(report), problem).found ? 1 : 0;
        }
        // One in 20, and three standard errors.
        EXPECT_LE(explained, 33) << rows << " rows";
    }
}

TEST(Explanation, FewRowsOfALawWithoutNumbersAreExplainedByIt) {
    for (const std::size_t rows : {3U, 5U, 9U}) {
        Problem problem = noise_of(rows, 1);
        for (std::size_t n = 0; n < rows; ++n) problem.target[n] = problem.inputs[0][n] + 0.03 * problem.target[n];
        FormulaReport report;
        for (const char* const text : {"0.3", "a", "cos(b)"})
            report.front.push_back({*parse_formula(text, std::vector<std::string>{"a", "b", "c"}), 0, {}, 0});
        const Explanation said = chosen_of(std::move(report), problem);
        EXPECT_TRUE(said.found) << rows << " rows";
        EXPECT_EQ(said.best, 1U) << rows << " rows";
    }
}

/// y = slope x + offset, x from 0 to 10, with noise of deviation 1.
Problem scattered_line(double slope, double offset, int rows, std::uint64_t seed) {
    Problem problem{.inputs = {{}}};
    base::RandomStream random(seed, base::Purpose::test);
    for (int n = 0; n < rows; ++n) {
        problem.inputs[0].push_back(10 * random.uniform());
        problem.target.push_back(slope * problem.inputs[0].back() + offset + random.normal());
    }
    return problem;
}

/// How many of 40 tables have a line with two fitted numbers as their answer, where `formula` was before.
int lines_chosen(const std::string& formula, double slope, double offset) {
    int chosen = 0;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        const Problem problem = scattered_line(slope, offset, 100, seed);
        Explanation said = chosen_of(report_of({formula}), problem);
        choose_line(problem, said, 0);
        chosen += number_lines(said.report.front[said.best].program).size() == 2 ? 1 : 0;
    }
    return chosen;
}

TEST(Line, GetsTheSlopeAndTheOffsetThatRowsTellFrom1And0) {
    // The slope's standard error is 0.035, the offset's 0.2.
    EXPECT_EQ(lines_chosen("x + 3", 0.8, 4), 40);
    EXPECT_EQ(lines_chosen("x", 1, 2), 40);
    // Of true ones Schwarz's criterion replaces 3 in 100 (chi squared above ln 100).
    EXPECT_LE(lines_chosen("x + 3", 1, 3), 5);
    EXPECT_LE(lines_chosen("2*x", 2, 0), 5);
}

/// What is found for a formula of x with normal errors of this deviation, or with such shares of it.
Explanation explained(const std::string& formula, double from, double to, int rows, double error, bool shares, std::uint64_t seed = 1) {
    Problem problem{.inputs = {{}}};
    base::RandomStream random(seed, base::Purpose::test);
    for (int n = 0; n < rows; ++n) problem.inputs[0].push_back(from + (to - from) * n / (rows - 1));
    problem.target = evaluate(*parse_formula(formula, one_name), problem.inputs);
    for (double& y : problem.target) y += random.normal() * error * (shares ? y : 1);
    ExplainOptions options = general_options();
    options.search.run = {.threads = 1, .seconds = 5};
    const auto said = explain(problem, options);
    EXPECT_TRUE(said);
    return said ? *said : Explanation{};
}

/// The largest error of the answer beside the formula without errors, as a share of the latter's range.
double distance_to(const std::string& formula, const Explanation& said, double from, double to) {
    double least = INFINITY, most = -INFINITY, farthest = 0;
    for (int n = 0; n <= 200; ++n) {
        const std::vector<double> x{from + (to - from) * n / 200};
        const double right = evaluate(*parse_formula(formula, one_name), x);
        least = std::min(least, right);
        most = std::max(most, right);
        farthest = std::max(farthest, std::abs(evaluate(said.report.front[said.best].program, x) - right));
    }
    return farthest / (most - least);
}

TEST(Curves, ThatTheSciencesDrawAreFoundBesideNoise) {
    const std::vector<std::pair<std::string, std::string>> curves{
        {"1000/(exp((9.2 - x)/2) + 1)", "logistic"},
        {"40*exp(-exp((12 - x)/4))", "Gompertz"},
        {"7*exp(-((x - 14)/3)^2) + 2", "bell"},
        {"12/(((x - 8)/1.5)^2 + 1) + 3", "resonance"},
        {"30/((6/x)^2.5 + 1)", "saturation"},
        {"5*x^2*exp(-x/3)", "rise and decay"},
    };
    for (const auto& [formula, name] : curves) {
        const auto values = evaluate(*parse_formula(formula, one_name), std::vector<std::vector<double>>{{1, 8, 14, 20}});
        const double range = *std::max_element(values.begin(), values.end()) - *std::min_element(values.begin(), values.end());
        const Explanation said = explained(formula, 0.5, 25, 40, 0.01 * range, false);
        EXPECT_LT(distance_to(formula, said, 0.5, 25), 0.04) << name << ": " << to_infix(said.report.front[said.best].program, one_name);
        EXPECT_LE(said.report.front[said.best].operators, 9) << name;
    }
}

TEST(Shares, GrowthWithErrorsOfPercentsIsExponential) {
    int right = 0, plain = 0;
    for (std::uint64_t seed = 0; seed < 2; ++seed) {
        const Explanation growth = explained("10*exp(0.18*x)", 0, 29, 30, 0.05, true, seed);
        right += distance_to("10*exp(0.18*x)", growth, 0, 29) < 0.15 && growth.reason.ends_with("shares of the target");
        // Errors that are alike everywhere are none of percents.
        plain += explained("0.5*x^2 + 3", 1, 12, 40, 0.5, false, seed).reason.ends_with("shares of the target");
    }
    EXPECT_EQ(right, 2);
    EXPECT_EQ(plain, 0);
}

TEST(Shares, OfMoreThanAFifthDoNotExplain) {
    for (std::uint64_t seed = 0; seed < 2; ++seed) {
        const Explanation said = explained("3*x", 1, 40, 80, 0.3, true, seed);
        EXPECT_FALSE(said.reason.ends_with("shares of the target")) << to_infix(said.report.front[said.best].program, one_name);
    }
}

TEST(Shares, AreWhatRowsHeldOutChooseByWhereErrorsAre) {
    Problem held_out{.inputs = {{}}};
    for (int n = 1; n <= 10; ++n) {
        held_out.inputs[0].push_back(n);
        held_out.target.push_back(std::exp(n) * (n == 10 ? 1.1 : n % 2 == 0 ? 0.95 : 1.05));
    }
    Explanation said;
    for (const char* formula : {"exp(x)", "1.1*exp(x) - 5"})
        said.report.front.push_back(described(*parse_formula(formula, one_name), held_out));
    choose_by(held_out, held_out, said);
    EXPECT_EQ(said.best, 1u) << "the largest row decides";
    said.errors_are_shares = true;
    choose_by(held_out, held_out, said);
    EXPECT_EQ(said.best, 0u);
    held_out.target.front() = 0;
    choose_by(held_out, held_out, said);
    EXPECT_EQ(said.best, 1u) << "a share of nothing is no number";
}

TEST(Numbers, OfOneFitHaveTheDigitsThatTheRowsTell) {
    const Explanation said = explained("2269.12/x", 1.2, 20, 40, 3, false);
    const Found& best = said.report.front[said.best];
    EXPECT_LT(to_infix(best.program, one_name).size(), 9u) << to_infix(best.program, one_name);
}

TEST(Line, NeverReplacesWhatIsNotOne) {
    const Problem problem = scattered_line(0.8, 4, 100, 1);
    for (const char* formula : {"x^2/x", "sqrt(x)", "3", "0.8*x + 4", "x*x", "1/x"}) {
        Explanation said = chosen_of(report_of({formula}), problem);
        choose_line(problem, said, 0);
        EXPECT_EQ(said.report.front.size(), 1) << formula;
    }
    Explanation limited = chosen_of(report_of({"x"}), problem);
    choose_line(problem, limited, 1);
    EXPECT_EQ(limited.report.front.size(), 1) << "a line takes two operators";
}

TEST(Line, IsTheAnswerForFourScatteredRows) {
    const Problem problem{.inputs = {{1, 2, 3, 4}}, .target = {2, 2, 5, 5}};
    ExplainOptions options = general_options();
    options.search.run = {.threads = 1, .seconds = 5};
    const auto said = explain(problem, options);
    ASSERT_TRUE(said);
    EXPECT_EQ(to_infix(said->report.front[said->best].program, one_name), "1.2*x + 0.5");
}

TEST(Explanation, ATargetThatNeverChangesIsThatNumberWhateverItsUnit) {
    Problem problem{.inputs = {{1, 2, 3}}, .target = {5, 5, 5}};
    const auto said = explain(problem, general_options());
    ASSERT_TRUE(said);
    EXPECT_TRUE(said->same_on_all_rows);
    EXPECT_TRUE(said->found);
    EXPECT_EQ(to_infix(said->report.front[said->best].program, one_name), "5");
    problem.units = {*parse_unit("m")};
    for (const char* unit : {"m", "s"}) {
        problem.target_unit = *parse_unit(unit);
        const auto with_unit = explain(problem, general_options());
        ASSERT_TRUE(with_unit) << unit;
        EXPECT_EQ(to_infix(with_unit->report.front[with_unit->best].program, one_name), "5");
    }
}

TEST(Explanation, ColumnsThatNeverChangeMakeATargetOnlyWithItsUnit) {
    const std::vector<std::string> names{"a", "b"};
    Problem problem{.inputs = {{2, 2, 2}, {3, 3, 3}}, .target = {5, 5, 5}};
    const auto text = [&] {
        const auto said = explain(problem, general_options());
        return said ? to_infix(said->report.front[said->best].program, names) : base::render(said.error());
    };
    EXPECT_EQ(text(), "a + b");
    problem.units = {*parse_unit("m"), *parse_unit("m")};
    problem.target_unit = *parse_unit("m");
    EXPECT_EQ(text(), "a + b");
    problem.target_unit = *parse_unit("m^2");
    EXPECT_EQ(text(), "b^2 - a^2");
    problem.target_unit = *parse_unit("kg");
    EXPECT_EQ(text(), "5");
}

/// A table of x in m and t in s, with the target's values and unit.
Problem of_length_and_time(const std::string& law, const std::string& unit) {
    const std::vector<std::string> names{"x", "t"};
    Problem problem{.inputs = {{}, {}}};
    base::RandomStream random(11, base::Purpose::test);
    for (int n = 0; n < 40; ++n)
        for (auto& column : problem.inputs) column.push_back(0.5 + 3 * random.uniform());
    problem.target = evaluate(*parse_formula(law, names), problem.inputs);
    problem.units = {*parse_unit("m"), *parse_unit("s")};
    problem.target_unit = *parse_unit(unit);
    return problem;
}

TEST(ConstantUnits, NumbersHaveTheUnitsThatAreAllowed) {
    const std::vector<std::string> names{"x", "t"};
    ExplainOptions options = general_options();
    options.search.run = {.threads = 1, .seconds = 4};
    const Problem problem = of_length_and_time("3.5*x^2/t", "J*s");
    EXPECT_FALSE(explain(problem, options)) << "no formula of x and t has a mass";
    options.constant_units = {*parse_unit("kg")};
    const auto said = explain(problem, options);
    ASSERT_TRUE(said);
    const Found& best = said->report.front[said->best];
    EXPECT_TRUE(best.fit.exact);
    EXPECT_EQ(best.program.variables, 2);
    EXPECT_TRUE(same_values(best.program, "3.5*x^2/t", problem)) << to_infix(best.program, names);
}

TEST(ConstantUnits, AreObeyed) {
    ExplainOptions options = general_options();
    options.search.run = {.threads = 1, .seconds = 4};
    options.constant_units = {*parse_unit("s")};
    // Without its unit the number would be 2 and could stand beside x.
    const Problem problem = of_length_and_time("t + 2", "s");
    const auto said = explain(problem, options);
    ASSERT_TRUE(said);
    EXPECT_TRUE(same_values(said->report.front[said->best].program, "t + 2", problem));
    for (const Found& each : said->report.front)
        EXPECT_TRUE(number_units(each.program, problem.units, *problem.target_unit))
            << to_infix(each.program, std::vector<std::string>{"x", "t"});
}

TEST(ConstantUnits, NeedATableWithUnitsAndFittedNumbers) {
    ExplainOptions options = general_options();
    options.constant_units = {*parse_unit("s")};
    const auto without = explain({.inputs = {{1, 2, 3}}, .target = {2, 4, 7}}, options);
    ASSERT_FALSE(without);
    EXPECT_EQ(without.error().front().file, "setting `constant-units`");
    options.search.constants = false;
    EXPECT_FALSE(explain(of_length_and_time("t + 2", "s"), options));
}

TEST(ConstantUnits, AreThoseThatTurnUnitsOfTheTableIntoOthersWhereNoneAreNamed) {
    const std::vector<std::string> names{"far", "near"};
    ExplainOptions options = general_options();
    options.search.run = {.threads = 1, .seconds = 4};
    Problem problem = of_length_and_time("1000*x + t", "m");
    problem.units = {*parse_unit("km"), *parse_unit("m")};
    const auto said = explain(problem, options);
    ASSERT_TRUE(said);
    const Found& best = said->report.front[said->best];
    EXPECT_TRUE(best.fit.exact);
    EXPECT_TRUE(same_values(best.program, "1000*x + t", problem)) << to_infix(best.program, names);
    const auto numbers = number_units(best.program, problem.units, *problem.target_unit);
    ASSERT_TRUE(numbers);
    options.search.constants = false;
    const auto whole = explain(problem, options);
    EXPECT_TRUE(!whole || !whole->report.front[whole->best].fit.exact) << "a number without a unit converts nothing";
}

TEST(Conversions, LeadToKnownUnitsWhoseSymbolsTheTableHas) {
    const auto of = [](std::vector<std::string> inputs, const std::string& target) {
        Problem problem;
        for (const std::string& each : inputs) problem.units.push_back(*parse_unit(each));
        problem.target_unit = *parse_unit(target);
        std::vector<std::string> texts;
        for (const Unit& each : conversions(problem)) texts.push_back(to_string(each));
        return texts;
    };
    using Texts = std::vector<std::string>;
    EXPECT_EQ(of({"km", "m"}, "m"), Texts{"km^-1*m"});
    EXPECT_EQ(of({"km/h", "s"}, "m"), (Texts{"h^-1*s", "km^-1*m"}));
    EXPECT_EQ(of({"kJ", "kg"}, "m^2/s^2"), Texts{"kJ^-1*kg*m^2*s^-2"});
    EXPECT_EQ(of({"g", "\u00b5g"}, "kg"), (Texts{"g^-1*kg", "kg*\u00b5g^-1"}));
    EXPECT_EQ(of({"L"}, "m"), (Texts{"L^-1*m^3"}));
    EXPECT_EQ(of({"km", "km/h"}, "h"), Texts{}) << "everything is measured in km and h";
    EXPECT_EQ(of({"bar", "Pa"}, "furlong"), Texts{}) << "words that are not known";
    EXPECT_EQ(of({"kg", "cd", "mol"}, "m"), Texts{}) << "these are no multiples";
}

TEST(Explanation, RefusesUnitsThatNoFormulaCanHave) {
    Problem problem{.inputs = {{1, 2, 3}}, .target = {2, 4, 6}};
    problem.units = {*parse_unit("m")};
    problem.target_unit = *parse_unit("s");
    const auto refused = explain(problem, general_options());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().front().file, "target");
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
