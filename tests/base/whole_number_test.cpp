// Whole numbers as text.
#include <cstdint>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "ropewalk/base/base.hpp"

namespace ropewalk::base {
namespace {

TEST(WholeNumber, IsReadBackAsItIsPrinted) {
    using Limits = std::numeric_limits<std::int64_t>;
    for (const std::int64_t number : {Limits::min(), std::int64_t{-7}, std::int64_t{0}, std::int64_t{42}, Limits::max()})
        EXPECT_EQ(whole_number<std::int64_t>(std::to_string(number)), number);
}

TEST(WholeNumber, IsNothingWhereTheTextSaysSomethingElse) {
    for (const char* text : {"", " 1", "1 ", "+1", "0x10", "1.0", "1e3", "--1", "-", "one"})
        EXPECT_FALSE(whole_number<int>(text)) << text;
    EXPECT_FALSE(whole_number<unsigned>("-1"));
}

TEST(WholeNumber, IsNothingWhereTheTypeDoesNotHoldIt) {
    EXPECT_FALSE(whole_number<std::int8_t>("128"));
    EXPECT_EQ(whole_number<std::int8_t>("-128"), std::int8_t{-128});
    EXPECT_FALSE(whole_number<std::uint64_t>("18446744073709551616"));
}

} // namespace
} // namespace ropewalk::base
