// Repair until a certificate holds, and beside restarts that find nothing.
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/tuning/tuning.hpp"
#include "tests/places.hpp"

namespace ropewalk::tuning {
namespace {

/// Listing 1 of the paper without its `inc 1 1`, for the machine of the catalogue's tasks.
assembly::Program without_a_line() {
    const tasks::Task task = *tasks::find_task("map-inc");
    auto program = assembly::parse("loop: read 1 2\ninc 2 2\nwrite 1 2\njump 3 loop\n", "test",
                                   {.base = task.base, .cells = task.cells});
    program->steps = task.steps;
    return *program;
}

TEST(CertifiedRepair, LearnsFromInputsThatShowAProgramWrong) {
    const tasks::Task task = *tasks::find_task("map-inc");
    // One example says little: many programs near it are right there, and wrong elsewhere.
    std::vector<int> memory(static_cast<std::size_t>(task.cells), 1), expected(memory.size(), 2);
    const std::vector<machine::Example> one{{.memory = memory, .expected_memory = expected}};
    const Repaired plain = repair(without_a_line(), one, task.steps);
    const CertifiedRepair certified = certified_repair(without_a_line(), task, one, task.steps, {}, {});
    ASSERT_TRUE(certified.program);
    EXPECT_GE(certified.candidates, plain.candidates);
    assembly::Program found = *certified.program;
    found.steps = task.steps;
    EXPECT_TRUE(certify(found, task).holds);
    EXPECT_TRUE(certified.certificate && certified.certificate->holds);
}

TEST(CertifiedRepair, SaysHowManyProgramsItRanInVain) {
    const tasks::Task task = *tasks::find_task("sort");
    auto program = assembly::parse("nop\n", "test", {.base = task.base, .cells = task.cells});
    program->steps = task.steps;
    base::RandomStream random(1, base::Purpose::test);
    const CertifiedRepair repaired =
        certified_repair(*program, task, draw_examples(task, 16, random), task.steps, {.most_candidates = 500}, {});
    EXPECT_FALSE(repaired.program);
    EXPECT_GT(repaired.candidates, 100);
    EXPECT_LE(repaired.candidates, 501);
}

TEST(Tuning, RepairsTheProgramItBeganWithWhereNoRestartFindsAnything) {
    const tasks::Task task = *tasks::find_task("linear-search");
    auto start = assembly::parse_file(source_dir() + "/programs/linear_search.asm");
    ASSERT_TRUE(start);
    start->instructions[3] = assembly::Instruction{}; // a line is blank
    ASSERT_FALSE(certify(*start, task).holds);
    TuneOptions options{.run = {.seed = 3, .threads = 1}, .restarts = 2, .iterations = 1};
    options.compile.gamma = 50; // noise that leaves nothing of the program
    options.repair_candidates = 20'000;
    const auto tuned = tune(task, *start, options);
    ASSERT_TRUE(tuned) << base::render(tuned.error());
    ASSERT_FALSE(tuned->best);
    ASSERT_TRUE(tuned->repaired_start);
    EXPECT_EQ(tuned->found(), &*tuned->repaired_start);
    EXPECT_TRUE(tuned->certificate && tuned->certificate->holds);
    EXPECT_EQ(tuned->recovered.certified.count, 0) << "no restart of it";
    EXPECT_EQ(tuned->restarts.size(), 2u);

    options.repair = false;
    const auto without = tune(task, *start, options);
    ASSERT_TRUE(without);
    EXPECT_EQ(without->found(), nullptr);
}

} // namespace
} // namespace ropewalk::tuning
