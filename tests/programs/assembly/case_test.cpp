// Every file of tests/programs/assembly/cases is a test.
//
// NAME.asm is a program that works. Comments in it say what it is run on and what must come out:
//     ; memory: 3 1 4                 start (the rest is 0)
//     ; registers: 0 0 0 0            start (default: the program's own)
//     ; steps: 20
//     ; expect memory: 4 2 5
//     ; expect registers: 3 5 0 0
//     ; expect halted: yes
// It is run by the exact machine and, compiled without noise, by the differentiable one, and it must come
// back from printing and parsing. bad-NAME.asm is a program with errors; bad-NAME.expected holds the
// diagnostics to the letter. ROPEWALK_ACCEPT=1 writes the diagnostics that come out into the .expected files.
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/compiler/compiler.hpp"
#include "tests/places.hpp"
#include "tests/text_cases.hpp"

namespace ropewalk {
namespace {

namespace fs = std::filesystem;
using text_cases::content;
using text_cases::test_name;

const fs::path folder = source_dir() + "/tests/programs/assembly/cases";

std::vector<fs::path> cases(bool bad) { return text_cases::files(folder, ".asm", bad); }

/// The numbers behind `; key:`, if the text has that comment.
std::optional<std::string> header(const std::string& text, const std::string& key) {
    const std::string start = "; " + key + ": ";
    const std::size_t at = text.find(start);
    if (at == std::string::npos) return std::nullopt;
    const std::size_t from = at + start.size();
    return text.substr(from, text.find_first_of("\r\n", from) - from);
}

std::optional<std::vector<int>> numbers(const std::string& text, const std::string& key) {
    const auto words = header(text, key);
    if (!words) return std::nullopt;
    std::istringstream stream(*words);
    return std::vector<int>(std::istream_iterator<int>(stream), {});
}

std::vector<int> filled(std::vector<int> values, int size) {
    values.resize(static_cast<std::size_t>(size), 0);
    return values;
}

class GoodProgram : public testing::TestWithParam<fs::path> {
protected:
    void SetUp() override {
        text = content(GetParam());
        auto parsed = assembly::parse(text, GetParam().filename().string());
        ASSERT_TRUE(parsed) << base::render(parsed.error());
        program = std::move(*parsed);
        input.memory = filled(numbers(text, "memory").value_or(std::vector<int>{}), program.cells);
        input.registers = numbers(text, "registers").value_or(program.initial_registers);
        ASSERT_TRUE(header(text, "steps")) << "the case does not say how many steps to run";
        steps = std::stol(*header(text, "steps"));
    }

    void expect_outcome(const std::vector<int>& memory, const std::vector<int>& registers,
                        bool halted) const {
        EXPECT_EQ(memory, numbers(text, "expect memory").value_or(memory));
        EXPECT_EQ(registers, numbers(text, "expect registers").value_or(registers));
        const std::string found = halted ? "yes" : "no";
        EXPECT_EQ(found, header(text, "expect halted").value_or(found));
    }

    std::string text;
    assembly::Program program;
    machine::Example input;
    long steps = 0;
};

TEST_P(GoodProgram, DoesWhatItsHeaderSaysOnTheExactMachine) {
    const auto state = machine::run_exact(program, input.memory, input.registers, steps);
    expect_outcome(state.memory, state.registers, state.halted);
}

TEST_P(GoodProgram, DoesWhatItsHeaderSaysOnTheSoftMachine) {
    base::RandomStream unused(0, base::Purpose::compile_noise);
    const auto model = compiler::compile(program,
                                         {.gamma = 0,
                                          .epsilon = 1e-7,
                                          .instruction_set = compiler::instruction_set_for(program),
                                          .switches = {}},
                                         unused);
    ASSERT_TRUE(model) << base::render(model.error());
    const auto outcome = run_soft(model->configuration, model->weights, input, steps);
    expect_outcome(outcome.memory, outcome.registers, outcome.halted > 0.5);
    EXPECT_LT(outcome.mass_error, 1e-4);
}

TEST_P(GoodProgram, ComesBackFromPrintingAndParsing) {
    const std::string printed = to_string(program);
    const auto again = assembly::parse(printed, "printed");
    ASSERT_TRUE(again) << base::render(again.error()) << printed;
    EXPECT_EQ(*again, program) << printed;
    EXPECT_EQ(to_string(*again), printed);
}

INSTANTIATE_TEST_SUITE_P(Cases, GoodProgram, testing::ValuesIn(cases(false)), test_name);

class BadProgram : public testing::TestWithParam<fs::path> {};

TEST_P(BadProgram, IsRefusedWithTheExpectedDiagnostics) {
    const auto parsed = assembly::parse(content(GetParam()), GetParam().filename().string());
    ASSERT_FALSE(parsed) << "the program was accepted:\n" << to_string(*parsed);
    text_cases::expect_file(GetParam(), base::render(parsed.error()), "*BadProgram*");
}

INSTANTIATE_TEST_SUITE_P(Cases, BadProgram, testing::ValuesIn(cases(true)), test_name);

TEST(Cases, AreNotSwitchedToAcceptingInAnAutomaticRun) {
    EXPECT_FALSE(std::getenv("CI") != nullptr && std::getenv("ROPEWALK_ACCEPT") != nullptr);
}

} // namespace
} // namespace ropewalk
