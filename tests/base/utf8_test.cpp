// Characters of UTF-8.
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "ropewalk/base/base.hpp"

namespace ropewalk::base {
namespace {

TEST(Utf8, ReadsWhatItWrites) {
    for (std::uint32_t code = 0; code <= 0x10ffff; ++code) {
        std::string text;
        append_utf8(text, code);
        const bool surrogate = code >= 0xd800 && code <= 0xdfff;
        ASSERT_EQ(utf8_length(text), surrogate ? 0 : text.size()) << code;
        ASSERT_EQ(utf8_code(text), code);
        ASSERT_EQ(utf8_length(text + "x"), utf8_length(text)) << code;
        if (text.size() > 1) {
            ASSERT_EQ(utf8_length(std::string_view(text).substr(0, text.size() - 1)), 0u) << "a character cut short, " << code;
        }
    }
}

TEST(Utf8, HasNoCharacterInOtherBytes) {
    using namespace std::string_view_literals;
    for (const std::string_view none : {""sv, "\x80"sv, "\xbf"sv, "\xc0\x80"sv, "\xc1\xbf"sv, "\xe0\x80\x80"sv, "\xe0\x9f\xbf"sv, "\xf0\x8f\xbf\xbf"sv,
                                        "\xf4\x90\x80\x80"sv, "\xf5\x80\x80\x80"sv, "\xff"sv, "\xc3x"sv, "\xe2\x82x"sv})
        EXPECT_EQ(utf8_length(none), 0u) << printable(none);
    EXPECT_EQ(utf8_length("\0"sv), 1u);
}

TEST(Utf8, WritesKnownBytes) {
    std::string text;
    for (const std::uint32_t code : {0x24u, 0xe4u, 0x20acu, 0x10348u}) append_utf8(text, code);
    EXPECT_EQ(text, "$\xc3\xa4\xe2\x82\xac\xf0\x90\x8d\x88");
}

} // namespace
} // namespace ropewalk::base
