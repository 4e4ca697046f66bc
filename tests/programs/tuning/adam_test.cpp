// Adam against its definition, and with gradients that are no numbers.
#include "ropewalk/programs/tuning/adam.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace ropewalk::tuning {
namespace {

TEST(Adam, TakesTheStepsOfItsDefinitionAtAnySize) {
    for (const std::size_t size : {1, 3, 4, 7, 8, 33}) {
        const AdamSettings settings{.learning_rate = 0.3, .beta1 = 0.5, .beta2 = 0.95};
        Adam<double> adam(size, settings);
        std::vector<double> parameters(size, 1), mean(size, 0), square(size, 0), expected(size, 1);
        for (int t = 1; t <= 5; ++t) {
            std::vector<double> gradient(size);
            for (std::size_t i = 0; i < size; ++i) gradient[i] = std::sin(static_cast<double>(7 * i) + t);
            adam.step(parameters, gradient);
            for (std::size_t i = 0; i < size; ++i) {
                mean[i] = 0.5 * mean[i] + 0.5 * gradient[i];
                square[i] = 0.95 * square[i] + 0.05 * gradient[i] * gradient[i];
                const double m = mean[i] / (1 - std::pow(0.5, t)), s = square[i] / (1 - std::pow(0.95, t));
                expected[i] -= 0.3 * m / (std::sqrt(s) + 1e-8);
                EXPECT_NEAR(parameters[i], expected[i], 1e-12) << size << " " << i;
            }
        }
    }
}

TEST(Adam, LeavesEntriesAloneWhoseGradientIsNoUsableNumber) {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    for (const float bad : {std::nanf(""), infinity, -infinity, 1e20F, -1e20F}) {
        Adam<float> adam(5, {}), undisturbed(5, {});
        std::vector<float> parameters(5, 1), others(5, 1);
        const std::vector<float> good(5, 0.5F);
        std::vector<float> spoiled = good;
        spoiled[3] = bad;
        adam.step(parameters, spoiled);
        EXPECT_EQ(parameters[3], 1) << bad;
        undisturbed.step(others, good);
        EXPECT_EQ(parameters[2], others[2]);
        for (int i = 0; i < 3; ++i) adam.step(parameters, good);
        EXPECT_TRUE(std::isfinite(parameters[3])) << bad;
        EXPECT_LT(parameters[3], 1) << "goes on learning";
    }
}

} // namespace
} // namespace ropewalk::tuning
