#include "ropewalk/base/base.hpp"

#include <gtest/gtest.h>

namespace ropewalk::base {
namespace {

TEST(SourceText, LosesItsByteOrderMarkAndNothingElse) {
    EXPECT_EQ(*source_text("\xef\xbb\xbf"
                           "a\tb\r\n\xc3\xa9",
                           "f", "assembly", 20),
              "a\tb\r\n\xc3\xa9");
    EXPECT_EQ(*source_text("", "f", "assembly", 0), "");
}

TEST(SourceText, HasItsLargestSize) {
    EXPECT_TRUE(source_text("abc", "f", "assembly", 3));
    const auto longer = source_text("abcd", "f", "program text", 3);
    ASSERT_FALSE(longer);
    EXPECT_EQ(render(longer.error().front()), "f: 4 bytes of program text; expected at most 3 bytes\n");
}

TEST(SourceText, IsNoBinaryFile) {
    const auto binary = source_text("one\ntwo\x01", "f", "assembly", 20);
    ASSERT_FALSE(binary);
    EXPECT_EQ(render(binary.error().front()), "f:2: a binary file (byte 0x01); expected assembly text\n");
}

} // namespace
} // namespace ropewalk::base
