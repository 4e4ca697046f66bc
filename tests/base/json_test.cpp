#include "ropewalk/base/json.hpp"

#include <gtest/gtest.h>

namespace ropewalk::base {
namespace {

TEST(JsonText, IsOnOneLineUnlessItIsIndented) {
    const nlohmann::ordered_json value{{"b", 1}, {"a", {1.5, nullptr}}};
    EXPECT_EQ(json_text(value), R"({"b":1,"a":[1.5,null]})");
    EXPECT_EQ(json_text(nlohmann::json{{"b", 1}, {"a", true}}, 1), "{\n \"a\": true,\n \"b\": 1\n}");
}

TEST(JsonText, ReplacesBytesThatAreNoUtf8) {
    EXPECT_EQ(json_text(nlohmann::json("a\xff")), "\"a\xef\xbf\xbd\"");
    EXPECT_EQ(json_text(nlohmann::ordered_json("\x80")), "\"\xef\xbf\xbd\"");
}

TEST(JsonText, ReadsBackAsTheSameValue) {
    const nlohmann::ordered_json value{{"z", {1, -2, 18446744073709551615u}}, {"a", "\"\n"}, {"x", 0.1}};
    EXPECT_EQ(parse_json<nlohmann::ordered_json>(json_text(value)), value);
    EXPECT_EQ(json_text(parse_json<nlohmann::ordered_json>(json_text(value, 2))), json_text(value));
}

TEST(JsonText, IsDiscardedWhereItIsNoJsonOrNestedTooDeep) {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    for (const char* text : {"", "{", "[1,]", "nul", "{} {}", "{'a': 1}"})
        EXPECT_TRUE(parse_json<nlohmann::json>(text).is_discarded()) << text;
    EXPECT_FALSE(parse_json<nlohmann::json>(nested(64)).is_discarded());
    EXPECT_TRUE(parse_json<nlohmann::json>(nested(65)).is_discarded());
    EXPECT_TRUE(parse_json<nlohmann::json>(nested(1 << 20)).is_discarded());
    EXPECT_FALSE(parse_json<nlohmann::ordered_json>(nested(3), 3).is_discarded());
    EXPECT_TRUE(parse_json<nlohmann::ordered_json>(nested(4), 3).is_discarded());
}

} // namespace
} // namespace ropewalk::base
