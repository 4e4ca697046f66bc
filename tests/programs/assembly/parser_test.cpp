// Texts that are awkward to keep as files: binary, very long, very many, random.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/assembly/assembly.hpp"

namespace ropewalk::assembly {
namespace {

using testing::HasSubstr;

std::string complaint(std::string_view text, const ParseOverrides& overrides = {}) {
    const auto program = parse(text, "x.asm", overrides);
    return program ? "accepted" : base::render(program.error());
}

TEST(Parser, RefusesBinaryFilesWithOneDiagnostic) {
    const std::string elf("\x7f"
                          "ELF\x02\x01\x01\0\0\0",
                          10);
    EXPECT_EQ(complaint("inc 1 1\n" + elf), "x.asm:2: a binary file (byte 0x02); expected assembly text\n");
    EXPECT_EQ(complaint(std::string("h\0a\0l\0t\0", 8)),
              "x.asm:1: a binary file (byte 0x00); expected assembly text\n");
    EXPECT_THAT(complaint("\x1b[2J"), HasSubstr("a binary file (byte 0x1b)"));
}

TEST(Parser, AnswersVeryLongLinesWithShortMessages) {
    for (const std::string& line :
         {std::string(1 << 20, 'x'), std::string(1 << 20, ' ') + "x", "inc 1 1 " + std::string(1 << 20, '9'),
          std::string(1 << 20, 'x') + ": " + std::string(1 << 20, 'x') + ": halt",
          "jump 1 " + std::string(1 << 20, 'x'), "." + std::string(1 << 20, 'x'),
          ".base " + std::string(1 << 20, '1'), "inc 1 1" + std::string(1 << 20, ',') + "2"})
        EXPECT_LT(complaint(line).size(), 2000u) << line.substr(0, 20);
    EXPECT_TRUE(parse("inc 1 1 ;" + std::string(1 << 20, 'x'), "x.asm"));
    EXPECT_TRUE(parse(std::string(1 << 20, '\t') + "inc 1 1", "x.asm"));
}

TEST(Parser, ReportsSoManyErrorsAndThenStops) {
    std::string text, labels, jumps;
    for (int i = 0; i < 200'000; ++i) {
        text += "x\n";
        labels += "a: ";
        jumps += "l" + std::to_string(i) + ": jump 1 m" + std::to_string(i) + '\n';
    }
    for (const std::string& each : {text, labels, jumps}) {
        const std::string found = complaint(each);
        EXPECT_LT(found.size(), 50'000u);
        EXPECT_THAT(found, HasSubstr("x.asm: more than 50 errors"));
    }
}

TEST(Parser, RefusesProgramsAndFilesThatAreTooLong) {
    std::string text;
    for (int i = 0; i < largest_line_count; ++i) text += "nop\n";
    EXPECT_TRUE(parse(text, "x.asm"));
    EXPECT_EQ(complaint(text + "nop\n"), "x.asm: 4097 instructions; expected at most 4096\n");
    EXPECT_THAT(complaint(std::string((16 << 20) + 1, '\n')), HasSubstr("bytes of assembly"));
}

TEST(Parser, TakesSizesFromOutsideBeforeItsOwn) {
    const std::string text = ".base 8\n.cells 8\n.registers 2\n.let r2 5\nhalt\n";
    EXPECT_EQ(parse(text, "x", {.base = 6})->cells, 6);
    EXPECT_EQ(parse(text, "x", {.base = 6, .cells = 2})->cells, 2);
    EXPECT_EQ(parse(text, "x", {.base = 16})->cells, 8);
    EXPECT_EQ(parse(text, "x", {.registers = 5})->initial_registers, (std::vector<int>{0, 5, 0, 0, 0}));
    EXPECT_THAT(complaint(text, {.base = 4}),
                HasSubstr("x.asm:4:9: value '5'; expected a number from 0 to 3 (base 4)"));
    EXPECT_THAT(complaint(text, {.registers = 1}), HasSubstr("x.asm:4:6: unknown register 'r2'"));
    EXPECT_EQ(complaint(text, {.cells = 9}),
              "x.asm: 9 cells in base 8; expected at most 8 cells, one per address\n");
}

TEST(Parser, NeverCrashesAndAcceptsOnlyWhatItPrintsBack) {
    const std::vector<std::string> words{
        "inc", "add", "jump", "halt", "read", "write", ".base", ".let", ".cells", "r1",    "r2", "1",
        "4",   "0",   "-1",   "a:",   "a",    "b:",    ":",     ".",    "\n",     "\n",    "\n", "\t",
        ",",   ";",   "#",    "\r",   "\xff", "r",     "line",  "256",  "zero",   ".steps"};
    int accepted = 0;
    for (std::uint64_t i = 0; i < 20'000; ++i) {
        base::RandomStream random(i, base::Purpose::test);
        std::string text;
        for (std::uint32_t n = random.below(12); n-- > 0;)
            text += words[random.below(static_cast<std::uint32_t>(words.size()))] +
                    (random.below(4) == 0 ? "" : " ");
        const auto program = parse(text, "x");
        if (!program) {
            ASSERT_FALSE(program.error().empty());
            for (const auto& each : program.error()) ASSERT_FALSE(base::render(each).empty());
            continue;
        }
        ++accepted;
        const auto again = parse(to_string(*program), "x");
        ASSERT_TRUE(again) << text;
        ASSERT_EQ(*again, *program) << text;
    }
    EXPECT_GT(accepted, 100);
}

TEST(Printer, InventsLabelsThatNobodyUses) {
    const auto program = parse("line_2: jump 1 line_2\nline_2_: jump 1 line_2_\njump 1 x\nx: halt\n", "x");
    ASSERT_TRUE(program);
    Program unnamed = *program;
    unnamed.labels.erase(1);
    const auto again = parse(to_string(unnamed), "x");
    ASSERT_TRUE(again) << to_string(unnamed);
    EXPECT_EQ(*again, unnamed);
}

TEST(InstructionSet, IsReadByNameOrAsAList) {
    EXPECT_EQ(parse_instruction_set("paper13")->size(), 13u);
    EXPECT_EQ(parse_instruction_set("anc11")->size(), 11u);
    EXPECT_EQ(parse_instruction_set("all")->size(), static_cast<std::size_t>(instruction_count));
    EXPECT_EQ(*parse_instruction_set("halt,inc"), (InstructionSet{Opcode::halt, Opcode::inc}));
    for (const char* text : {"", ",", "halt,", "halt,halt", "halt, inc", "HALT", "paper13,halt"})
        EXPECT_FALSE(parse_instruction_set(text)) << text;
    for (const auto& set : {paper13(), anc11(), all_instructions(), InstructionSet{Opcode::jump}})
        EXPECT_EQ(*parse_instruction_set(to_string(set)), set);
    EXPECT_LT(parse_instruction_set(std::string(100'000, ',')).error().size(), 100u);
}

} // namespace
} // namespace ropewalk::assembly
