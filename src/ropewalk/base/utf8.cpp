#include "ropewalk/base/utf8.hpp"

namespace ropewalk::base {

std::size_t utf8_length(std::string_view text) {
    const auto byte = [text](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
    const unsigned lead = byte(0), next = byte(1);
    if (text.empty()) return 0;
    if (lead < 0x80) return 1;
    if (lead < 0xc2 || lead > 0xf4) return 0;
    const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xc0u) != 0x80u) return 0;
    const bool overlong = (lead == 0xe0 && next < 0xa0) || (lead == 0xf0 && next < 0x90);
    const bool beyond = (lead == 0xed && next > 0x9f) || (lead == 0xf4 && next > 0x8f);
    return overlong || beyond ? 0 : length;
}

std::uint32_t utf8_code(std::string_view character) {
    const auto lead = static_cast<unsigned char>(character.front());
    std::uint32_t code = character.size() == 1 ? lead : lead & (0xffu >> (character.size() + 1));
    for (const char c : character.substr(1)) code = code << 6 | (static_cast<unsigned char>(c) & 0x3fu);
    return code;
}

void append_utf8(std::string& text, std::uint32_t code) {
    const auto tail = [code](unsigned shift) { return static_cast<char>(0x80u | ((code >> shift) & 0x3fu)); };
    if (code < 0x80)
        text += static_cast<char>(code);
    else if (code < 0x800)
        text += {static_cast<char>(0xc0u | code >> 6), tail(0)};
    else if (code < 0x10000)
        text += {static_cast<char>(0xe0u | code >> 12), tail(6), tail(0)};
    else
        text += {static_cast<char>(0xf0u | code >> 18), tail(12), tail(6), tail(0)};
}

} // namespace ropewalk::base
