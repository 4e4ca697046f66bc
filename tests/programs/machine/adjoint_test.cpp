// The gradient against central differences in double precision, under every switch combination and both
// losses.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/machine/kernels/dispatch.hpp"
#include "ropewalk/programs/machine/machine.hpp"

namespace ropewalk::machine {
namespace {

std::vector<double> random_weights(std::size_t count, std::uint64_t seed) {
    base::RandomStream random(seed, base::Purpose::test);
    std::vector<double> weights(count);
    for (double& weight : weights) weight = 3 * random.uniform() - 1.5;
    return weights;
}

std::vector<Example> examples() {
    return {{.memory = {1, 2},
             .registers = {},
             .expected_memory = {2, not_scored},
             .expected_registers = {not_scored, 1, not_scored}},
            {.memory = {0, 1}, .registers = {2, 0, 1}, .expected_memory = {1, 0}, .expected_registers = {}},
            {.memory = {2, 2},
             .registers = {1, 1, 1},
             .expected_memory = {not_scored, not_scored},
             .expected_registers = {0, 2, 1}}};
}

std::vector<double> losses_of(const EvaluationRequest& request, const std::vector<double>& weights) {
    std::vector<double> losses(weights.size() / weight_count(request.configuration));
    evaluate(request, std::span<const double>(weights), examples(), losses, {});
    return losses;
}

/// Largest difference between the gradient and central differences, relative to max(1, |difference|).
double worst_error(const EvaluationRequest& request, std::uint64_t seed) {
    const std::size_t size = weight_count(request.configuration);
    std::vector<double> weights = random_weights(2 * size, seed), losses(2), gradient(2 * size, 1e9);
    evaluate(request, std::span<const double>(weights), examples(), losses, gradient);
    constexpr double h = 1e-5;
    double worst = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const double original = weights[i];
        weights[i] = original + h;
        const double above = losses_of(request, weights)[i / size];
        weights[i] = original - h;
        const double below = losses_of(request, weights)[i / size];
        weights[i] = original;
        const double difference = (above - below) / (2 * h);
        worst = std::max(worst, std::abs(gradient[i] - difference) / std::max(1.0, std::abs(difference)));
    }
    return worst;
}

using Combination = std::tuple<Mix, Mass, Halting, bool, Target, Loss::Correctness>;

class Gradient : public testing::TestWithParam<Combination> {
protected:
    EvaluationRequest request(const assembly::InstructionSet& set) const {
        const auto [mix, mass, halting, freeze, target, correctness] = GetParam();
        return {.configuration = {.base = 3,
                                  .cells = 2,
                                  .registers = 3,
                                  .lines = 3,
                                  .instruction_set = set,
                                  .switches = {mix, mass, halting, freeze, target},
                                  .initial_registers = {1, 0, 2}},
                .loss = {.correctness = correctness,
                         .memory = 0.7,
                         .registers = 1.3,
                         .efficiency = 0.4,
                         .confidence = 0.6,
                         .halting = 0.3},
                .steps = 4};
    }
};

TEST_P(Gradient, IsTheLimitOfDifferences) {
    EXPECT_LT(worst_error(request(assembly::all_instructions()), 1), 1e-6);
}

TEST_P(Gradient, IsTheLimitOfDifferencesWithoutHaltReadWriteAndJump) {
    using enum assembly::Opcode;
    EXPECT_LT(worst_error(request({inc, sub, nop}), 2), 1e-6);
}

std::string name_of(const testing::TestParamInfo<Combination>& test) {
    const auto [mix, mass, halting, freeze, target, correctness] = test.param;
    return to_string(mix) + "_" + to_string(mass) + "_" + to_string(halting) +
           (freeze ? "_freeze_" : "_run_on_") + to_string(target) +
           (correctness == Loss::Correctness::cross_entropy ? "_cross_entropy" : "_squared_error");
}

INSTANTIATE_TEST_SUITE_P(
    Switches, Gradient,
    testing::Combine(testing::Values(Mix::logits, Mix::probabilities),
                     testing::Values(Mass::conserve, Mass::literal, Mass::zero),
                     testing::Values(Halting::absorb, Halting::maximum), testing::Bool(),
                     testing::Values(Target::line, Target::register_value, Target::second_operand),
                     testing::Values(Loss::Correctness::cross_entropy, Loss::Correctness::squared_error)),
    name_of);

TEST(Evaluate, KeepsProgramsApart) {
    const EvaluationRequest request{
        .configuration = {.base = 3, .cells = 2, .registers = 3, .lines = 3}, .loss = anc_loss(), .steps = 5};
    const std::size_t size = weight_count(request.configuration);
    const std::vector<double> weights = random_weights(3 * size, 5);
    std::vector<double> losses(3), gradient(3 * size);
    evaluate(request, std::span<const double>(weights), examples(), losses, gradient);
    for (std::size_t p = 0; p < 3; ++p) {
        std::vector<double> loss(1), alone(size);
        evaluate(request, std::span(weights).subspan(p * size, size), examples(), loss, alone);
        EXPECT_EQ(loss[0], losses[p]);
        EXPECT_TRUE(
            std::equal(alone.begin(), alone.end(), gradient.begin() + static_cast<std::ptrdiff_t>(p * size)));
    }
}

TEST(Evaluate, CountsAsMistakesWhatTheReadoutGetsWrong) {
    EvaluationRequest request{
        .configuration = {.base = 3, .cells = 2, .registers = 3, .lines = 3}, .loss = mistakes(), .steps = 3};
    const std::size_t size = weight_count(request.configuration);
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        const std::vector<double> weights = random_weights(size, seed);
        const std::vector<float> rounded(weights.begin(), weights.end());
        const std::vector<double> same(rounded.begin(), rounded.end());
        Example example = examples()[seed % 3];
        const SoftOutcome outcome = run_soft(request.configuration, rounded, example, request.steps);
        example.expected_memory = outcome.memory;
        example.expected_registers = {};
        std::vector<double> loss(1), gradient(size, 1);
        evaluate(request, std::span<const double>(same), {&example, 1}, loss, gradient);
        EXPECT_EQ(loss[0], 0);
        EXPECT_TRUE(std::all_of(gradient.begin(), gradient.end(), [](double g) { return g == 0; }));
        example.expected_memory[seed % 2] = (example.expected_memory[seed % 2] + 1) % 3;
        evaluate(request, std::span<const double>(same), {&example, 1}, loss, {});
        EXPECT_EQ(loss[0], 0.5) << "one of two scored cells";
    }
}

TEST(Evaluate, CountsTheSameMistakesAsTheReadoutOnEveryKernel) {
    EvaluationRequest request{.configuration = {.base = 4, .cells = 3, .registers = 3, .lines = 4},
                              .loss = mistakes(),
                              .steps = 4,
                              .lanes = Lanes::programs};
    const std::size_t size = weight_count(request.configuration);
    constexpr std::size_t programs = 19;
    const std::vector<double> precise = random_weights(programs * size, 7);
    const std::vector<float> weights(precise.begin(), precise.end());
    const std::string before = active_target();
    for (const std::string& target : available_targets()) {
        ASSERT_TRUE(force_target(target));
        for (std::size_t p = 0; p < programs; ++p) {
            // What program p makes of an input is right for p, and mostly wrong for others.
            Example example{
                .memory = {1, 3, 0}, .registers = {}, .expected_memory = {}, .expected_registers = {}};
            const auto of = [&](std::size_t q) {
                return run_soft(request.configuration, std::span(weights).subspan(q * size, size), example,
                                request.steps);
            };
            example.expected_memory = of(p).memory;
            std::vector<float> losses(programs);
            evaluate(request, std::span<const float>(weights), {&example, 1}, losses, {});
            for (std::size_t q = 0; q < programs; ++q)
                EXPECT_EQ(losses[q] == 0, matches(of(q), example)) << target << " " << p << " " << q;
        }
    }
    ASSERT_TRUE(force_target(before));
}

TEST(Evaluate, NeverFindsWhatIsNotANumberFreeOfMistakesOnAnyKernel) {
    const EvaluationRequest request{
        .configuration = {.base = 4, .cells = 2, .registers = 3, .lines = 3}, .loss = mistakes(), .steps = 3};
    const std::vector<float> weights(weight_count(request.configuration), std::nanf(""));
    const std::string before = active_target();
    for (const std::string& target : available_targets()) {
        ASSERT_TRUE(force_target(target));
        std::vector<float> loss(1);
        evaluate(request, std::span<const float>(weights), examples(), loss, {});
        EXPECT_FALSE(loss[0] == 0) << target;
    }
    ASSERT_TRUE(force_target(before));
}

TEST(Evaluate, IsNearlyTheSameInSinglePrecision) {
    const EvaluationRequest request{
        .configuration = {.base = 4, .cells = 2, .registers = 3, .lines = 4}, .loss = {}, .steps = 6};
    const std::vector<double> weights = random_weights(weight_count(request.configuration), 6);
    const std::vector<float> rounded(weights.begin(), weights.end());
    std::vector<double> loss(1), gradient(weights.size());
    std::vector<float> single_loss(1), single_gradient(weights.size());
    evaluate(request, std::span<const double>(weights), examples(), loss, gradient);
    evaluate(request, std::span<const float>(rounded), examples(), single_loss, single_gradient);
    EXPECT_NEAR(single_loss[0], loss[0], 1e-4);
    for (std::size_t i = 0; i < weights.size(); ++i) EXPECT_NEAR(single_gradient[i], gradient[i], 1e-4);
}

TEST(Evaluate, ScoresNothingAsNothing) {
    const EvaluationRequest request{
        .configuration = {.base = 3, .cells = 2, .registers = 3, .lines = 3}, .loss = {}, .steps = 3};
    const std::vector<double> weights = random_weights(weight_count(request.configuration), 7);
    std::vector<double> loss(1), gradient(weights.size(), 9);
    const std::vector<Example> unscored{{.memory = {1, 2}, .expected_memory = {not_scored, not_scored}}};
    evaluate(request, std::span<const double>(weights), unscored, loss, gradient);
    EXPECT_EQ(loss[0], 0);
    for (const double g : gradient) EXPECT_EQ(g, 0);
}

} // namespace
} // namespace ropewalk::machine
