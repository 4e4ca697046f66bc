// Every file of tests/programs/language/cases is a test.
//
// NAME.rope is a program that works. Comments in it say what it is run on and what must come out:
//     # base: 8
//     # cells: 4
//     # memory: 3 1 4                 start (the rest is 0)
//     # expect memory: 4 2 5
//     # expect lines: 5               of the assembly for paper13 (also: steps, registers; steps may be none)
// It is evaluated, lowered in every way and run by the exact machine, and it must come back from printing and
// parsing. bad-NAME.rope is a program with errors; bad-NAME.expected holds the diagnostics to the letter.
// ROPEWALK_ACCEPT=1 writes the diagnostics that come out into the .expected files.
#include <filesystem>
#include <sstream>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/language/language.hpp"
#include "tests/places.hpp"
#include "tests/programs/language/lowered_run.hpp"
#include "tests/text_cases.hpp"

namespace ropewalk::language {
namespace {

namespace fs = std::filesystem;
using text_cases::content;
using text_cases::test_name;

const fs::path folder = source_dir() + "/tests/programs/language/cases";

std::vector<fs::path> cases(bool bad) { return text_cases::files(folder, ".rope", bad); }

/// What stands behind `# key:`, if the text has that comment.
std::optional<std::string> header(const std::string& text, const std::string& key) {
    const std::string start = "# " + key + ": ";
    const std::size_t at = text.find(start);
    if (at == std::string::npos) return std::nullopt;
    const std::size_t from = at + start.size();
    return text.substr(from, text.find_first_of("\r\n", from) - from);
}

class GoodText : public testing::TestWithParam<fs::path> {
protected:
    void SetUp() override {
        text = content(GetParam());
        auto parsed = parse(text, GetParam().filename().string());
        ASSERT_TRUE(parsed) << base::render(parsed.error());
        program = std::move(*parsed);
        for (const char* key : {"base", "cells", "memory", "expect memory"})
            ASSERT_TRUE(header(text, key)) << "the case does not say its " << key;
        machine.base = std::stoi(*header(text, "base"));
        machine.cells = std::stoi(*header(text, "cells"));
        memory = cells("memory");
        expected = cells("expect memory");
    }

    std::vector<int> cells(const std::string& key) const {
        std::istringstream stream(*header(text, key));
        std::vector<int> values(std::istream_iterator<int>(stream), {});
        values.resize(static_cast<std::size_t>(machine.cells));
        return values;
    }

    std::string text;
    Program program;
    Machine machine;
    std::vector<int> memory, expected;
};

TEST_P(GoodText, DoesWhatItsHeaderSays) { EXPECT_EQ(evaluate(program, machine, memory), expected); }

TEST_P(GoodText, DoesTheSameLoweredInEveryWay) {
    for (const LowerOptions& options : all_lower_options(machine)) {
        const auto lowered = lower(program, options);
        ASSERT_TRUE(lowered) << base::render(lowered.error());
        base::RandomStream random(1, base::Purpose::test);
        EXPECT_EQ(run_lowered(*lowered, options, memory, random), expected)
            << describe(options) << assembly::to_string(*lowered);
    }
}

TEST_P(GoodText, LowersToWhatItsHeaderSays) {
    const auto lowered = lower(program, {.machine = machine});
    ASSERT_TRUE(lowered) << base::render(lowered.error());
    const std::string steps = lowered->steps ? std::to_string(*lowered->steps) : "none";
    const std::string lines = std::to_string(lowered->lines());
    const std::string registers = std::to_string(lowered->registers);
    EXPECT_EQ(header(text, "expect steps").value_or(steps), steps) << assembly::to_string(*lowered);
    EXPECT_EQ(header(text, "expect lines").value_or(lines), lines) << assembly::to_string(*lowered);
    EXPECT_EQ(header(text, "expect registers").value_or(registers), registers)
        << assembly::to_string(*lowered);
}

TEST_P(GoodText, ComesBackFromPrintingAndParsing) {
    const std::string printed = to_string(program);
    const auto again = parse(printed, "printed");
    ASSERT_TRUE(again) << base::render(again.error()) << printed;
    EXPECT_EQ(*again, program) << printed;
    EXPECT_EQ(to_string(*again), printed);
}

INSTANTIATE_TEST_SUITE_P(Language, GoodText, testing::ValuesIn(cases(false)), test_name);

class BadText : public testing::TestWithParam<fs::path> {};

TEST_P(BadText, IsRefusedWithTheExpectedDiagnostics) {
    const auto parsed = parse(content(GetParam()), GetParam().filename().string());
    ASSERT_FALSE(parsed) << "the program was accepted:\n" << to_string(*parsed);
    text_cases::expect_file(GetParam(), base::render(parsed.error()), "*BadText*");
}

INSTANTIATE_TEST_SUITE_P(Language, BadText, testing::ValuesIn(cases(true)), test_name);

} // namespace
} // namespace ropewalk::language
