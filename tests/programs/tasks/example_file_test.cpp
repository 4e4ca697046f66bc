#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "ropewalk/programs/tasks/tasks.hpp"

namespace ropewalk {
namespace {

using machine::not_scored;
using tasks::ExampleFileSizes;
using tasks::parse_examples;
using tasks::Task;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string good = R"({"memory":[3,1,4],"expect":{"memory":[4,2,5]}})";

Task parsed(const std::string& text, const ExampleFileSizes& sizes = {}) {
    auto task = parse_examples(text, "folder/mine.jsonl", sizes);
    EXPECT_TRUE(task) << (task ? "" : base::render(task.error()));
    return task ? *task : Task{};
}

base::Diagnostics errors_of(const std::string& text, const ExampleFileSizes& sizes = {}) {
    const auto task = parse_examples(text, "mine.jsonl", sizes);
    EXPECT_FALSE(task) << text;
    return task ? base::Diagnostics{} : task.error();
}

/// The only error of a text, as a person sees it.
std::string error_of(const std::string& text, const ExampleFileSizes& sizes = {}) {
    const base::Diagnostics errors = errors_of(text, sizes);
    EXPECT_EQ(errors.size(), 1u) << base::render(errors);
    return base::render(errors);
}

TEST(ExampleFile, ReadsInputsAndExpectations) {
    const Task task =
        parsed(R"({"memory":[3,1,4],"registers":[0,2,0,0],"expect":{"memory":[4,null,5],"registers":null}})"
               "\n");
    EXPECT_EQ(task.name, "mine");
    ASSERT_EQ(task.domain_size, 1u);
    const machine::Example example = task.example(0);
    EXPECT_THAT(example.memory, ElementsAre(3, 1, 4));
    EXPECT_THAT(example.registers, ElementsAre(0, 2, 0, 0));
    EXPECT_THAT(example.expected_memory, ElementsAre(4, not_scored, 5));
    EXPECT_THAT(example.expected_registers, IsEmpty());
}

TEST(ExampleFile, InfersTheSmallestMachineThatFits) {
    const Task task =
        parsed(good + "\n" + R"({"memory":[1],"registers":[0,0,0,0,1],"expect":{"memory":[0,0,0,9]}})");
    EXPECT_EQ(task.cells, 4);
    EXPECT_EQ(task.base, 10);
    EXPECT_EQ(task.registers, 5);
    EXPECT_EQ(task.lines, 8);
    EXPECT_EQ(task.steps, 32);
    EXPECT_EQ(parsed(R"({"memory":[0],"expect":{"memory":[1]}})").base, 2);
}

TEST(ExampleFile, TakesTheSizesItIsGiven) {
    const Task task = parsed(good, {.base = 16, .cells = 12, .registers = 3, .lines = 20, .steps = 99});
    EXPECT_EQ(task.base, 16);
    EXPECT_EQ(task.cells, 12);
    EXPECT_EQ(task.registers, 3);
    EXPECT_EQ(task.lines, 20);
    EXPECT_EQ(task.steps, 99);
    EXPECT_EQ(parsed(good, {.lines = 10}).steps, 40);
    EXPECT_EQ(parsed(good, {.cells = 7}).base, 7);
}

TEST(ExampleFile, FillsShortListsWithZerosAndShortExpectationsWithNotScored) {
    const Task task = parsed(R"({"memory":[3],"registers":[1],"expect":{"memory":[4],"registers":[2]}})",
                             {.base = 8, .cells = 3, .registers = 2});
    const machine::Example example = task.example(0);
    EXPECT_THAT(example.memory, ElementsAre(3, 0, 0));
    EXPECT_THAT(example.registers, ElementsAre(1, 0));
    EXPECT_THAT(example.expected_memory, ElementsAre(4, not_scored, not_scored));
    EXPECT_THAT(example.expected_registers, ElementsAre(2, not_scored));
}

TEST(ExampleFile, SkipsBlankLinesAndReadsWindowsLineEnds) {
    EXPECT_EQ(parsed("\n" + good + "\r\n\r\n  \t\n" + good).domain_size, 2u);
}

TEST(ExampleFile, NamesTheLineOfAWrongType) {
    const std::string error =
        error_of(good + "\n" + good + "\n" + R"({"memory":"three","expect":{"memory":[1]}})");
    EXPECT_THAT(error, HasSubstr("mine.jsonl:3: '\"three\"' for memory; expected a list of numbers"));
}

TEST(ExampleFile, ReportsEveryBadLine) {
    const base::Diagnostics errors = errors_of("[]\n" + good + "\n7\nnull\n");
    ASSERT_EQ(errors.size(), 3u);
    EXPECT_EQ(errors[0].line, 1);
    EXPECT_EQ(errors[1].line, 3);
    EXPECT_EQ(errors[2].line, 4);
}

TEST(ExampleFile, StopsAfterManyBadLines) {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += "{}\n";
    const base::Diagnostics errors = errors_of(text);
    EXPECT_EQ(errors.size(), 51u);
    EXPECT_THAT(errors.back().found, HasSubstr("50 lines with errors"));
}

TEST(ExampleFile, PointsAtTheByteWhereJsonBreaks) {
    const base::Diagnostics errors = errors_of(good + "\n" + R"({"memory":[3,x]})");
    ASSERT_EQ(errors.size(), 1u);
    EXPECT_EQ(errors[0].line, 2);
    EXPECT_EQ(errors[0].column, 14);
    EXPECT_THAT(base::render(errors), HasSubstr("             ^"));
    EXPECT_THAT(error_of(R"({"memory":[3)"), HasSubstr("mine.jsonl:1:13: the end of the line"));
    EXPECT_THAT(error_of(good + good), HasSubstr("mine.jsonl:1:"));
}

TEST(ExampleFile, SuggestsTheKeyThatWasMeant) {
    EXPECT_THAT(error_of(R"({"memroy":[1],"expect":{"memory":[1]}})"),
                HasSubstr("unknown key 'memroy'; expected a known key; did you mean 'memory'?"));
    EXPECT_THAT(error_of(R"({"memory":[1],"expect":{"register":[1]}})"), HasSubstr("'registers'"));
    EXPECT_THAT(error_of(R"({"memory":[1],"expect":{"memory":[1]},"weight":2})"),
                HasSubstr("one of memory, registers, expect"));
}

TEST(ExampleFile, RefusesKeysThatStandTwice) {
    EXPECT_THAT(error_of(R"({"memory":[1],"memory":[2],"expect":{"memory":[1]}})"),
                HasSubstr("key 'memory' twice"));
}

TEST(ExampleFile, RefusesNumbersThatAreNotSmallWholeOnes) {
    for (const std::string number : {"-1", "1.5", "1e3", "1.0", "9223372036854775808", "18446744073709551616",
                                     "1e999", "-0", "8", "true", "\"1\"", "[1]", "null"}) {
        const std::string error =
            error_of(R"({"memory":[0,)" + number + R"(],"expect":{"memory":[1]}})", {.base = 8, .cells = 4});
        EXPECT_THAT(error, HasSubstr("mine.jsonl:1")) << number;
    }
    EXPECT_THAT(error_of(R"({"memory":[256],"expect":{"memory":[1]}})"),
                HasSubstr("'256' for number 1 of memory; expected a whole number from 0 to 255"));
}

TEST(ExampleFile, RefusesListsLongerThanTheMachine) {
    EXPECT_THAT(error_of(good, {.base = 8, .cells = 2}),
                HasSubstr("3 numbers for memory; expected at most 2"));
    EXPECT_THAT(error_of(R"({"memory":[1],"registers":[0,0],"expect":{"memory":[1]}})", {.registers = 1}),
                HasSubstr("2 numbers for registers; expected at most 1"));
    EXPECT_THAT(error_of(R"({"memory":[0,0,0],"expect":{"memory":[1]}})", {.base = 2}),
                HasSubstr("at most 2"));
}

TEST(ExampleFile, RefusesExamplesThatScoreNothing) {
    EXPECT_THAT(error_of(R"({"memory":[1],"expect":{"memory":[null],"registers":null}})"),
                HasSubstr("at least one number to score"));
    EXPECT_THAT(error_of(R"({"memory":[1],"expect":null})"), HasSubstr("'null' for expect"));
    EXPECT_THAT(error_of(R"({"memory":[1]})"), HasSubstr("no key 'expect'"));
    EXPECT_THAT(error_of(R"({"expect":{"memory":[1]}})"), HasSubstr("no key 'memory'"));
}

TEST(ExampleFile, RefusesFilesWithoutExamples) {
    EXPECT_THAT(error_of(""), HasSubstr("no examples"));
    EXPECT_THAT(error_of("\n \n"), HasSubstr("no examples"));
}

TEST(ExampleFile, RefusesSizesNoMachineHas) {
    EXPECT_THAT(error_of(good, {.base = 257}), HasSubstr("257 for base; expected a number from 2 to 256"));
    EXPECT_THAT(error_of(good, {.registers = 65}), HasSubstr("from 1 to 64"));
    EXPECT_THAT(error_of(good, {.base = 4, .cells = 5}), HasSubstr("5 cells in base 4"));
    EXPECT_EQ(errors_of(good, {.base = -1, .cells = 0, .registers = 0, .lines = 0, .steps = 0}).size(), 5u);
}

TEST(ExampleFile, SurvivesHostileText) {
    EXPECT_THAT(error_of(std::string(60000, '[')), HasSubstr("nested more than"));
    std::string objects;
    for (int i = 0; i < 10000; ++i) objects += R"({"a":)";
    EXPECT_THAT(error_of(objects), HasSubstr("nested more than"));
    EXPECT_THAT(error_of(std::string(1 << 20, '[')), HasSubstr("a line of 1048576 bytes"));
    EXPECT_THAT(error_of(good + std::string("\0[]", 3)), HasSubstr("byte 0x00"));
    EXPECT_THAT(error_of("{\"memory\xff\":[1]}"), HasSubstr("mine.jsonl:1:"));
    EXPECT_THAT(error_of("\x1b[31m"), HasSubstr("byte 0x1b"));
}

TEST(ExampleFile, SurvivesEveryPrefixAndEveryChangedByteOfAGoodLine) {
    const std::string line =
        R"({"memory":[3,1,4],"registers":[0,0],"expect":{"memory":[4,null,5],"registers":[1]}})";
    for (std::size_t length = 0; length < line.size(); ++length)
        EXPECT_FALSE(parse_examples(line.substr(0, length), "mine.jsonl")) << length;
    for (std::size_t place = 0; place < line.size(); ++place) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string changed = line;
            changed[place] = static_cast<char>(byte);
            const auto task = parse_examples(changed, "mine.jsonl");
            if (!task)
                EXPECT_FALSE(base::render(task.error()).empty());
            else
                EXPECT_GE(task->example(task->domain_size - 1).memory.size(), 1u);
        }
    }
}

TEST(LoadExamples, NamesTheTaskAfterTheFile) {
    const auto path =
        std::filesystem::temp_directory_path() / ("ropewalk_examples_" + std::to_string(getpid()) + ".jsonl");
    std::ofstream(path) << good << '\n';
    const auto task = tasks::load_examples(path.string());
    std::filesystem::remove(path);
    ASSERT_TRUE(task) << base::render(task.error());
    EXPECT_EQ(task->name, path.stem().string());
}

TEST(LoadExamples, ReportsAMissingFile) {
    const auto task = tasks::load_examples("/nonexistent/examples.jsonl");
    ASSERT_FALSE(task);
    EXPECT_THAT(base::render(task.error()), HasSubstr("/nonexistent/examples.jsonl"));
}

} // namespace
} // namespace ropewalk
