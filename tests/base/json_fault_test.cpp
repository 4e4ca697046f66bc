#include "ropewalk/base/json_fault.hpp"

#include <gtest/gtest.h>

namespace ropewalk::base {
namespace {

TEST(JsonFault, IsWhereAWordOrSymbolStandsThatIsNotExpected) {
    EXPECT_EQ(json_fault("[1, 2] 3"), 7u);
    EXPECT_EQ(json_fault("[1, 234 567]"), 8u);
    EXPECT_EQ(json_fault("[\"ab\" \"cd\"]"), 6u);
    EXPECT_EQ(json_fault("[0x10]"), 1u);
    EXPECT_EQ(json_fault("{in: 1}"), 1u);
    EXPECT_EQ(json_fault("[1,]"), 3u);
    EXPECT_EQ(json_fault("12. [1]"), 0u);
}

TEST(JsonFault, IsTheLengthOfATextThatEndsTooEarly) {
    EXPECT_EQ(json_fault(""), 0u);
    EXPECT_EQ(json_fault("[1, 2"), 5u);
}

TEST(JsonFault, IsNowhereInJson) {
    for (const char* text : {"1", " [1, {\"a\": [null, true]}] ", "\"\\\"]\""}) EXPECT_FALSE(json_fault(text)) << text;
}

} // namespace
} // namespace ropewalk::base
