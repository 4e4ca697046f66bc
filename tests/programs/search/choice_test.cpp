#include <algorithm>

#include <gtest/gtest.h>

#include "tests/programs/search/random_memory.hpp"

namespace ropewalk::search {
namespace {

constexpr language::Machine machine{8, 6};

Candidate candidate(const char* source, const char* sketch, std::uint64_t rank, int cost = 10) {
    return {language::parse(source, "test").value(), sketch, cost, 1.0, rank};
}

const char* const largest = "x = 0\nfor i in 0..n: x = max(x, M[i])\nM[0] = x";

std::vector<machine::Example> examples_of(const char* source) {
    return specification_by(machine, 5, source).examples;
}

TEST(Choice, PrefersWhatComesEarlyInItsSketch) {
    const std::vector<Candidate> fits{candidate("M[0] = M[1]", "store", 5000),
                                      candidate("M[0] = M[2]", "store at", 10)};
    const Choice choice = choose(fits, machine, examples_of(largest));
    ASSERT_EQ(choice.readings.size(), 2u);
    EXPECT_EQ(choice.readings[0].program.sketch, "store at");
    EXPECT_GT(choice.readings[0].weight, 0.99);
    EXPECT_NEAR(choice.readings[0].weight + choice.readings[1].weight, 1, 1e-9);
}

TEST(Choice, PrefersWhatReadsTheCellsThatTheExamplesVary) {
    const std::vector<Candidate> fits{candidate("M[0] = 7", "store", 50), candidate(largest, "fold", 100)};
    EXPECT_EQ(choose(fits, machine, examples_of(largest)).readings[0].program.sketch, "fold");
}

TEST(Choice, AddsUpProgramsThatDoTheSame) {
    const std::vector<Candidate> fits{candidate("M[0] = M[1]", "store", 100),
                                      candidate("M[0] = M[2]", "store", 150),
                                      candidate("M[0] = 0 + M[2]", "store at", 160)};
    const Choice choice = choose(fits, machine, examples_of(largest));
    ASSERT_EQ(choice.readings.size(), 2u);
    EXPECT_EQ(language::to_string(choice.readings[0].program.program), "M[0] = M[2]\n");
}

TEST(Choice, ShowsTheCheapestOfTheProgramsThatDoTheSame) {
    const std::vector<Candidate> fits{candidate("M[0] = 0 + M[2]", "store at", 5, 8),
                                      candidate("M[0] = M[2]", "store", 50, 4)};
    const Choice choice = choose(fits, machine, examples_of(largest));
    ASSERT_EQ(choice.readings.size(), 1u);
    EXPECT_EQ(choice.readings[0].program.cost, 4);
    EXPECT_FALSE(choice.deciding_input) << "nothing is left to decide";
}

TEST(Choice, GivesAnInputOnWhichItsReadingsDiffer) {
    const std::vector<Candidate> fits{candidate("M[0] = M[1]", "store", 100),
                                      candidate("while 0 == 0: M[0] = 1", "seek", 101),
                                      candidate(largest, "fold", 10)};
    const Choice choice = choose(fits, machine, examples_of(largest));
    ASSERT_TRUE(choice.deciding_input);
    const Reading& rival = choice.readings[choice.rival];
    EXPECT_EQ(rival.program.sketch, "store") << "what does not end gives nothing to compare";
    EXPECT_NE(language::evaluate(choice.readings[0].program.program, machine, *choice.deciding_input),
              language::evaluate(rival.program.program, machine, *choice.deciding_input));
}

TEST(Choice, LooksOnlyAtScoredCells) {
    std::vector<machine::Example> examples = examples_of(largest);
    for (machine::Example& example : examples) example.expected_memory.resize(1);
    const std::vector<Candidate> fits{
        candidate(largest, "fold", 10),
        candidate("x = 0\nfor i in 0..n: x = max(x, M[i])\nM[0] = x\nM[3] = 0", "other", 20)};
    EXPECT_EQ(choose(fits, machine, examples).readings.size(), 1u);
}

TEST(Choice, OfNothingIsEmpty) { EXPECT_TRUE(choose({}, machine, examples_of(largest)).readings.empty()); }

/// Share of random sets of five examples from which the search finds a program that is right elsewhere.
int sets_right(const char* source, bool compare) {
    const language::Program meant = language::parse(source, "test").value();
    int right = 0;
    for (std::uint64_t set = 0; set < 10; ++set) {
        const auto found = enumerate(specification_by(machine, 5, source, 100 + set),
                                     {.programs = 3'000'000, .compare = compare});
        const auto unseen = specification_by(machine, 500, source, 999).examples;
        right += found && found->solution &&
                 std::all_of(unseen.begin(), unseen.end(), [&](const machine::Example& each) {
                     return language::evaluate(found->solution->program, machine, each.memory) ==
                            each.expected_memory;
                 });
    }
    return right;
}

TEST(Choice, FindsWhatIsMeantFromFiveExamplesMoreOftenThanTheFirstFitDoes) {
    EXPECT_GE(sets_right(largest, true), 9);
    EXPECT_LE(sets_right(largest, false), 7);
}

TEST(Choice, LeavesAStoreAStore) {
    EXPECT_GE(sets_right("M[0] = M[1] + M[2]", true), 9);
    EXPECT_GE(sets_right("M[0] = M[0] + 1", true), 9);
}

TEST(Choice, IsTheSameAtAnyNumberOfThreads) {
    const Specification specification = specification_by(machine, 5, largest, 3);
    const auto one =
        enumerate(specification, {.run = {.threads = 1}, .programs = 2'000'000, .compare = true});
    const auto three =
        enumerate(specification, {.run = {.threads = 3}, .programs = 2'000'000, .compare = true});
    ASSERT_TRUE(one && three && one->solution && three->solution);
    EXPECT_EQ(one->candidates, three->candidates);
    EXPECT_EQ(one->choice.deciding_input, three->choice.deciding_input);
    ASSERT_EQ(one->choice.readings.size(), three->choice.readings.size());
    for (std::size_t i = 0; i < one->choice.readings.size(); ++i) {
        EXPECT_EQ(one->choice.readings[i].program.program, three->choice.readings[i].program.program);
        EXPECT_EQ(one->choice.readings[i].weight, three->choice.readings[i].weight);
    }
}

} // namespace
} // namespace ropewalk::search
