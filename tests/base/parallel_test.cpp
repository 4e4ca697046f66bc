// Parallel loops and the progress they report.
#include <array>
#include <atomic>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/random.hpp"

namespace ropewalk::base {
namespace {

std::vector<double> squares(int threads) {
    std::vector<double> results(1000);
    parallel_for(results.size(), threads, [&](std::size_t i) {
        RandomStream random(3, Purpose::test, i);
        for (int k = 0; k < 100; ++k) results[i] += random.uniform() / (1 + k);
    });
    return results;
}

TEST(ParallelFor, GivesTheSameResultsWithAnyNumberOfThreads) {
    const std::vector<double> alone = squares(1);
    EXPECT_EQ(squares(2), alone);
    EXPECT_EQ(squares(7), alone);
    EXPECT_EQ(squares(0), alone);
}

TEST(ParallelFor, CallsEveryIndexOnce) {
    for (const int threads : {1, 2, 0}) {
        std::vector<std::atomic<int>> calls(257);
        parallel_for(calls.size(), threads, [&](std::size_t i) { ++calls[i]; });
        for (const auto& count : calls) EXPECT_EQ(count, 1);
    }
    parallel_for(0, 2, [](std::size_t) { FAIL(); });
}

TEST(ParallelFor, PassesAnExceptionOn) {
    for (const int threads : {1, 2})
        EXPECT_THROW(parallel_for(100, threads,
                                  [](std::size_t i) {
                                      if (i == 17) throw std::runtime_error("seventeen");
                                  }),
                     std::runtime_error);
}

TEST(ParallelFor, CanBeNested) {
    std::atomic<int> calls{0};
    parallel_for(8, 2, [&](std::size_t) { parallel_for(8, 2, [&](std::size_t) { ++calls; }); });
    EXPECT_EQ(calls, 64);
}

TEST(ProgressLine, ShowsTitleBarShareTimeLeftAndState) {
    EXPECT_EQ(progress_line("tuning", 0.5, 10, "3 of 8"),
              "tuning  [############------------]  50%  10 s left  3 of 8");
    EXPECT_EQ(progress_line("tuning", 0, 1, ""), "tuning  [------------------------]   0%  starting  ");
    EXPECT_EQ(progress_line("t", 1, 7, "done"), "t  [########################] 100%  0 s left  done");
}

TEST(ProgressLine, StaysALineWhenTheShareIsOutOfRange) {
    EXPECT_EQ(progress_line("t", 1.5, 7, "x"), progress_line("t", 1, 7, "x"));
    EXPECT_EQ(progress_line("t", -1, 7, "x"), progress_line("t", 0, 7, "x"));
}

std::string shown(ProgressReporter::Style style, std::chrono::milliseconds wait) {
    std::FILE* file = std::tmpfile();
    {
        ProgressReporter reporter("work", style, file);
        reporter.update(1, 4, "first");
        std::this_thread::sleep_for(wait);
        reporter.update(2, 4, "second");
    }
    std::rewind(file);
    std::string text;
    for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
    std::fclose(file);
    return text;
}

TEST(ProgressReporter, StaysSilentInTheFirstSecondAndWhenAskedTo) {
    EXPECT_EQ(shown(ProgressReporter::Style::bar, std::chrono::milliseconds(0)), "");
    EXPECT_EQ(shown(ProgressReporter::Style::silent, std::chrono::milliseconds(1050)), "");
}

TEST(ProgressReporter, GivesItsLineBackAtTheEnd) {
    const std::string text = shown(ProgressReporter::Style::bar, std::chrono::milliseconds(1050));
    EXPECT_EQ(text.find("first"), std::string::npos);
    EXPECT_NE(text.find("\rwork  [############------------]  50%"), std::string::npos);
    EXPECT_TRUE(text.ends_with("\r\x1b[K"));
}

TEST(ProgressReporter, NeverGoesBack) {
    std::FILE* file = std::tmpfile();
    {
        ProgressReporter reporter("work", ProgressReporter::Style::bar, file);
        reporter.update(3, 4, "first phase");
        std::this_thread::sleep_for(std::chrono::milliseconds(1050));
        reporter.update(1, 4, "second phase");
    }
    std::rewind(file);
    std::array<char, 256> text{};
    const std::size_t read = std::fread(text.data(), 1, text.size() - 1, file);
    std::fclose(file);
    EXPECT_GT(read, 0u);
    EXPECT_NE(std::string(text.data()).find(" 75%"), std::string::npos) << text.data();
}

TEST(ProgressReporter, WritesLinesWhereThereIsNoTerminal) {
    std::FILE* file = std::tmpfile();
    EXPECT_EQ(ProgressReporter::style_for(file, false), ProgressReporter::Style::lines);
    EXPECT_EQ(ProgressReporter::style_for(file, true), ProgressReporter::Style::silent);
    std::fclose(file);
}

} // namespace
} // namespace ropewalk::base
