// Settings that change over the course of a run.
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "ropewalk/programs/tuning/tuning.hpp"

namespace ropewalk::tuning {
namespace {

TEST(Schedules, AreConstantByDefault) {
    const Schedules schedules;
    for (const double progress : {0.0, 0.5, 1.0}) {
        EXPECT_DOUBLE_EQ(learning_rate_at(schedules, 0.1, progress), 0.1);
        EXPECT_DOUBLE_EQ(weight_noise_at(schedules, progress), 0);
        EXPECT_DOUBLE_EQ(sharpness_at(schedules, progress), 1);
    }
}

TEST(Schedules, LowerTheLearningRateAlongHalfACosine) {
    const Schedules schedules{.learning_rate_end = 0.2};
    EXPECT_DOUBLE_EQ(learning_rate_at(schedules, 0.5, 0), 0.5);
    EXPECT_DOUBLE_EQ(learning_rate_at(schedules, 0.5, 0.5), 0.3);
    EXPECT_DOUBLE_EQ(learning_rate_at(schedules, 0.5, 1), 0.1);
    EXPECT_GT(learning_rate_at(schedules, 0.5, 0.25), 0.4) << "a cosine is slow at its ends";
}

TEST(Schedules, LetNoiseFallToNothing) {
    const Schedules schedules{.weight_noise = 0.4};
    EXPECT_DOUBLE_EQ(weight_noise_at(schedules, 0), 0.4);
    EXPECT_DOUBLE_EQ(weight_noise_at(schedules, 0.5), 0.2);
    EXPECT_DOUBLE_EQ(weight_noise_at(schedules, 1), 0);
}

TEST(Schedules, SharpenFromOne) {
    const Schedules schedules{.sharpness_end = 4};
    EXPECT_DOUBLE_EQ(sharpness_at(schedules, 0), 1);
    EXPECT_DOUBLE_EQ(sharpness_at(schedules, 0.5), 2.5);
    EXPECT_DOUBLE_EQ(sharpness_at(schedules, 1), 4);
}

TEST(Schedules, NormaliseToLengthOneAndLeaveWhatHasNoLength) {
    std::vector<float> gradient{3, -4};
    normalise(gradient);
    EXPECT_FLOAT_EQ(gradient[0], 0.6F);
    EXPECT_FLOAT_EQ(gradient[1], -0.8F);
    std::vector<float> zero{0, 0};
    normalise(zero);
    EXPECT_EQ(zero, (std::vector<float>{0, 0}));
    std::vector<float> broken{1, std::numeric_limits<float>::infinity()};
    normalise(broken);
    EXPECT_EQ(broken[0], 1);
}

} // namespace
} // namespace ropewalk::tuning
