#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/language/language.hpp"

namespace ropewalk::language {
namespace {

using testing::HasSubstr;

std::string repeated(const std::string& text, int times) {
    std::string result;
    for (int i = 0; i < times; ++i) result += text;
    return result;
}

/// The program printed, or the diagnostics.
std::string outcome(const std::string& text, const ParseOptions& options = {}) {
    const auto program = parse(text, "test", options);
    return program ? to_string(*program) : base::render(program.error());
}

TEST(Parser, KeepsStatementsBehindSemicolonsOutOfTheBlock) {
    EXPECT_EQ(outcome("acc = 0; for i in 0..3: acc = acc + M[i]; M[3] = acc"),
              "acc = 0\n"
              "for i in 0..3: acc = acc + M[i]\n"
              "M[3] = acc\n");
    EXPECT_EQ(outcome("for k in 0..n: for i in 0..2: M[i] = k; M[0] = 1"), "for k in 0..n:\n"
                                                                           "    for i in 0..2: M[i] = k\n"
                                                                           "M[0] = 1\n");
    EXPECT_EQ(outcome("for k in 0..n: while M[k] != 0:\n  M[k] = 0; M[0] = 1\nnop"),
              "for k in 0..n:\n    while M[k] != 0:\n        M[k] = 0\n        M[0] = 1\nnop\n");
}

TEST(Parser, ReadsElseInTheLineBelowItAndBehindABlock) {
    const std::string printed = "if M[0] == 1:\n    M[1] = 1\nelse:\n    M[1] = 2\nnop\n";
    EXPECT_EQ(outcome("if M[0] == 1: M[1] = 1 else: M[1] = 2; nop"), printed);
    EXPECT_EQ(outcome("if M[0] == 1: M[1] = 1\nelse: M[1] = 2; nop"), printed);
    EXPECT_EQ(outcome("if M[0] == 1:\n M[1] = 1\nelse: M[1] = 2\nnop"), printed);
    EXPECT_EQ(outcome(printed), printed);
    EXPECT_EQ(outcome("if 1 == 2: if 1 == 3: nop else: M[0] = 1"),
              "if 1 == 2:\n    if 1 == 3:\n        nop\n    else:\n        M[0] = 1\n");
}

TEST(Parser, KeepsOnlyParenthesesThatMatter) {
    EXPECT_EQ(outcome("M[0] = ((1 + 2) + 3) - (4 - (5 * 6)) * ((7))"),
              "M[0] = 1 + 2 + 3 - (4 - 5 * 6) * 7\n");
    EXPECT_EQ(outcome("while (not (1 < 2)) and ((1 == 2) or (not not 2 >= 3)): nop"),
              "while not 1 < 2 and (1 == 2 or not not 2 >= 3): nop\n");
    EXPECT_EQ(outcome("M[0] = inc(2) * dec(3)"), "M[0] = (2 + 1) * (3 - 1)\n");
}

TEST(Parser, PrintsExchangesAsSwap) {
    EXPECT_EQ(outcome("M[0], M[1] = M[1], M[0]"), "swap M[0], M[1]\n");
    EXPECT_EQ(outcome("a, b = 1, 2; swap a, b"), "a, b = 1, 2\nswap a, b\n");
    EXPECT_EQ(outcome("M[0], M[1] = M[1], M[2]"), "M[0], M[1] = M[1], M[2]\n");
}

TEST(Parser, ReadsHolesInSketchesOnly) {
    const std::string sketch = "for i in ?range.r:\n"
                               "    if ?test.t(M[i], i): M[i] = ?value.f(M[i]) + ?index.a\n";
    EXPECT_EQ(outcome(sketch, {.holes = true}), sketch);
    EXPECT_THAT(outcome(sketch), HasSubstr("test:1:10: "));
    EXPECT_THAT(outcome("M[0] = ?range.r", {.holes = true}), HasSubstr("it stands behind 'in' only"));
    EXPECT_THAT(outcome("M[0] = ?test.r", {.holes = true}), HasSubstr("a condition; expected a value"));
    EXPECT_THAT(outcome("if ?value.r: nop", {.holes = true}), HasSubstr("a value; expected a condition"));
    EXPECT_THAT(outcome("M[0] = ?value", {.holes = true}),
                HasSubstr("expected '.' and the name of the hole"));
}

TEST(Parser, ShowsThePlaceOfAnError) {
    EXPECT_EQ(outcome("total = 0\nfor i in 0..n:\n    total = totl + M[i]\n"),
              "test:3:13: variable 'totl' before it has a value; expected a variable that is assigned above; "
              "did you mean 'total'?\n"
              "        total = totl + M[i]\n"
              "                ^^^^\n");
}

TEST(Parser, RefusesHostileInput) {
    const auto refused = [](const std::string& text) {
        const auto program = parse(text, "test", {.holes = true});
        EXPECT_FALSE(program);
        if (!program) {
            EXPECT_LE(program.error().size(), 51u);
            EXPECT_LT(base::render(program.error()).size(), 100'000u);
        }
    };
    constexpr int many = 100'000;
    refused(std::string(std::size_t{2} << 20, '\n'));
    refused("M[0] = " + repeated("(", many));
    refused("M[0] = " + repeated("(", many) + "1" + repeated(")", many));
    refused("M[0] = " + repeated("M[", many) + "1" + repeated("]", many));
    refused("M[0] = " + repeated("min(1, ", many));
    refused("M[0] = " + repeated("?a.b(", many));
    refused("M[0] = 1" + repeated(" + 1", many));
    refused("M[0] = 1" + repeated(" * 1", many));
    refused("if " + repeated("not ", many) + "1 == 2: nop");
    refused("if 1 == 1" + repeated(" and 1 == 1", many / 2) + ": nop");
    refused(repeated("if 1 == 1: ", many / 2) + "nop");
    refused(repeated("if 1 == 1: ", many / 2));
    refused(repeated("if 1 == 1: nop else: ", many / 4) + "nop else");
    std::string staircase, broken;
    for (int i = 0; i < 1000; ++i) {
        staircase += std::string(static_cast<std::size_t>(i), ' ') + "if 1 == 1:\n";
        broken += std::string(static_cast<std::size_t>(i), ' ') + "if 1 = 1:\n";
    }
    refused(staircase);
    refused(broken);
    refused(repeated("else:\n", many));
    refused(repeated("if\n", many));
    refused("M[0] = " + std::string(500'000, 'x'));
    refused(std::string(500'000, ' ') + "x");
    refused(std::string(500'000, '?'));
    refused(std::string(1, '\0'));
    std::string doubling = "def f0(x) = x + x\n";
    for (int i = 1; i < 200; ++i)
        doubling += "def f" + std::to_string(i) + "(x) = f" + std::to_string(i - 1) + "(x) + f" +
                    std::to_string(i - 1) + "(x)\n";
    refused(doubling);
    std::string unused = "def g(x) = 1\ndef f0(x) = g(x) + g(x)\n";
    for (int i = 1; i < 200; ++i)
        unused += "def f" + std::to_string(i) + "(x) = g(f" + std::to_string(i - 1) + "(f" +
                  std::to_string(i - 1) + "(x)))\n";
    refused(unused);
}

TEST(Parser, TakesLargeProgramsThatAreFine) {
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += "M[0] = M[0] + " + std::to_string(i) + "\n";
    EXPECT_TRUE(parse(text, "test"));
    std::string deep = "M[0] = 1" + repeated(" + 1", 190) + "\n" + repeated("if 1 == 1: ", 190) + "nop\n";
    const auto program = parse(deep, "test");
    ASSERT_TRUE(program) << base::render(program.error());
    EXPECT_EQ(*parse(to_string(*program), "printed"), *program);
}

TEST(Parser, SurvivesDamagedPrograms) {
    constexpr std::string_view letters = "Mn[]()=+-*/%<>!.,:;?# \nxif0e1";
    int refused = 0;
    for (unsigned seed = 0; seed < 20'000; ++seed) {
        base::RandomStream random(seed, base::Purpose::test, 5);
        std::string text = to_string(random_program(4, random));
        for (int edit = 0; edit < 3; ++edit) {
            const std::size_t at = random.below(static_cast<unsigned>(text.size()));
            const char letter = letters[random.below(static_cast<unsigned>(letters.size()))];
            switch (random.below(3)) {
            case 0: text[at] = letter; break;
            case 1: text.insert(at, 1, letter); break;
            default: text.erase(at, 1);
            }
            if (text.empty()) text = "x";
        }
        const auto program = parse(text, "damaged", {.holes = true});
        if (program) {
            const auto again = parse(to_string(*program), "printed", {.holes = true});
            ASSERT_TRUE(again) << text << to_string(*program) << base::render(again.error());
            ASSERT_EQ(*again, *program) << text;
            continue;
        }
        ++refused;
        for (const auto& each : program.error()) {
            EXPECT_FALSE(each.found.empty() || each.expected.empty()) << text;
            EXPECT_TRUE(each.line > 0 || each.found == "no statements") << text;
        }
    }
    EXPECT_GT(refused, 10'000);
}

TEST(Parser, ReportsAFileThatIsNotThere) { EXPECT_FALSE(parse_file("/nowhere/program.rope")); }

} // namespace
} // namespace ropewalk::language
