// Whether to stop, asked seldom and answered to many.
#include <thread>

#include <gtest/gtest.h>

#include "ropewalk/base/base.hpp"

namespace ropewalk::base {
namespace {

TEST(StopChecks, WithoutAFunctionNeverStop) {
    StopCheck stop({});
    EXPECT_FALSE(stop());
}

TEST(StopChecks, AskSeldomAndNoMoreAfterAYes) {
    int asked = 0;
    StopCheck stop([&] { return ++asked == 2; });
    const Stopwatch watch;
    long calls = 0;
    while (!stop()) {
        ++calls;
        ASSERT_LT(watch.seconds(), 60) << "never said yes";
    }
    EXPECT_GE(watch.seconds(), 0.9) << "two questions, half a second apart";
    EXPECT_GT(calls, 1000);
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(stop());
    EXPECT_EQ(asked, 2);
}

TEST(StopChecks, TellEveryThread) {
    StopCheck stop([] { return true; });
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i)
        threads.emplace_back([&] {
            while (!stop()) std::this_thread::yield();
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_TRUE(stop());
}

} // namespace
} // namespace ropewalk::base
