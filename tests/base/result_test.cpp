// Values or the reasons why there are none.
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "ropewalk/base/base.hpp"

namespace ropewalk::base {
namespace {

Result<int> length(const std::string& text) {
    if (text.empty()) return failure("text", "nothing", "something");
    return static_cast<int>(text.size());
}

Status nonempty(const std::string& text) {
    return length(text).map([](int) {});
}

TEST(Result, IsPassedOnOrFails) {
    const auto twice = [](int n) -> Result<int> { return 2 * n; };
    EXPECT_EQ(*length("abc").and_then(twice), 6);
    const auto failed = length("").and_then(twice);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().at(0).found, "nothing");
}

TEST(Result, IsMappedToAValueOrToNone) {
    EXPECT_EQ(*length("abc").map([](int n) { return std::to_string(n); }), "3");
    EXPECT_TRUE(nonempty("abc"));
    EXPECT_FALSE(nonempty(""));
}

TEST(Result, OfAQuestionIsCopiedWithItsAnswer) {
    Result<bool> answer = false;
    const Result<bool> copy = answer;
    ASSERT_TRUE(copy);
    EXPECT_FALSE(*copy);
}

TEST(Result, MovesWhatCannotBeCopied) {
    Result<std::unique_ptr<int>> made = std::make_unique<int>(3);
    const auto taken = std::move(made).map([](std::unique_ptr<int> number) { return *number; });
    EXPECT_EQ(*taken, 3);
}

TEST(Status, IsTakenUpByWhatFollows) {
    EXPECT_EQ(*nonempty("a").and_then([] { return length("ab"); }), 2);
    EXPECT_FALSE(nonempty("").and_then([] { return length("ab"); }));
}

} // namespace
} // namespace ropewalk::base
