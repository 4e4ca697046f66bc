// Wilson's interval against the score intervals printed in Newcombe 1998, Table I (method 3).
#include <gtest/gtest.h>

#include "ropewalk/base/base.hpp"

namespace ropewalk::base {
namespace {

void expect_interval(int count, int total, double low, double high) {
    const Proportion p = wilson(count, total);
    EXPECT_NEAR(p.low, low, 5e-5) << count << " of " << total;
    EXPECT_NEAR(p.high, high, 5e-5) << count << " of " << total;
    EXPECT_EQ(p.count, count);
    EXPECT_EQ(p.total, total);
    EXPECT_DOUBLE_EQ(p.rate, static_cast<double>(count) / total);
}

TEST(Wilson, GivesThePublishedIntervals) {
    expect_interval(81, 263, 0.2553, 0.3662);
    expect_interval(15, 148, 0.0624, 0.1605);
    expect_interval(0, 20, 0.0000, 0.1611);
    expect_interval(1, 29, 0.0061, 0.1718);
}

TEST(Wilson, IsExactAtTheEnds) {
    EXPECT_EQ(wilson(0, 7).low, 0.0);
    EXPECT_EQ(wilson(7, 7).high, 1.0);
    EXPECT_GT(wilson(0, 7).high, 0.0);
    EXPECT_LT(wilson(7, 7).low, 1.0);
}

TEST(Wilson, KnowsNothingWithoutTrials) {
    const Proportion p = wilson(0, 0);
    EXPECT_EQ(p.rate, 0.0);
    EXPECT_EQ(p.low, 0.0);
    EXPECT_EQ(p.high, 1.0);
}

TEST(Wilson, IsSymmetricAndHoldsTheRate) {
    for (int count = 0; count <= 50; ++count) {
        const Proportion p = wilson(count, 50), q = wilson(50 - count, 50);
        EXPECT_NEAR(p.low, 1 - q.high, 1e-12);
        EXPECT_LE(p.low, p.rate);
        EXPECT_GE(p.high, p.rate);
    }
}

} // namespace
} // namespace ropewalk::base
