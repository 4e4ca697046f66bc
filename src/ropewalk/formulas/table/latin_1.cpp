#include "ropewalk/formulas/table/latin_1.hpp"

#include <algorithm>
#include <array>

namespace ropewalk::formula {

namespace {

/// Bytes of the UTF-8 character at the start of a text, or 0 where none is.
std::size_t utf8_length(std::string_view text) {
    const auto byte = [text](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
    const unsigned lead = byte(0), next = byte(1);
    if (lead < 0x80) return 1;
    if (lead < 0xc2 || lead > 0xf4) return 0;
    const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xc0u) != 0x80u) return 0;
    const bool overlong = (lead == 0xe0 && next < 0xa0) || (lead == 0xf0 && next < 0x90);
    const bool beyond = (lead == 0xed && next > 0x9f) || (lead == 0xf4 && next > 0x8f);
    return overlong || beyond ? 0 : length;
}

/// What Windows-1252 has from 0x80 to 0x9f; the five bytes that it lacks are as in Latin-1.
constexpr std::array<unsigned, 32> signs{0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
                                         0x2039, 0x0152, 0x8d,   0x017d, 0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
                                         0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178};

std::string as_utf8(unsigned char byte) {
    const unsigned code = byte >= 0x80 && byte < 0xa0 ? signs[byte - 0x80u] : byte;
    const auto tail = [code](unsigned shift) { return static_cast<char>(0x80u | ((code >> shift) & 0x3fu)); };
    if (code < 0x800) return {static_cast<char>(0xc0u | (code >> 6)), tail(0)};
    return {static_cast<char>(0xe0u | (code >> 12)), tail(6), tail(0)};
}

} // namespace

std::optional<FromLatin1> from_latin_1(std::string_view text) {
    FromLatin1 result;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = utf8_length(text.substr(at));
        if (length == 0 && result.bytes++ == 0) {
            result.at = at;
            result.first = as_utf8(static_cast<unsigned char>(text[at]));
            result.text = text.substr(0, at);
        }
        if (length == 0)
            result.text += as_utf8(static_cast<unsigned char>(text[at]));
        else if (result.bytes > 0)
            result.text += text.substr(at, length);
        at += std::max<std::size_t>(1, length);
    }
    if (result.bytes == 0) return std::nullopt;
    return result;
}

} // namespace ropewalk::formula
