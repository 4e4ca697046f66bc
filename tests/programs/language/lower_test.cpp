#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/language/language.hpp"
#include "tests/places.hpp"
#include "tests/programs/language/lowered_run.hpp"

namespace ropewalk::language {
namespace {

Program parsed_source(const std::string& text) {
    auto program = parse(text, "test");
    EXPECT_TRUE(program) << base::render(program.error());
    return program ? *program : Program{};
}

assembly::Program lowered(const std::string& text, const LowerOptions& options) {
    auto program = lower(parsed_source(text), options);
    EXPECT_TRUE(program) << base::render(program.error());
    return program ? *program : assembly::Program{};
}

const std::string map_increment = "for i in 0..n: M[i] = M[i] + 1\n";
const std::string sort = "for k in 0..n:\n"
                         "    for i in 0..n-1: M[i], M[i+1] = min(M[i], M[i+1]), max(M[i], M[i+1])\n";

TEST(Lower, GivesListing1ForMap) {
    auto paper = assembly::parse_file(source_dir() + "/programs/map_inc.asm", {.registers = 3});
    ASSERT_TRUE(paper) << base::render(paper.error());
    EXPECT_EQ(lowered(map_increment, {.machine = {.base = 8, .cells = 4}}), *paper);
}

TEST(Lower, HaltsAfterALoopWhenAsked) {
    const auto program =
        lowered(map_increment, {.machine = {.base = 8, .cells = 4}, .endless_last_loop = false});
    EXPECT_EQ(program.lines(), 7);
    EXPECT_EQ(program.instructions.back().opcode, assembly::Opcode::halt);
    EXPECT_EQ(program.steps, 4 * 6 + 1);
}

TEST(Lower, HaltsAfterALoopWhoseIterationsDiffer) {
    const auto program =
        lowered("for i in 0..n: if M[i] != 0: M[i] = M[i] - 1\n", {.machine = {.base = 8, .cells = 4}});
    EXPECT_EQ(program.instructions.back().opcode, assembly::Opcode::halt);
    ASSERT_TRUE(program.steps);
    const auto all = machine::run_exact(program, {1, 2, 3, 4}, {}, 1000);
    const auto none = machine::run_exact(program, {0, 0, 0, 0}, {}, 1000);
    EXPECT_EQ(all.steps, *program.steps);
    EXPECT_LT(none.steps, *program.steps);
}

TEST(Lower, StatesStepsWhereTheyDoNotDependOnMemory) {
    const LowerOptions options{.machine = {.base = 8, .cells = 6}};
    EXPECT_TRUE(lowered("a = 3\nwhile a != 0: a = a - 1\nM[0] = a\n", options).steps);
    EXPECT_TRUE(lowered("for i in 0..n: for j in 0..i: M[j] = i\n", options).steps);
    EXPECT_FALSE(lowered("a = M[0]\nwhile a != 0: a = a - 1\nM[0] = a\n", options).steps);
    EXPECT_FALSE(lowered("for i in 0..M[0]: M[i] = i\n", options).steps);
    EXPECT_FALSE(lowered("a = 1\nif M[0] == 1: a = 2\nfor i in 0..a: M[i] = 3\n", options).steps);
}

TEST(Lower, StatesExactlyTheStepsOfTheLongestRun) {
    const LowerOptions options{.machine = {.base = 4, .cells = 3}, .endless_last_loop = false};
    const auto program = lowered("if M[0] == 1 and M[1] != 2: M[2] = 1\n"
                                 "else:\n"
                                 "    for i in 0..3: M[2] = M[2] + M[i]\n",
                                 options);
    long longest = 0;
    for (int input = 0; input < 64; ++input)
        longest = std::max(
            longest,
            machine::run_exact(program, {input & 3, input >> 2 & 3, input >> 4 & 3}, {}, 1000).steps);
    EXPECT_EQ(program.steps, longest);
}

TEST(Lower, ReadsACellOnceInAStatement) {
    const auto program = lowered(sort, {.machine = {.base = 8, .cells = 4}});
    const auto reads = std::count_if(program.instructions.begin(), program.instructions.end(),
                                     [](const auto& each) { return each.opcode == assembly::Opcode::read; });
    EXPECT_EQ(reads, 2);
}

TEST(Lower, UsesFewRegisters) {
    for (const LowerOptions& options : all_lower_options({.base = 8, .cells = 4})) {
        EXPECT_LE(lowered(map_increment, options).registers, 5) << describe(options);
        EXPECT_LE(lowered(sort, options).registers, 9) << describe(options);
        // Many temporaries one after the other are one register.
        std::string chain;
        for (int i = 0; i < 50; ++i) chain += "M[0] = M[1] * M[2] + M[3] - M[M[0]]\n";
        EXPECT_LE(lowered(chain, options).registers, 7) << describe(options);
    }
}

TEST(Lower, UsesOnlyInstructionsOfTheSet) {
    const std::string text = "M[0] = M[1] % M[2] + eq(M[0], 2) * lt(M[1], M[2]) - 1\n"
                             "nop\n"
                             "while M[0] < M[1] and M[1] >= 2 or M[3] == M[2]: M[0] = M[0] + 1; M[3] = 0\n";
    for (const LowerOptions& options : all_lower_options({.base = 9, .cells = 4}))
        for (const auto& each : lowered(text, options).instructions)
            EXPECT_GE(assembly::position(options.instruction_set, each.opcode), 0) << describe(options);
}

TEST(Lower, ComputesEveryConstantWithoutInitialRegisters) {
    for (const int base : {2, 3, 10, 64, 256})
        for (int value = 0; value < base; ++value)
            for (const auto& set :
                 {assembly::paper13(), assembly::all_instructions(), fewest_instructions()}) {
                const LowerOptions options{
                    .machine = {base, 2}, .instruction_set = set, .initial_registers = false};
                const auto program =
                    lowered(fmt::format("M[1] = {}; M[0] = M[0] * {}", value, value / 2), options);
                base::RandomStream random(static_cast<unsigned>(value), base::Purpose::test);
                EXPECT_EQ(run_lowered(program, options, {1, 0}, random), (std::vector{value / 2, value}))
                    << describe(options) << assembly::to_string(program);
                EXPECT_LT(program.lines(), 40);
            }
}

TEST(Lower, RunsLongAndWrappingRangesAsOftenAsTheySay) {
    for (const int base : {2, 3, 5})
        for (const int from : {0, 1, 4, 7})
            for (const int length : {0, 1, 2, 3, 4, 5, 6, 24, 25, 26, 60})
                for (const LowerOptions& options : all_lower_options({.base = base, .cells = base})) {
                    const std::string text = fmt::format("a, b = 0, 0\nfor i in {}..{}: a, b = a + 1, b + i\n"
                                                         "M[0], M[1] = a + i, b\n",
                                                         from, from + length);
                    const Program program = parsed_source(text);
                    base::RandomStream random(1, base::Purpose::test);
                    std::vector<int> memory(static_cast<std::size_t>(base));
                    std::vector<int> expected = memory;
                    expected[0] = (length + from + length) % base;
                    expected[1] = (length * from + length * (length - 1) / 2) % base;
                    EXPECT_EQ(evaluate(program, options.machine, memory), expected) << text;
                    EXPECT_EQ(run_lowered(lowered(text, options), options, memory, random), expected)
                        << describe(options) << text;
                }
}

TEST(Lower, RefusesWhatTheMachineCannotHold) {
    const Program map = parsed_source(map_increment);
    for (const Machine machine : {Machine{1, 1}, Machine{300, 10}, Machine{8, 9}, Machine{8, 0}})
        EXPECT_FALSE(lower(map, {.machine = machine}));

    std::string variables, lines;
    for (int i = 0; i < 80; ++i) variables += fmt::format("v{} = M[{}]\nM[0] = M[0] + v{}\n", i, i % 8, i);
    const auto registers = lower(parsed_source(variables), {.machine = {8, 8}});
    ASSERT_FALSE(registers);
    EXPECT_THAT(base::render(registers.error()), testing::HasSubstr("too many registers"));

    for (int i = 0; i < 2000; ++i) lines += "M[0] = M[0] + 1\n";
    const auto length = lower(parsed_source(lines), {.machine = {8, 8}});
    ASSERT_FALSE(length);
    EXPECT_THAT(base::render(length.error()), testing::HasSubstr("too many instructions"));

    const auto without = lower(map, {.machine = {8, 8}, .instruction_set = {assembly::Opcode::halt}});
    ASSERT_FALSE(without);
    EXPECT_THAT(base::render(without.error()), testing::HasSubstr("an instruction set without"));
}

TEST(Lower, RefusesHolesUnknownFunctionsAndWrongTypes) {
    const auto sketch =
        parse("for i in ?range.r: M[i] = ?value.f(M[i])\nif ?test.t: nop\n", "test", {.holes = true});
    ASSERT_TRUE(sketch) << base::render(sketch.error());
    EXPECT_FALSE(lower(*sketch, {}));
    const auto refused = [](Statement statement) {
        return !lower({.functions = {}, .statements = {std::move(statement)}}, {});
    };
    EXPECT_TRUE(refused(assign(load(constant(0)), call("f", {}))));
    EXPECT_TRUE(refused(assign(load(constant(0)), operation(Operator::equal, size(), size()))));
    EXPECT_TRUE(refused({.kind = StatementKind::while_do, .expressions = {size()}, .body = {}}));
}

TEST(Lower, GivesUpOnHugeProgramsInTime) {
    // Loops that are emitted twice each, nested: the assembly would be 2^60 copies long.
    std::string nested, indentation;
    for (int i = 0; i < 60; ++i) {
        nested += indentation + fmt::format("for i{} in 0..21:\n", i);
        indentation += ' ';
    }
    EXPECT_FALSE(lower(parsed_source(nested + indentation + "M[0] = 1\n"), {}));
    // Values that share so much that there are 3^150 paths through them.
    std::string remainders = "M[0] = M[1]";
    for (int i = 0; i < 150; ++i) remainders += " % M[" + std::to_string(i % 10) + "]";
    EXPECT_TRUE(lower(parsed_source(remainders), {}));
    // 2^40 ways through a condition.
    std::string ways = "if M[0] == 1 or M[1] == 1";
    for (int i = 0; i < 40; ++i) ways = "if (M[0] == 1 or M[1] == 1) and (" + ways.substr(3) + ")";
    const auto counted = lower(parsed_source(ways + ": nop\n"), {});
    ASSERT_TRUE(counted);
    EXPECT_TRUE(counted->steps);
    // Steps beyond counting.
    const auto endless = lower(parsed_source("while 1 == 1: nop\n"), {});
    ASSERT_TRUE(endless);
    EXPECT_FALSE(endless->steps);
}

TEST(Lower, RunsOnTheSameSourceAtAnyBase) {
    const Program program = parsed_source(sort);
    for (const int base : {4, 16, 64}) {
        const LowerOptions options{.machine = {base, base}};
        std::vector<int> memory, expected;
        for (int i = 0; i < base; ++i) memory.push_back((i * 7 + 3) % base);
        expected = memory;
        std::sort(expected.begin(), expected.end());
        base::RandomStream random(1, base::Purpose::test);
        EXPECT_EQ(evaluate(program, options.machine, memory), expected);
        EXPECT_EQ(run_lowered(*lower(program, options), options, memory, random), expected);
    }
}

} // namespace
} // namespace ropewalk::language
