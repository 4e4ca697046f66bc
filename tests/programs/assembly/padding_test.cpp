#include <gtest/gtest.h>

#include "ropewalk/programs/assembly/assembly.hpp"

namespace ropewalk::assembly {
namespace {

Program parsed(const char* text) { return *parse(text, "test"); }

TEST(Padding, GoesInsideTheLoopBeforeItsJump) {
    EXPECT_EQ(padded_with_nops(parsed("loop: inc 1 1\njump 3 loop\n"), 4).instructions,
              parsed("loop: inc 1 1\nnop\nnop\njump 3 loop\n").instructions);
}

TEST(Padding, GoesToTheEndWhereThereIsNoJump) {
    EXPECT_EQ(padded_with_nops(parsed("inc 1 1\n"), 3).instructions,
              parsed("inc 1 1\nnop\nnop\n").instructions);
}

TEST(Padding, MovesTheTargetsBehindIt) {
    EXPECT_EQ(padded_with_nops(parsed("jump 1 end\njump 3 end\nend: halt\n"), 5).instructions,
              parsed("jump 1 end\nnop\nnop\njump 3 end\nend: halt\n").instructions);
}

TEST(Padding, GoesWhereItIsAskedToGo) {
    const Program program = parsed("loop: inc 1 1\ndec 2 2\njump 3 loop\n");
    const auto padded = [&](NopPlacement placement) {
        return padded_with_nops(program, 5, placement).instructions;
    };
    EXPECT_EQ(padded(NopPlacement::at_start),
              parsed("loop: nop\nnop\ninc 1 1\ndec 2 2\njump 3 loop\n").instructions);
    EXPECT_EQ(padded(NopPlacement::at_end),
              parsed("loop: inc 1 1\ndec 2 2\njump 3 loop\nnop\nnop\n").instructions);
    EXPECT_EQ(padded(NopPlacement::spread),
              parsed("loop: nop\ninc 1 1\nnop\ndec 2 2\njump 3 loop\n").instructions);
}

TEST(Padding, LeavesALongEnoughProgramAsItIs) {
    const Program program = parsed(".steps 9\ninc 1 1\njump 3 a\na: halt\n");
    EXPECT_EQ(padded_with_nops(program, 3), program);
}

} // namespace
} // namespace ropewalk::assembly
