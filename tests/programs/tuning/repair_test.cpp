#include <set>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/tuning/edits.hpp"
#include "ropewalk/programs/tuning/tuning.hpp"

namespace ropewalk::tuning {
namespace {

assembly::Program program(const char* text) {
    return *assembly::parse(text, "test", {.base = 8, .cells = 4});
}

std::vector<machine::Example> examples(const char* task, int count = 32) {
    base::RandomStream random(1, base::Purpose::test);
    return draw_examples(*tasks::find_task(task), count, random);
}

constexpr const char* map_inc_text = "loop: read 1 2\ninc 2 2\nwrite 1 2\ninc 1 1\njump 3 loop\n";

TEST(Edits, OfOneInstructionAreExactlyTheInstructionsOfTheSet) {
    // halt, nop; inc with 2 x 2 registers; read 2 x 2; jump on 2 registers to 1 line.
    using enum assembly::Opcode;
    EXPECT_EQ(every_instruction({halt, nop, inc, read, jump}, 2, 1).size(), 2u + 4 + 4 + 2);
}

TEST(Edits, LeaveEveryTargetInsideTheProgram) {
    const Code code = program("a: inc 1 1\njump 1 c\nb: dec 2 2\njump 2 a\nc: jump 1 b\n").instructions;
    long edits = 0;
    for_each_edit(code, assembly::paper13(), 4, 8, [&](const Code& edited) {
        ++edits;
        for (const assembly::Instruction& each : edited) EXPECT_LT(each.target, edited.size());
        return false;
    });
    EXPECT_GT(edits, 1000);
}

TEST(Edits, MoveTargetsWithTheirLines) {
    const Code code = program("nop\nloop: inc 1 1\njump 2 loop\n").instructions;
    const Code longer = program("nop\nnop\nloop: inc 1 1\njump 2 loop\n").instructions;
    const Code shorter = program("loop: inc 1 1\njump 2 loop\n").instructions;
    std::set<int> found;
    for_each_edit(code, {assembly::Opcode::nop}, 4, 8, [&](const Code& edited) {
        if (edited == longer) found.insert(1);
        if (edited == shorter) found.insert(2);
        return false;
    });
    EXPECT_EQ(found, (std::set<int>{1, 2}));
}

TEST(Edits, StopWhenTheVisitorHasSeenEnough) {
    int visited = 0;
    EXPECT_TRUE(for_each_edit(program(map_inc_text).instructions, assembly::paper13(), 4, 8,
                              [&](const Code&) { return ++visited == 3; }));
    EXPECT_EQ(visited, 3);
}

TEST(Repair, LeavesARightProgramAlone) {
    const auto repaired = repair(program(map_inc_text), examples("map-inc"), 20);
    ASSERT_TRUE(repaired.program);
    EXPECT_EQ(repaired.edits, 0);
    EXPECT_EQ(repaired.program->instructions, program(map_inc_text).instructions);
}

TEST(Repair, FindsAWrongInstruction) {
    const auto repaired = repair(program(map_inc_text), examples("map-dec"), 20);
    ASSERT_TRUE(repaired.program);
    EXPECT_EQ(repaired.edits, 1);
    assembly::Program found = *repaired.program;
    found.steps = 20;
    EXPECT_TRUE(certify(found, *tasks::find_task("map-dec")).holds);
}

TEST(Repair, InsertsAMissingLine) {
    // Listing 1 without its `inc 1 1`; four lines can never do four cells in 20 steps.
    const auto repaired =
        repair(program("loop: read 1 2\ninc 2 2\nwrite 1 2\njump 3 loop\n"), examples("map-inc"), 20);
    ASSERT_TRUE(repaired.program);
    EXPECT_EQ(repaired.edits, 1);
    EXPECT_EQ(repaired.program->lines(), 5);
}

TEST(Repair, MakesTwoEdits) {
    const auto repaired =
        repair(program("loop: read 1 2\nnop\nwrite 1 2\ninc 2 1\njump 3 loop\n"), examples("map-dec"), 20);
    ASSERT_TRUE(repaired.program);
    EXPECT_EQ(repaired.edits, 2);
    EXPECT_TRUE(recovered_hard(*repaired.program, examples("map-dec", 500), 20));
}

TEST(Repair, GivesUpWhereNoProgramIsNear) { EXPECT_FALSE(repair(program("nop\n"), examples("sort"), 20).program); }

TEST(Repair, GivesTheSameProgramEveryTime) {
    const auto wrong = program("loop: read 1 2\nnop\nwrite 1 2\ninc 2 1\njump 3 loop\n");
    EXPECT_EQ(repair(wrong, examples("map-dec"), 20).program,
              repair(wrong, examples("map-dec"), 20).program);
}

} // namespace
} // namespace ropewalk::tuning
