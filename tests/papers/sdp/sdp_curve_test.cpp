#include <algorithm>

#include <gtest/gtest.h>

#include "papers/results/results.hpp"
#include "papers/sdp/sdp.hpp"

namespace ropewalk::papers {
namespace {

TEST(Curve, HoldsEveryRunAndNoTimeBeyondTheLimit) {
    const auto curve = sdp_curve({.runs = 1, .seconds = 0.3});
    ASSERT_TRUE(curve);
    EXPECT_TRUE(curve->complete);
    EXPECT_EQ(curve->runs.size(), 18u);
    for (const CurveRun& run : curve->runs) EXPECT_LE(run.seconds.value_or(0), 0.3);
    const std::string csv = to_csv(*curve);
    EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 19);
}

TEST(Curve, ItsTableCountsRunsThatAreDoneByThen) {
    const Curve curve{
        .runs = {{"inc", "search", 0, 0.05}, {"inc", "search", 1, 0.2}, {"inc", "search", 2, {}}},
        .seconds = 1};
    EXPECT_NE(to_markdown(curve).find("| inc | search | 33% | 67% | 67% |"), std::string::npos)
        << to_markdown(curve);
}

TEST(Curve, AStoppedOneSaysSo) {
    std::stop_source stop;
    stop.request_stop();
    const auto curve = sdp_curve({.runs = 1, .seconds = 5, .run = {.stop = stop.get_token()}});
    ASSERT_TRUE(curve);
    EXPECT_FALSE(curve->complete);
}

} // namespace
} // namespace ropewalk::papers
