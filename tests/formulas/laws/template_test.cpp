// Forms with functions that are not known: how they are read, filled, seen by their parts, and solved.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/laws/laws.hpp"
#include "ropewalk/formulas/laws/template_form.hpp"
#include "ropewalk/formulas/laws/template_view.hpp"
#include "ropewalk/formulas/text/text.hpp"

namespace ropewalk::formula {
namespace {

using testing::HasSubstr;
using Columns = std::vector<std::string>;

Problem rows_of_law(const std::string& law, const Columns& names, int count, double noise = 0) {
    Problem problem;
    base::RandomStream random(9, base::Purpose::test, names.size());
    problem.inputs.assign(names.size(), {});
    for (int n = 0; n < count; ++n)
        for (auto& column : problem.inputs) column.push_back(0.5 + 2 * random.uniform());
    problem.target = evaluate(*parse_formula(law, names), problem.inputs);
    for (double& y : problem.target) y += noise * random.normal();
    return problem;
}

ExplainOptions quick(double seconds) {
    ExplainOptions options = general_options();
    options.search.run = {.threads = 1, .seconds = seconds};
    return options;
}

std::string shown(const NamedBody& part) { return part.name + ": " + to_infix(part.body, part.arguments); }

TEST(TemplateForm, ReadsPartsAndTheirArguments) {
    const Columns names{"x1", "x2", "x3"};
    const auto form = parse_template("sin(f(x1, x2)) + g(x3)*g(2*x1) - exp(x2)", names);
    ASSERT_TRUE(form);
    ASSERT_EQ(form->parts.size(), 2u);
    EXPECT_EQ(form->parts[0].arguments, (Columns{"x1", "x2"}));
    EXPECT_EQ(form->parts[1].arguments, (Columns{"u1"}));
    EXPECT_EQ(form->calls.size(), 3u);
    EXPECT_TRUE(form->only_call(0));
    EXPECT_FALSE(form->only_call(1));
}

TEST(TemplateForm, SaysWhatIsWrong) {
    const Columns names{"x", "z"};
    const auto refused = [&](const std::string& text, const std::string& words) {
        const auto form = parse_template(text, names);
        ASSERT_FALSE(form) << text;
        EXPECT_THAT(base::render(form.error()), HasSubstr(words)) << text;
    };
    refused("sin(x) + z", "no function to look for");
    refused("f(x) + f(x, z)", "another number of arguments of f");
    refused("f(g(x))", "g inside of f");
    refused("f()", "in f()");
    refused("f(w)", "w");
    refused("f(x) + ", "the end");
    refused("f(x", "no ')' behind f(x");
    refused("f(x) w", "w");
}

TEST(TemplateForm, NamesPlacesOfTheTextThatWasGiven) {
    const Columns names{"x", "z"};
    const auto place = [&](const std::string& text) {
        const auto form = parse_template(text, names);
        EXPECT_FALSE(form) << text;
        return form ? base::Diagnostic{} : form.error().front();
    };
    const std::string behind = "2*f( x ) + g(x, z)*wrong";
    const base::Diagnostic word = place(behind);
    EXPECT_EQ(word.source_line, behind);
    EXPECT_EQ(word.column, 20);
    const std::string at = "f(x)  g(x, z) + 1";
    const base::Diagnostic call = place(at);
    EXPECT_EQ(call.source_line, at);
    EXPECT_EQ(call.column, 7);
    EXPECT_THAT(call.found, HasSubstr("g(x, z)"));
    EXPECT_EQ(call.length, 7);
    EXPECT_THAT(base::render(call), testing::Not(HasSubstr("`g")));
}

TEST(TemplateForm, IsFilledWithOneNumberForAllCallsOfAPart) {
    const Columns names{"x", "z"};
    const auto form = parse_template("f(x) - 3*f(z)", names);
    ASSERT_TRUE(form);
    FilledTemplate whole = filled(*form, {*parse_formula("2.5*u", Columns{"u"})});
    EXPECT_EQ(evaluate(whole.program, std::vector<double>{1, 2}), 2.5 - 15);
    ASSERT_EQ(whole.numbers[0].size(), 1u);
    whole.program.lines[whole.numbers[0][0]].value = 1;
    EXPECT_EQ(evaluate(whole.program, std::vector<double>{1, 2}), 1 - 6);
    const auto bodies = bodies_of(whole, {*parse_formula("2.5*u", Columns{"u"})}, whole.program);
    EXPECT_EQ(evaluate(bodies[0], std::vector<double>{7}), 7);
}

TEST(TemplateForm, GivesPartsTheUnitsThatTheWholeNeeds) {
    const Columns names{"r", "t"};
    Problem problem = rows_of_law("r", names, 3);
    problem.units = {*parse_unit("m"), *parse_unit("s")};
    problem.target_unit = *parse_unit("m/s");
    const auto units = [&](const std::string& text) { return part_units(*parse_template(text, names), problem); };
    EXPECT_EQ(units("f(r, t)*cos(g(t))"), (std::vector<std::optional<Unit>>{std::nullopt, Unit{}}));
    EXPECT_EQ(units("r/f(t) + g(r, t)")[0], parse_unit("s").value());
    EXPECT_EQ(units("r/f(t) + g(r, t)")[1], parse_unit("m/s").value());
    EXPECT_EQ(units("sqrt(f(r, t))")[0], parse_unit("m^2/s^2").value());
}

TEST(TemplateView, KnowsWhatTheFormIsLinearIn) {
    const Columns names{"x", "z"};
    const Problem problem = rows_of_law("x", names, 20);
    const auto form = parse_template("sin(f(x)) + z*g(z)", names);
    ASSERT_TRUE(form);
    const TemplateView view(*form, problem);
    EXPECT_FALSE(view.is_linear({0}));
    EXPECT_TRUE(view.is_linear({1}));
    const auto product = parse_template("f(x)*g(z)", names);
    const TemplateView products(*product, problem);
    EXPECT_TRUE(products.is_linear({0}));
    EXPECT_FALSE(products.is_linear({0, 1}));
}

TEST(TemplateView, SolvesTheFormForACall) {
    const Columns names{"x", "z"};
    const Problem problem = rows_of_law("3 - 2*exp(x*z/4)", names, 20);
    const auto form = parse_template("3 - 2*exp(f(x, z)/4)", names);
    ASSERT_TRUE(form);
    const TemplateView view(*form, problem);
    const auto values = view.solved(0, {std::vector<double>(20, 1)}, problem.target);
    for (std::size_t n = 0; n < values.size(); ++n)
        EXPECT_NEAR(values[n], problem.inputs[0][n] * problem.inputs[1][n], 1e-9);
}

TEST(Template, FindsPartsTogether) {
    const Columns names{"x1", "x2", "x3"};
    const Problem problem = rows_of_law("sin(x1 + x2) + x3^2", names, 120);
    const auto found = explain_template(*parse_template("sin(f(x1, x2)) + g(x3)", names), problem, quick(6));
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->report.front[found->best].fit.exact);
    EXPECT_EQ(shown(found->parts[found->best][0]), "f: x1 + x2");
    EXPECT_EQ(shown(found->parts[found->best][1]), "g: x3^2");
}

TEST(Template, FindsNumbersUnderNoise) {
    const Columns names{"x", "z"};
    const Problem problem = rows_of_law("cos(3.7*x) + 2.5*z - 1/z", names, 300, 0.01);
    const auto found = explain_template(*parse_template("cos(f(x)) + g(z)", names), problem, quick(6));
    ASSERT_TRUE(found);
    const Problem law = rows_of_law("cos(3.7*x) + 2.5*z - 1/z", names, 300);
    EXPECT_TRUE(check_form(found->report.front[found->best].program, law).same)
        << to_infix(found->report.front[found->best].program, names);
}

TEST(Template, FindsAPartThatIsCalledTwice) {
    const Columns names{"x", "z"};
    const Problem problem = rows_of_law("2.5*x^2 - 2.5*z^2", names, 60);
    const auto found = explain_template(*parse_template("f(x) - f(z)", names), problem, quick(4));
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->report.front[found->best].fit.exact);
    EXPECT_EQ(shown(found->parts[found->best][0]), "f: 2.5*u1^2");
}

TEST(Template, ObeysUnits) {
    const Columns names{"r", "t", "w"};
    Problem problem = rows_of_law("3*r/t*cos(w*t)", names, 200);
    problem.units = {*parse_unit("m"), *parse_unit("s"), *parse_unit("1/s")};
    problem.target_unit = *parse_unit("m/s");
    const auto found = explain_template(*parse_template("f(r, t)*cos(g(t, w))", names), problem, quick(6));
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->report.front[found->best].fit.exact)
        << to_infix(found->report.front[found->best].program, names);
    const auto unfit = explain_template(*parse_template("f(r + t)", names), problem, quick(1));
    ASSERT_FALSE(unfit);
    EXPECT_THAT(base::render(unfit.error()), HasSubstr("units that do not fit in an argument of f(r+t)"));
}

} // namespace
} // namespace ropewalk::formula
