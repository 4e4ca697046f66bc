#include <cmath>

#include <gtest/gtest.h>

#include "ropewalk/programs/tuning/tuning.hpp"
#include "tests/places.hpp"

namespace ropewalk::tuning {
namespace {

tasks::Task task(const char* name) { return *tasks::find_task(name); }

assembly::Program template_program(const char* name) {
    return *assembly::parse_file(source_dir() + "/programs/" + name);
}

TuneOptions brief_options() {
    return {.run = {.seed = 5, .threads = 2},
            .restarts = 20,
            .iterations = 40,
            .batch = 4,
            .held_out = 32,
            .check_interval = 10,
            .check_examples = 8};
}

void expect_same(const Restart& a, const Restart& b) {
    EXPECT_EQ(a.model.weights, b.model.weights);
    EXPECT_EQ(a.program, b.program);
    EXPECT_EQ(a.iterations, b.iterations);
    EXPECT_EQ(std::tuple(a.soft, a.hard, a.certified), std::tuple(b.soft, b.hard, b.certified));
}

TEST(Tuning, LeavesARightProgramRight) {
    TuneOptions options = brief_options();
    options.compile.gamma = 0;
    const auto result = tune(task("map-inc"), template_program("map_inc.asm"), options);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->recovered.soft.count, options.restarts);
    EXPECT_EQ(result->recovered.certified.count, options.restarts);
    ASSERT_TRUE(result->best);
    EXPECT_TRUE(result->certificate->holds);
    EXPECT_EQ(result->restarts[*result->best].program.instructions,
              template_program("map_inc.asm").instructions);
}

TEST(Tuning, GivesTheSameRestartsAtAnyNumberOfThreads) {
    TuneOptions options = brief_options();
    const auto two = tune(task("map-dec"), template_program("map_inc.asm"), options);
    options.run.threads = 1;
    const auto one = tune(task("map-dec"), template_program("map_inc.asm"), options);
    ASSERT_TRUE(one && two);
    for (std::size_t r = 0; r < one->restarts.size(); ++r) expect_same(one->restarts[r], two->restarts[r]);
}

TEST(Tuning, GivesARestartTheSameResultWhateverRunsBesideIt) {
    TuneOptions options = brief_options();
    const auto many = tune(task("map-dec"), template_program("map_inc.asm"), options);
    options.restarts = 3;
    const auto few = tune(task("map-dec"), template_program("map_inc.asm"), options);
    ASSERT_TRUE(many && few);
    for (std::size_t r = 0; r < few->restarts.size(); ++r) expect_same(many->restarts[r], few->restarts[r]);
}

TEST(Tuning, GivesOtherRestartsForAnotherSeed) {
    TuneOptions options = brief_options();
    options.restarts = 2;
    const auto first = tune(task("map-dec"), std::nullopt, options);
    options.run.seed += 1;
    const auto second = tune(task("map-dec"), std::nullopt, options);
    ASSERT_TRUE(first && second);
    EXPECT_NE(first->restarts[0].model.weights, second->restarts[0].model.weights);
    EXPECT_NE(first->restarts[0].model.weights, first->restarts[1].model.weights);
}

TEST(Tuning, LowersTheLoss) {
    TuneOptions options = brief_options();
    const auto tuned = tune(task("map-dec"), std::nullopt, options);
    options.iterations = 0;
    const auto initial = tune(task("map-dec"), std::nullopt, options);
    ASSERT_TRUE(tuned && initial);
    for (std::size_t r = 0; r < tuned->restarts.size(); ++r)
        EXPECT_LT(tuned->restarts[r].loss, initial->restarts[r].loss);
}

TEST(Tuning, StopsWhenAskedAndStillGivesTheRestartsThatBegan) {
    std::stop_source stop;
    stop.request_stop();
    TuneOptions options = brief_options();
    options.run.stop = stop.get_token();
    const auto result = tune(task("map-dec"), template_program("map_inc.asm"), options);
    ASSERT_TRUE(result);
    EXPECT_TRUE(result->stopped_early);
    EXPECT_FALSE(result->restarts.empty());
    EXPECT_LE(result->restarts.size(), 20u);
    EXPECT_EQ(result->restarts[0].iterations, 0);
    options.restarts = 1'000'000;
    options.run.threads = 1;
    EXPECT_LE(tune(task("map-dec"), template_program("map_inc.asm"), options)->restarts.size(), 128u);
}

TEST(Tuning, NumbersRestartsAsTheyWereAskedFor) {
    const auto result = tune(task("map-dec"), template_program("map_inc.asm"), brief_options());
    ASSERT_TRUE(result);
    for (std::size_t r = 0; r < result->restarts.size(); ++r)
        EXPECT_EQ(result->restarts[r].number, static_cast<int>(r));
}

TEST(Tuning, RunsUnderEveryProfileAndLoss) {
    for (const char* profile : {"default", "paper", "anc"})
        for (const machine::Loss& loss :
             {machine::default_loss(), machine::squared_loss(), machine::anc_loss()}) {
            TuneOptions options = brief_options();
            options.restarts = 2;
            options.loss = loss;
            options.compile.switches = *machine::find_profile(profile);
            const auto result = tune(task("map-dec"), template_program("map_inc.asm"), options);
            ASSERT_TRUE(result) << profile;
            for (const Restart& restart : result->restarts)
                EXPECT_TRUE(std::isfinite(restart.loss)) << profile;
        }
}

TEST(Tuning, RepairsAProgramThatIsRightOnTheCheckExamplesByLuck) {
    // With one check example nearly anything can look right; counterexamples lead to a program that is.
    TuneOptions options = brief_options();
    options.restarts = 4;
    options.iterations = 0;
    options.check_examples = 1;
    options.compile.gamma = 0;
    const auto result = tune(task("map-dec"), template_program("map_inc.asm"), options);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->recovered.hard.count, 0);
    EXPECT_EQ(result->recovered.certified.count, 4);
    EXPECT_EQ(result->recovered.repaired, 4);
}

TEST(Tuning, WithdrawsWhatFurtherInputsRefute) {
    // A domain too large to exhaust, on which one input in 2^18 is expected to stay as it is.
    tasks::Task rare = task("map-inc");
    const auto common = rare.example;
    rare.domain_size = std::uint64_t{1} << 40;
    rare.example = [common](std::uint64_t index) {
        machine::Example example = common(index % 4096);
        if (index % (1 << 18) == 77) example.expected_memory = example.memory;
        return example;
    };
    rare.prefix = nullptr;
    rare.stages = 1;
    TuneOptions options = brief_options();
    options.restarts = 6;
    options.iterations = 0;
    options.compile.gamma = 0;
    options.repair = false;
    const auto result = tune(rare, template_program("map_inc.asm"), options);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->recovered.hard.count, 6);
    EXPECT_EQ(result->recovered.certified.count, 0) << "all six are the same program";
    EXPECT_FALSE(result->best);
    EXPECT_FALSE(result->certificate);
}

TEST(Tuning, WithPopulationStepsIsTheSameAtAnyNumberOfThreads) {
    TuneOptions options = brief_options();
    options.restarts = 40;
    options.population_interval = 10;
    const auto two = tune(task("map-dec"), std::nullopt, options);
    options.run.threads = 1;
    const auto one = tune(task("map-dec"), std::nullopt, options);
    ASSERT_TRUE(one && two);
    for (std::size_t r = 0; r < one->restarts.size(); ++r) expect_same(one->restarts[r], two->restarts[r]);
}

TEST(Tuning, RefusesSettingsThatMakeNoSense) {
    TuneOptions options = brief_options();
    options.restarts = 0;
    options.adam.learning_rate = -1;
    const auto result = tune(task("map-dec"), std::nullopt, options);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().size(), 2u);
}

/// What the README promises: the certified share lies above what the paper reports for map inc from map dec
/// (45%), with the whole 95% interval above what it reports for map dec from map inc (7%).
TEST(Tuning, TurnsMapIncIntoMapDecInAtLeast45PercentOfRestarts) {
    const auto result =
        tune(task("map-dec"), template_program("map_inc.asm"), {.run = {.seed = 0}, .restarts = 100});
    ASSERT_TRUE(result);
    EXPECT_GE(result->recovered.certified.rate, 0.45);
    EXPECT_GE(result->recovered.soft.count, result->recovered.certified.count - 5);
}

TEST(Tuning, FindsIncFromRandomWeightsInOverFourFifthsOfRestarts) {
    const auto result = tune(task("inc"), std::nullopt, {.run = {.seed = 0}, .restarts = 100});
    ASSERT_TRUE(result);
    EXPECT_GT(result->recovered.soft.rate, 0.8);
}

/// The paper's figures are 41% and 4%, of programs whose soft outputs are right.
TEST(Tuning, FindsHardProgramsForReduceFromRandomWeightsMoreOftenThanThePaperSoftOnes) {
    const auto result = tune(task("reduce"), std::nullopt,
                             {.run = {.seed = 0}, .restarts = 48, .iterations = 8000, .repair = false});
    ASSERT_TRUE(result);
    EXPECT_GT(result->recovered.hard.low, 0.41);
    EXPECT_GE(result->recovered.soft.count, result->recovered.hard.count - 2);
}

TEST(Tuning, FindsHardProgramsForFibonacciFromRandomWeightsMoreOftenThanThePaperSoftOnes) {
    const auto result =
        tune(task("fibonacci"), std::nullopt,
             {.run = {.seed = 0}, .restarts = 32, .iterations = 6000, .batch = 1, .repair = false});
    ASSERT_TRUE(result);
    EXPECT_GT(result->recovered.hard.low, 0.04);
    EXPECT_EQ(result->recovered.certified.count, result->recovered.hard.count);
}

} // namespace
} // namespace ropewalk::tuning
