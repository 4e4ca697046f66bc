// Formulas as text: what is printed, that it reads back, and that exported code computes the same.
#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/formulas/text/text.hpp"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ropewalk::formula {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using enum Operator;

const std::vector<std::string> abc{"a", "b", "c"};

Program parsed(const std::string& text, const std::vector<std::string>& names = abc) {
    const auto program = parse_formula(text, names);
    EXPECT_TRUE(program) << base::render(program.error());
    return program.value_or(formula::constant(static_cast<int>(names.size()), 0));
}

std::string infix(const std::string& text) { return to_infix(parsed(text), abc); }

std::string refusal(const std::string& text, const std::vector<std::string>& names = abc) {
    const auto program = parse_formula(text, names);
    EXPECT_FALSE(program) << text;
    return program ? "" : base::render(program.error());
}

/// A program of `lines` lines over every operator.
Program random_program(base::RandomStream& random, int variables, int lines) {
    Program program{.variables = variables};
    for (int l = 0; l < lines; ++l) {
        const auto slots = static_cast<std::uint32_t>(program.slots());
        Line line{static_cast<Operator>(random.below(operator_count))};
        const int arity = info(line.operation).arity;
        // Late slots are drawn more often, so that formulas grow deep.
        const auto operand = [&] {
            return static_cast<int>(std::max(random.below(slots), random.below(slots)));
        };
        if (arity >= 1) line.left = operand();
        if (arity >= 2) line.right = operand();
        if (line.operation == Operator::constant) {
            const std::vector<double> values{
                1, -1, 2, 0.5, 1.0 / 3, -2.0 / 7, 1e-5, 12345.678, 3 * random.normal(), -0.0};
            line.value = values[random.below(static_cast<std::uint32_t>(values.size()))];
        }
        program.lines.push_back(line);
    }
    return program;
}

/// The value with every operation's result moved by a relative error of some units in the last place: what
/// another order of the same operations may give.
double perturbed(const Program& program, const std::vector<double>& values, base::RandomStream& random) {
    std::vector<double> slots = values;
    for (const Line& line : program.lines) {
        const int arity = info(line.operation).arity;
        const double value =
            apply(line.operation, arity >= 1 ? slots[static_cast<std::size_t>(line.left)] : 0,
                  arity >= 2 ? slots[static_cast<std::size_t>(line.right)] : 0, line.value);
        slots.push_back(value * (1 + 4e-15 * (2 * random.uniform() - 1)));
    }
    return slots[static_cast<std::size_t>(program.result())];
}

std::vector<double> random_values(base::RandomStream& random, int count) {
    std::vector<double> values;
    for (int v = 0; v < count; ++v) values.push_back(random.normal() * 2);
    return values;
}

TEST(FormulaText, HasFewParentheses) {
    EXPECT_EQ(infix("((a*b)+(c))"), "a*b + c");
    EXPECT_EQ(infix("a+a"), "2*a");
    EXPECT_EQ(infix("a/b+a/b"), "2*a/b");
    EXPECT_EQ(infix("c+a*b"), "a*b + c");
    EXPECT_EQ(infix("2+c+a*b"), "a*b + c + 2");
    EXPECT_EQ(infix("a-(b-c)"), "a - (b - c)");
    EXPECT_EQ(infix("(a-b)-c"), "a - b - c");
    EXPECT_EQ(infix("a*(b+c)"), "a*(b + c)");
    EXPECT_EQ(infix("a+(b+c)"), "a + b + c");
    EXPECT_EQ(infix("a*(b*c)"), "a*b*c");
    EXPECT_EQ(infix("a/(b*c)"), "a/(b*c)");
    EXPECT_EQ(infix("a/b/c"), "a/(b*c)");
    EXPECT_EQ(infix("sqrt((a+b))"), "sqrt(a + b)");
    EXPECT_EQ(infix("min(a, (b-c))"), "min(a, b - c)");
    EXPECT_EQ(infix("a*(1/b)"), "a/b");
}

TEST(FormulaText, WritesPowers) {
    EXPECT_EQ(infix("a*a"), "a^2");
    EXPECT_EQ(infix("square(a)"), "a^2");
    EXPECT_EQ(infix("a*a*a*a*a"), "a^5");
    EXPECT_EQ(infix("a*b*a"), "a^2*b");
    EXPECT_EQ(infix("(a+b)*(a+b)"), "(a + b)^2");
    EXPECT_EQ(infix("(a*b)^2"), "(a*b)^2");
    EXPECT_EQ(infix("1/a^2"), "1/a^2");
    EXPECT_EQ(infix("sin(a)^2"), "sin(a)^2");
}

TEST(FormulaText, WritesNumbersShort) {
    EXPECT_EQ(infix("0.1*a"), "0.1*a");
    EXPECT_EQ(infix("a*2"), "2*a");
    EXPECT_EQ(infix("1e-5 + a"), "a + 1e-5");
    EXPECT_EQ(infix("1/3 + a"), "a + 1/3");
    EXPECT_EQ(infix("1/3*a"), "a/3");
    EXPECT_EQ(infix("2/3*a"), "2*a/3");
    EXPECT_EQ(to_infix(formula::constant(0, 3.141592653589793), {}), "3.141592653589793");
    EXPECT_EQ(to_infix(formula::constant(0, -2.0 / 7), {}), "-2/7");
    EXPECT_EQ(to_infix(formula::constant(0, 1e22), {}), "1e22");
}

TEST(FormulaText, WritesSignsAsPeopleDo) {
    EXPECT_EQ(infix("a + -2"), "a - 2");
    EXPECT_EQ(infix("a - -2"), "a + 2");
    EXPECT_EQ(infix("-2*a + b"), "b - 2*a");
    EXPECT_EQ(infix("-a"), "-a");
    EXPECT_EQ(infix("a*-2"), "-2*a");
    EXPECT_EQ(infix("-a^2"), "-a^2");
    EXPECT_EQ(infix("(-2*a)^2"), "(-2*a)^2");
}

TEST(FormulaText, QuotesNamesThatAreNoWords) {
    const std::vector<std::string> names{"top speed", "2", "a`b", "höhe"};
    const Program program = parsed("`top speed`*`2` + `a``b`/höhe", names);
    EXPECT_EQ(to_infix(program, names), "`top speed`*`2` + `a``b`/höhe");
    EXPECT_EQ(evaluate(program, std::vector<double>{2, 3, 4, 8}), 6.5);
}

TEST(FormulaText, ReadsBackWithTheSameValues) {
    base::RandomStream random(1, base::Purpose::test);
    int compared = 0;
    for (int trial = 0; trial < 20'000; ++trial) {
        const Program program = random_program(random, 3, 1 + static_cast<int>(random.below(12)));
        const std::string text = to_infix(program, abc);
        const auto again = parse_formula(text, abc);
        ASSERT_TRUE(again) << base::render(again.error());
        for (int n = 0; n < 4; ++n) {
            const std::vector<double> values = random_values(random, 3);
            const double expected = evaluate(program, values), found = evaluate(*again, values);
            if (!std::isfinite(expected) || std::abs(expected) > 1e100) continue;
            double spread = 0;
            for (int k = 0; k < 8; ++k)
                spread = std::max(spread, std::abs(perturbed(program, values, random) - expected));
            // Values without a digit that is certain, and edges such as sqrt(0), say nothing.
            if (!(spread <= 1e-6 * std::abs(expected))) continue;
            ++compared;
            EXPECT_NEAR(found, expected, 10 * spread + 1e-12 * std::abs(expected)) << text;
        }
    }
    EXPECT_GT(compared, 20'000);
}

TEST(FormulaText, KeepsTheNormalFormOfRationalFormulas) {
    const auto pool = formula_pool({.variables = 3, .operators = 3});
    ASSERT_TRUE(pool);
    for (const Program& program : pool->formulas) {
        const Program again = parsed(to_infix(program, abc));
        EXPECT_EQ(normal_form(again).value(), normal_form(program).value()) << to_infix(program, abc);
        EXPECT_LE(size(again).operators, size(program).operators);
    }
    Bank bank(
        {.variables = 2, .constants = {1, 2}, .operators = {add, subtract, multiply, divide}, .units = {}});
    ASSERT_TRUE(bank.add_level() && bank.add_level() && bank.add_level());
    const std::vector<std::string> two{"x", "y"};
    for (std::uint32_t i = 0; i < bank.size(); ++i) {
        const Program program = bank.program(i);
        EXPECT_EQ(normal_form(parsed(to_infix(program, two), two)).value(), normal_form(program).value())
            << to_infix(program, two);
    }
}

TEST(FormulaText, StaysShortWherePartsAreShared) {
    Program program{.variables = 1};
    program.lines.push_back({add, 0, 0});
    for (int l = 1; l < 60; ++l) program.lines.push_back({l % 2 != 0 ? subtract : sine, l, l - 1});
    const std::vector<std::string> names{"t1"};
    const std::string text = to_infix(program, names);
    EXPECT_LT(text.size(), 2'000u);
    EXPECT_THAT(text, HasSubstr("t2 = "));
    const Program again = parsed(text, names);
    for (const double x : {0.3, -1.5})
        EXPECT_NEAR(evaluate(again, std::vector{x}), evaluate(program, std::vector{x}), 1e-9);
}

TEST(FormulaText, WritesVeryDeepProgramsWithoutRunningOutOfStack) {
    Program program{.variables = 1};
    for (int l = 0; l < 100'000; ++l) program.lines.push_back({l % 2 != 0 ? cosine : reciprocal, l, 0});
    const std::vector<std::string> names{"x"};
    for (const Notation notation :
         {Notation::infix, Notation::python, Notation::c, Notation::sympy, Notation::latex})
        EXPECT_GT(to_text(program, {names, "y"}, notation).size(), 100'000u);
    EXPECT_TRUE(parse_formula(to_infix(program, names), names));
}

TEST(ParseFormula, KnowsPowersSignsAndFunctions) {
    const std::vector<double> at{2, 3, 5};
    const auto value = [&](const std::string& text) { return evaluate(parsed(text), at); };
    EXPECT_EQ(value("-a^2"), -4);
    EXPECT_EQ(value("(-a)^2"), 4);
    EXPECT_EQ(value("a^-1"), 0.5);
    EXPECT_EQ(value("b^(-2)*9"), 1);
    EXPECT_EQ(value("b**3"), 27);
    EXPECT_EQ(value("a^0"), 1);
    EXPECT_EQ(value("(a*2)^0.5"), 2);
    EXPECT_EQ(value("(a*2)^(1/2)"), 2);
    EXPECT_EQ(value("a^10"), 1024);
    EXPECT_EQ(value("a - - b"), 5);
    EXPECT_EQ(value("min(a, b) + max(a, c)*square(a)"), 22);
    EXPECT_EQ(value("reciprocal(a) + exp(0)*cos(0) + sin(0) + log(1) + sqrt(4)"), 3.5);
    EXPECT_EQ(value("  t = a + b ;\n t*t "), 25);
    EXPECT_EQ(value("1e3 + .5"), 1000.5);
    EXPECT_EQ(value("a/b*c"), 2.0 / 3.0 * 5);
    EXPECT_EQ(value("a - b - c"), -6);
    EXPECT_EQ(parsed("1/3"), formula::constant(3, 1.0 / 3));
    EXPECT_EQ(parsed("-0.5"), formula::constant(3, -0.5));
    EXPECT_EQ(parsed("b"), variable(3, 1));
    EXPECT_EQ(parsed("1/a").lines.front().operation, reciprocal);
}

TEST(ParseFormula, SaysWhereItFailed) {
    EXPECT_EQ(refusal("a + "), "formula:1:5: the end; expected a number, a name, a function or '('\n"
                               "    a + \n        ^\n");
    EXPECT_EQ(refusal("a + bb"), "formula:1:5: unknown name 'bb'; expected 'b'\n    a + bb\n        ^^\n");
    EXPECT_EQ(refusal("sqr(a)"),
              "formula:1:1: unknown function 'sqr'; expected 'sqrt'\n    sqr(a)\n    ^^^\n");
    EXPECT_THAT(refusal("(a"), HasSubstr("1:3: the end; expected ')' or an operator"));
    EXPECT_THAT(refusal("a)"), HasSubstr("1:2: ')'; expected an operator or the end"));
    EXPECT_THAT(refusal("2a"), HasSubstr("1:2: 'a'; expected an operator or the end"));
    EXPECT_TRUE(parse_formula("a^b", std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(to_infix(*parse_formula("a^0.43*b^-0.37", std::vector<std::string>{"a", "b"}), std::vector<std::string>{"a", "b"}), "a^0.43/b^0.37");
    EXPECT_THAT(refusal("a^2^3"), HasSubstr("parentheses"));
    EXPECT_THAT(refusal("min(a)"), HasSubstr("',' and a second argument of min"));
    EXPECT_THAT(refusal("sqrt(a, b)"), HasSubstr("1:7: ','"));
    EXPECT_THAT(refusal("1e999"), HasSubstr("within the range"));
    EXPECT_THAT(refusal(""), HasSubstr("the end"));
    EXPECT_THAT(refusal("t = a"), HasSubstr("';' behind a definition"));
    EXPECT_THAT(refusal("a = b; a"), HasSubstr("1:3: '='"));
    EXPECT_THAT(refusal("`a"), HasSubstr("a backquote"));
    EXPECT_THAT(refusal("no-op(a)"), HasSubstr("1:1: unknown name 'no'"));
    EXPECT_THAT(refusal(std::string("a\0b", 3)), HasSubstr("1:2: '\\x00'"));
    EXPECT_THAT(refusal("x", {}), HasSubstr("unknown name 'x'; expected a number"));
}

TEST(ParseFormula, RefusesDeepNestingAndLongText) {
    const auto nested = [](const std::string& open, int levels) {
        std::string text;
        for (int i = 0; i < levels; ++i) text += open;
        return text + "a" + std::string(static_cast<std::size_t>(levels), ')');
    };
    EXPECT_TRUE(parse_formula(nested("(", 500), abc));
    EXPECT_THAT(refusal(nested("(", 501)), HasSubstr("1:501: '('; expected at most 500 levels"));
    EXPECT_THAT(refusal(nested("sin(", 100'000)), HasSubstr("500 levels"));
    EXPECT_THAT(refusal(nested("-(", 100'000)), HasSubstr("500 levels"));
    EXPECT_TRUE(parse_formula(std::string(100'000, '-') + "a", abc));
    EXPECT_THAT(refusal(std::string((1 << 20) + 1, ' ')), HasSubstr("at most 1048576"));
}

TEST(ParseFormula, EndsOnAnyText) {
    base::RandomStream random(2, base::Purpose::test);
    const std::string letters = "ab(),+-*/^;=` .019esqrtmin\n\x80";
    for (int trial = 0; trial < 50'000; ++trial) {
        std::string text;
        for (auto length = random.below(24); length > 0; --length)
            text += letters[random.below(static_cast<std::uint32_t>(letters.size()))];
        const auto program = parse_formula(text, abc);
        EXPECT_TRUE(program ? valid(*program) : !program.error().empty()) << text;
    }
}

TEST(Identifiers, AreAllDifferentAndTakenByTheLanguage) {
    const std::vector<std::string> names{"a b", "a_b", "a-b", "lambda", "double", "1st",
                                         "",    "exp", "µ",   "_x",     "M_PI",   "x"};
    for (const Notation notation : {Notation::python, Notation::c, Notation::sympy}) {
        const auto chosen = identifiers(names, notation);
        ASSERT_EQ(chosen.size(), names.size());
        EXPECT_EQ(std::set<std::string>(chosen.begin(), chosen.end()).size(), names.size());
        EXPECT_EQ(chosen[1], "a_b");
        EXPECT_EQ(chosen[11], "x");
        EXPECT_NE(chosen[7], "exp");
        for (const std::string& name : chosen)
            EXPECT_THAT(name, testing::MatchesRegex("[a-zA-Z][a-zA-Z0-9_]*"));
    }
    EXPECT_NE(identifiers(names, Notation::python)[3], "lambda");
    EXPECT_EQ(identifiers(names, Notation::c)[3], "lambda");
    EXPECT_NE(identifiers(names, Notation::c)[4], "double");
    EXPECT_NE(identifiers(names, Notation::c)[10], "M_PI");
}

TEST(Latex, SetsFractionsRootsAndNames) {
    const std::vector<std::string> names{"v_0", "alpha", "mass", "50%_max"};
    const auto latex = [&](const std::string& text) {
        return to_text(parsed(text, names), {names, "y"}, Notation::latex);
    };
    EXPECT_EQ(latex("v_0*alpha/mass"), "y = \\frac{v_{0} \\, \\alpha}{\\mathrm{mass}}\n");
    EXPECT_EQ(latex("sqrt(alpha + 1/3)"), "y = \\sqrt{\\alpha + \\frac{1}{3}}\n");
    EXPECT_EQ(latex("1.5e-5*exp(alpha)^2"), "y = 1.5 \\times 10^{-5} \\, \\exp\\left(\\alpha\\right)^{2}\n");
    EXPECT_EQ(latex("(mass + v_0)^2"), "y = \\left(v_{0} + \\mathrm{mass}\\right)^{2}\n");
    EXPECT_EQ(latex("log(`50%_max`)"), "y = \\ln\\left(\\text{50\\%}_{\\mathrm{max}}\\right)\n");
}

/// Random programs and rows, whose values exported code has to meet.
class Export : public testing::Test {
protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "ropewalk_text_XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder = pattern;
        base::RandomStream random(3, base::Purpose::test);
        while (programs.size() < 150) {
            const Program program = random_program(random, 3, 1 + static_cast<int>(random.below(14)));
            const std::vector<double> values = random_values(random, 3);
            std::vector<double> slots = values;
            bool finite = true;
            for (const Line& line : program.lines) {
                slots.push_back(apply(line.operation, slots[static_cast<std::size_t>(line.left)],
                                      slots[static_cast<std::size_t>(line.right)], line.value));
                finite = finite && std::isfinite(slots.back());
            }
            if (!finite) continue;
            programs.push_back(program);
            rows.push_back(values);
        }
    }
    void TearDown() override { fs::remove_all(folder); }

    void write(const std::string& name, const std::string& text) const {
        std::ofstream(folder / name, std::ios::binary) << text;
    }

    /// What a command prints on standard output, as numbers.
    std::vector<double> numbers(const std::string& command) const {
        const std::string out = (folder / "out").string();
        EXPECT_EQ(std::system((command + " > " + out + " 2> " + out + ".err").c_str()), 0)
            << std::string(std::istreambuf_iterator<char>(std::ifstream(out + ".err").rdbuf()), {});
        std::ifstream stream(out);
        return {std::istream_iterator<double>(stream), {}};
    }

    static bool present(const std::string& command) {
        return std::system((command + " > /dev/null 2>&1").c_str()) == 0;
    }

    /// Names that need care in every language.
    Labels labels(std::size_t program) const {
        return {{"lambda", "double", "top speed"}, fmt::format("f{}", program)};
    }

    fs::path folder;
    std::vector<Program> programs;
    std::vector<std::vector<double>> rows;
};

TEST_F(Export, InPythonComputesTheSame) {
    if (!present("python3 --version")) GTEST_SKIP() << "python3 is not here";
    std::string code, calls;
    for (std::size_t p = 0; p < programs.size(); ++p) {
        code += to_text(programs[p], labels(p), Notation::python) + "\n\n";
        calls += fmt::format("print(repr(float(f{}({:.17g}, {:.17g}, {:.17g}))))\n", p, rows[p][0],
                             rows[p][1], rows[p][2]);
    }
    write("code.py", code + calls);
    const auto values = numbers("python3 " + (folder / "code.py").string());
    ASSERT_EQ(values.size(), programs.size());
    for (std::size_t p = 0; p < programs.size(); ++p)
        EXPECT_EQ(values[p], evaluate(programs[p], rows[p]))
            << to_text(programs[p], labels(p), Notation::python);
}

TEST_F(Export, InCComputesTheSame) {
    if (!present("cc --version")) GTEST_SKIP() << "cc is not here";
    std::string code = "#include <stdio.h>\n", calls;
    for (std::size_t p = 0; p < programs.size(); ++p) {
        code += to_text(programs[p], labels(p), Notation::c) + "\n";
        calls += fmt::format("    printf(\"%.17g\\n\", f{}({:.17g}, {:.17g}, {:.17g}));\n", p, rows[p][0],
                             rows[p][1], rows[p][2]);
    }
    write("code.c", code + "int main(void) {\n" + calls + "    return 0;\n}\n");
    const std::string stem = (folder / "code").string();
    // Fused multiplication and addition would round once where the formula rounds twice.
    const auto values =
        numbers("cc -std=c99 -Wall -Wextra -Werror -Wno-unused-parameter -pedantic -ffp-contract=off "
                "-fno-builtin -o " +
                stem + " " + stem + ".c -lm && " + stem);
    ASSERT_EQ(values.size(), programs.size());
    for (std::size_t p = 0; p < programs.size(); ++p)
        EXPECT_EQ(values[p], evaluate(programs[p], rows[p])) << to_text(programs[p], labels(p), Notation::c);
}

TEST_F(Export, InSympyMeansTheSame) {
    if (!present("python3 --version")) GTEST_SKIP() << "python3 is not here";
    // Stands in for the package: symbols are the numbers of the row.
    fs::create_directories(folder / "sympy");
    write("sympy/__init__.py", "from math import acos, asin, atan, cos, exp, floor, log, sin, sqrt, tan, tanh\n"
                               "from math import ceil as ceiling\n"
                               "row = ()\n"
                               "def symbols(names, real=False):\n"
                               "    assert len(names.split(' ')) == len(row)\n"
                               "    return row\n"
                               "def Rational(p, q):\n"
                               "    return p / q\n"
                               "def sign(x):\n"
                               "    return (x > 0) - (x < 0)\n"
                               "def Mod(x, y):\n"
                               "    return x - y * floor(x / y)\n"
                               "def Heaviside(x, at_zero):\n"
                               "    return at_zero if x == 0 else float(x > 0)\n"
                               "Abs, Min, Max = abs, min, max\n");
    std::string code = "import sympy\n";
    for (std::size_t p = 0; p < programs.size(); ++p) {
        code += fmt::format("sympy.row = ({:.17g}, {:.17g}, {:.17g})\n", rows[p][0], rows[p][1], rows[p][2]);
        code += "try:\n    exec(" + nlohmann::json(to_text(programs[p], labels(p), Notation::sympy)).dump() +
                ")\n";
        code += fmt::format("    print(repr(float(f{})))\nexcept ArithmeticError:\n    print('1e999')\n", p);
    }
    write("code.py", code);
    const auto values =
        numbers("PYTHONPATH=" + folder.string() + " python3 " + (folder / "code.py").string());
    ASSERT_EQ(values.size(), programs.size());
    base::RandomStream random(4, base::Purpose::test);
    int compared = 0;
    for (std::size_t p = 0; p < programs.size(); ++p) {
        const double expected = evaluate(programs[p], rows[p]);
        double spread = 0;
        for (int k = 0; k < 8; ++k)
            spread = std::max(spread, std::abs(perturbed(programs[p], rows[p], random) - expected));
        if (!(spread <= 1e-6 * std::abs(expected)) || std::abs(expected) > 1e100) continue;
        ++compared;
        EXPECT_NEAR(values[p], expected, 10 * spread + 1e-12 * std::abs(expected))
            << to_text(programs[p], labels(p), Notation::sympy);
    }
    EXPECT_GT(compared, 100);
}

TEST_F(Export, InJsonHoldsTheLines) {
    for (std::size_t p = 0; p < programs.size(); ++p) {
        const auto object =
            nlohmann::json::parse(to_text(programs[p], labels(p), Notation::json), nullptr, false);
        ASSERT_TRUE(object.is_object());
        Program program{.variables = static_cast<int>(object["variables"].size())};
        for (const auto& line : object["lines"]) {
            const auto operation = operator_named(line["operator"].get<std::string>());
            ASSERT_TRUE(operation);
            program.lines.push_back(
                {*operation, line.value("left", 0), line.value("right", 0), line.value("value", 0.0)});
        }
        program.result_variable = object["lines"].empty() ? object["result"].get<int>() : 0;
        ASSERT_TRUE(valid(program));
        EXPECT_EQ(object["result"], program.result());
        EXPECT_EQ(evaluate(program, rows[p]), evaluate(programs[p], rows[p]));
        EXPECT_EQ(object["formula"], to_infix(programs[p], labels(p).inputs));
        EXPECT_EQ(object["target"], labels(p).target);
    }
}

TEST(ExportedCode, LooksAsPeopleWriteIt) {
    const Labels labels{{"a", "b", "c"}, "y"};
    EXPECT_EQ(to_text(parsed("a*b - sqrt(c)/3"), labels, Notation::python),
              "from math import sqrt\n\n\ndef y(a, b, c):\n    return a*b - sqrt(c)/3.0\n");
    EXPECT_EQ(
        to_text(parsed("a*b - sqrt(c)/3"), labels, Notation::c),
        "#include <math.h>\n\ndouble y(double a, double b, double c) {\n    return a*b - sqrt(c)/3.0;\n}\n");
    EXPECT_EQ(
        to_text(parsed("a*b - sqrt(c)/3"), labels, Notation::sympy),
        "from sympy import sqrt, symbols\n\na, b, c = symbols(\"a b c\", real=True)\ny = a*b - sqrt(c)/3\n");
    EXPECT_EQ(to_text(parsed("(a + b)^2 + -2*c"), labels, Notation::python),
              "def y(a, b, c):\n    t1 = a + b\n    return t1*t1 - 2.0*c\n");
    EXPECT_EQ(to_text(formula::constant(0, 2), {{}, "y"}, Notation::c),
              "#include <math.h>\n\ndouble y(void) {\n    return 2.0;\n}\n");
    EXPECT_EQ(
        to_text(variable(1, 0), {{"top speed"}, "class"}, Notation::python),
        "# top_speed is 'top speed'\n# class_ is 'class'\ndef class_(top_speed):\n    return top_speed\n");
}

TEST(WrittenText, HasFewParentheses) {
    const auto s = [](int v) { return variable(3, v); };
    EXPECT_EQ(written_text(s(2)), "s3");
    EXPECT_EQ(written_text(combine(Operator::multiply, s(0), combine(Operator::subtract, s(1), s(2)))),
              "s1 * (s2 - s3)");
    EXPECT_EQ(written_text(combine(Operator::subtract, s(0), combine(Operator::subtract, s(1), s(2)))),
              "s1 - (s2 - s3)");
    EXPECT_EQ(written_text(combine(Operator::add, combine(Operator::multiply, s(0), s(1)), s(2))),
              "s1 * s2 + s3");
}

} // namespace
} // namespace ropewalk::formula
