// Which kernel runs, and how to force another.
#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/machine/kernels/dispatch.hpp"
#include "ropewalk/programs/machine/kernels/reference.hpp"

namespace ropewalk::machine {
namespace {

/// Restores the choice and the environment that a test changes.
class Dispatch : public testing::Test {
protected:
    void TearDown() override {
        if (had_environment_)
            setenv("ROPEWALK_TARGET", environment_.c_str(), 1);
        else
            unsetenv("ROPEWALK_TARGET");
        ASSERT_TRUE(force_target(active_));
    }

private:
    std::string active_ = active_target();
    bool had_environment_ = std::getenv("ROPEWALK_TARGET") != nullptr;
    std::string environment_ = had_environment_ ? std::getenv("ROPEWALK_TARGET") : "";
};

TEST_F(Dispatch, OffersThePlainKernelAndTheScalarOneEverywhere) {
    const std::vector<std::string> names = available_targets();
    ASSERT_GE(names.size(), 2u);
    EXPECT_EQ(names.back(), "reference");
    EXPECT_NE(std::find(names.begin(), names.end(), names.front()), names.end());
}

TEST_F(Dispatch, RunsWhatItIsForcedToRun) {
    for (const std::string& name : available_targets()) {
        const auto forced = force_target(name);
        ASSERT_TRUE(forced) << name;
        EXPECT_EQ(*forced, name);
        EXPECT_EQ(active_target(), name);
        EXPECT_GE(active_lanes(), 1);
    }
}

TEST_F(Dispatch, TakesTheBestKernelForAuto) {
    ASSERT_TRUE(force_target("auto"));
    EXPECT_EQ(active_target(), available_targets().front());
}

TEST_F(Dispatch, RefusesAnUnknownNameAndListsWhatThereIs) {
    ASSERT_TRUE(force_target("reference"));
    const auto forced = force_target("mmx");
    ASSERT_FALSE(forced);
    const std::string message = base::render(forced.error());
    EXPECT_NE(message.find("mmx"), std::string::npos) << message;
    for (const std::string& name : available_targets())
        EXPECT_NE(message.find(name), std::string::npos) << message;
    EXPECT_EQ(active_target(), "reference");
}

TEST_F(Dispatch, ReportsAnEnvironmentVariableThatCannotBeHonoured) {
    setenv("ROPEWALK_TARGET", "mmx", 1);
    const auto asked = target_from_environment();
    ASSERT_FALSE(asked);
    EXPECT_NE(base::render(asked.error()).find("ROPEWALK_TARGET"), std::string::npos);
    setenv("ROPEWALK_TARGET", "reference", 1);
    EXPECT_EQ(target_from_environment().value(), "reference");
    unsetenv("ROPEWALK_TARGET");
    EXPECT_EQ(target_from_environment().value(), available_targets().front());
}

TEST_F(Dispatch, LetsEvaluateRunTheForcedKernel) {
    const EvaluationRequest request{.configuration = {.base = 5, .cells = 5, .registers = 2, .lines = 3},
                                    .steps = 4};
    const std::vector<Example> examples{{.memory = {1, 2, 3, 4, 0}, .expected_memory = {2, 2, 3, 4, 0}}};
    std::vector<float> weights(2 * weight_count(request.configuration));
    base::RandomStream random(3, base::Purpose::test);
    for (float& weight : weights) weight = static_cast<float>(random.uniform());

    std::vector<float> plain_losses(2), plain_gradient(weights.size());
    reference::evaluate<float>(request, weights, examples, plain_losses, plain_gradient);
    ASSERT_TRUE(force_target("reference"));
    std::vector<float> losses(2), gradient(weights.size());
    evaluate(request, std::span<const float>(weights), examples, losses, gradient);
    EXPECT_EQ(losses, plain_losses);
    EXPECT_EQ(gradient, plain_gradient);
    for (const std::string& name : available_targets()) {
        ASSERT_TRUE(force_target(name));
        evaluate(request, std::span<const float>(weights), examples, losses, gradient);
        for (std::size_t i = 0; i < losses.size(); ++i) EXPECT_NEAR(losses[i], plain_losses[i], 1e-5) << name;
        for (std::size_t i = 0; i < gradient.size(); ++i)
            EXPECT_NEAR(gradient[i], plain_gradient[i], 1e-6) << name;
    }
}

} // namespace
} // namespace ropewalk::machine
