#include "ropewalk/formulas/table/latin_1.hpp"

#include <algorithm>
#include <array>

#include "ropewalk/base/base.hpp"

namespace ropewalk::formula {

namespace {

/// What Windows-1252 has from 0x80 to 0x9f; the five bytes that it lacks are as in Latin-1.
constexpr std::array<unsigned, 32> signs{0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
                                         0x2039, 0x0152, 0x8d,   0x017d, 0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
                                         0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178};

std::string as_utf8(char read) {
    const auto byte = static_cast<unsigned char>(read);
    std::string text;
    base::append_utf8(text, byte >= 0x80 && byte < 0xa0 ? signs[byte - 0x80u] : byte);
    return text;
}

} // namespace

std::optional<FromLatin1> from_latin_1(std::string_view text) {
    FromLatin1 result;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = base::utf8_length(text.substr(at));
        if (length == 0 && result.bytes++ == 0) {
            result.at = at;
            result.first = as_utf8(text[at]);
            result.text = text.substr(0, at);
        }
        if (length == 0)
            result.text += as_utf8(text[at]);
        else if (result.bytes > 0)
            result.text += text.substr(at, length);
        at += std::max<std::size_t>(1, length);
    }
    if (result.bytes == 0) return std::nullopt;
    return result;
}

} // namespace ropewalk::formula
