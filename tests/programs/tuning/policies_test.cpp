// Policies beside the loop of descent: reproducible, independent of threads, company and kernel.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/machine/kernels/dispatch.hpp"
#include "ropewalk/programs/tuning/tuning.hpp"

namespace ropewalk::tuning {
namespace {

tasks::Task map_dec_task() { return *tasks::find_task("map-dec"); }

/// More restarts than a block of two threads holds, and more checks than one.
TuneOptions small_options() {
    return {.run = {.seed = 5, .threads = 1},
            .restarts = 70,
            .iterations = 60,
            .batch = 2,
            .reseed_interval = 0,
            .repair = false,
            .held_out = 16,
            .check_interval = 10,
            .check_examples = 8};
}

TuneResult tuned(const TuneOptions& options) { return tune(map_dec_task(), std::nullopt, options).value(); }

bool same(const Restart& a, const Restart& b) {
    return a.model.weights == b.model.weights && a.program == b.program && a.iterations == b.iterations &&
           a.soft == b.soft && a.hard == b.hard && a.certified == b.certified;
}

bool same(const TuneResult& a, const TuneResult& b) {
    return std::equal(a.restarts.begin(), a.restarts.end(), b.restarts.begin(), b.restarts.end(),
                      [](const Restart& x, const Restart& y) { return same(x, y); });
}

/// A policy does something, the same again, at any number of threads and with fewer restarts beside it.
void expect_reproducible(TuneOptions options) {
    const TuneResult one = tuned(options);
    EXPECT_FALSE(same(one, tuned(small_options()))) << "the policy changes nothing";
    EXPECT_TRUE(same(one, tuned(options)));
    options.run.threads = 2;
    EXPECT_TRUE(same(one, tuned(options)));
    options.restarts = 3;
    const TuneResult few = tuned(options);
    for (std::size_t r = 0; r < few.restarts.size(); ++r)
        EXPECT_TRUE(same(few.restarts[r], one.restarts[r])) << r;
}

TEST(Policies, ReseedingIsReproducible) {
    TuneOptions options = small_options();
    options.reseed_interval = 10;
    expect_reproducible(options);
}

TEST(Policies, WeightNoiseIsReproducible) {
    TuneOptions options = small_options();
    options.schedules.weight_noise = 0.1;
    expect_reproducible(options);
}

TEST(Policies, SharpeningAndNormalisingAreReproducible) {
    TuneOptions options = small_options();
    options.schedules.sharpness_end = 3;
    expect_reproducible(options);
    options = small_options();
    options.schedules.learning_rate_end = 0.1;
    options.schedules.normalise_gradient = true;
    expect_reproducible(options);
}

TEST(Policies, PopulationStepsDoNotDependOnThreads) {
    TuneOptions options = small_options();
    options.population_interval = 10;
    const TuneResult one = tuned(options);
    EXPECT_FALSE(same(one, tuned(small_options())));
    options.run.threads = 2;
    EXPECT_TRUE(same(one, tuned(options)));
}

/// Checks look at the first four examples, and at the rest only where those are right.
TEST(Policies, JudgeAtChecksAsAtTheEndWithFewExamplesAndMany) {
    for (const int examples : {1, 3, 4, 5, 40}) {
        TuneOptions options = small_options();
        options.iterations = 400;
        options.check_examples = examples;
        const TuneResult result = tuned(options);
        for (const Restart& restart : result.restarts)
            if (restart.iterations < options.iterations) {
                base::RandomStream random(options.run.seed, base::Purpose::training_examples);
                const auto checks = draw_examples(map_dec_task(), examples, random);
                EXPECT_TRUE(std::all_of(checks.begin(), checks.end(), [&](const machine::Example& example) {
                    return matches(
                        run_soft(restart.model.configuration, restart.model.weights, example, result.steps),
                        example);
                })) << examples;
            }
        EXPECT_TRUE(
            std::any_of(result.restarts.begin(), result.restarts.end(),
                        [&](const Restart& restart) { return restart.iterations < options.iterations; }))
            << "none ended early with " << examples;
    }
}

TEST(Policies, RefuseSettingsThatMakeNoSense) {
    const auto refused = [](auto change) {
        TuneOptions options = small_options();
        change(options);
        const auto result = tune(map_dec_task(), std::nullopt, options);
        return !result && result.error().size() == 1;
    };
    EXPECT_TRUE(refused([](TuneOptions& o) { o.reseed_interval = 15; })) << "not a multiple of the checks";
    EXPECT_TRUE(refused([](TuneOptions& o) { o.reseed_interval = -10; }));
    EXPECT_TRUE(refused([](TuneOptions& o) { o.population_interval = 15; }));
    EXPECT_TRUE(refused([](TuneOptions& o) { o.start.random_spread = -1; }));
    EXPECT_TRUE(refused([](TuneOptions& o) { o.start.random_spread = HUGE_VAL; }));
    EXPECT_TRUE(refused([](TuneOptions& o) { o.start.program_spread = std::nan(""); }));
    EXPECT_TRUE(refused([](TuneOptions& o) { o.start.stop_bias = std::nan(""); }));
    EXPECT_TRUE(refused([](TuneOptions& o) { o.schedules.learning_rate_end = -0.1; }));
    EXPECT_TRUE(refused([](TuneOptions& o) { o.schedules.weight_noise = -1; }));
    EXPECT_TRUE(refused([](TuneOptions& o) { o.schedules.sharpness_end = 0; }));
}

/// Kernels differ in the last bits, and descent magnifies them: single restarts may end elsewhere, but not
/// many of them. 20 restarts of an easy task recover within 2 of each other.
TEST(Policies, RecoverAsOftenWithEveryKernel) {
    const std::string before = machine::active_target();
    const auto recovered = [](const std::string& target) {
        EXPECT_TRUE(machine::force_target(target));
        const auto result = tune(*tasks::find_task("inc"), std::nullopt,
                                 {.run = {.seed = 3, .threads = 2}, .restarts = 20, .iterations = 300});
        return result->recovered;
    };
    const Recovered best = recovered("auto");
    EXPECT_GE(best.soft.count, 16);
    for (const std::string& target : machine::available_targets()) {
        const Recovered other = recovered(target);
        EXPECT_NEAR(other.soft.count, best.soft.count, 2) << target;
        EXPECT_NEAR(other.hard.count, best.hard.count, 2) << target;
        EXPECT_NEAR(other.certified.count, best.certified.count, 2) << target;
    }
    ASSERT_TRUE(machine::force_target(before));
}

} // namespace
} // namespace ropewalk::tuning
