// Which formula a task is held to have, as errors come in.
#include <gtest/gtest.h>

#include "ropewalk/images/identification/identification.hpp"

namespace ropewalk::identification {
namespace {

TEST(Decisions, KeepTheLeastAveragedErrorAndItsRunnerUp) {
    Decisions decisions(1, 3);
    decisions.add(std::vector<float>{3, 1, 2}, 1);
    EXPECT_EQ(decisions.tasks()[0], (Decision{1, 2, 1, 1, 1}));
    decisions.add(std::vector<float>{3, 1, 2}, 2);
    EXPECT_EQ(decisions.tasks()[0].since, 1u);
    EXPECT_EQ(decisions.settled(2, 1), 1u);
    EXPECT_EQ(decisions.settled(2, 2), 0u);
    // The third step has a share of 5/7.
    decisions.add(std::vector<float>{0, 3.4f, 2}, 3);
    EXPECT_EQ(decisions.tasks()[0].formula, 0u);
    EXPECT_EQ(decisions.tasks()[0].runner_up, 2u);
    EXPECT_NEAR(decisions.tasks()[0].error, 6.0 / 7, 1e-6);
    EXPECT_NEAR(decisions.tasks()[0].margin, 8.0 / 7, 1e-6);
    EXPECT_EQ(decisions.tasks()[0].since, 3u);
    EXPECT_NEAR(decisions.mean_error(), 6.0 / 7, 1e-6);
}

} // namespace
} // namespace ropewalk::identification
