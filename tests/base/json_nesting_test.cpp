#include <gtest/gtest.h>

#include "ropewalk/base/base.hpp"

namespace ropewalk::base {
namespace {

TEST(JsonNesting, CountsBracketsAndBraces) {
    EXPECT_EQ(json_nesting(""), 0);
    EXPECT_EQ(json_nesting("[]"), 1);
    EXPECT_EQ(json_nesting(R"({"a":[1,[2]],"b":{}})"), 3);
}

TEST(JsonNesting, IsNotMisledByStrings) {
    EXPECT_EQ(json_nesting(R"({"a":"[[[["})"), 1);
    EXPECT_EQ(json_nesting(R"(["]]]]",[[[]]]])"), 4);
    EXPECT_EQ(json_nesting(R"(["\"]]",[[]]])"), 3);
    EXPECT_EQ(json_nesting("]]]]" + std::string(50, '[')), 50);
}

} // namespace
} // namespace ropewalk::base
