#include "ropewalk/programs/functional/names.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "ropewalk/base/base.hpp"

namespace ropewalk::functional {

namespace {

/// What stands for a character in a name; nothing for what parts words.
std::string in_name(std::uint32_t code) {
    constexpr std::uint32_t first_accented = 0xc0, end_of_accented = 0x100, first_letter = 0x100;
    // U+00C0 to U+00FF without their accents; the signs for times and divided by part words.
    static constexpr std::string_view plain = "AAAAAAACEEEEIIIIDNOOOOO OUUUUYTsaaaaaaaceeeeiiiidnooooo ouuuuyty";
    static_assert(plain.size() == end_of_accented - first_accented);
    constexpr std::uint32_t sharp_s = 0xdf, first_punctuation = 0x2000, end_of_punctuation = 0x2070, ideographic_space = 0x3000;
    if (code < 0x80) return continues_name(static_cast<char>(code)) ? std::string(1, static_cast<char>(code)) : std::string();
    if (code == sharp_s) return "ss";
    if (code >= first_accented && code < end_of_accented) {
        const char letter = plain[code - first_accented];
        return letter == ' ' ? std::string() : std::string(1, letter);
    }
    const bool parts = code < first_letter || (code >= first_punctuation && code < end_of_punctuation) || code == ideographic_space;
    return parts ? std::string() : fmt::format("u{:x}", code);
}

/// One that stands over the letter before it.
bool is_accent(std::string_view character) {
    if (base::utf8_length(character) == 0) return false;
    const std::uint32_t code = base::utf8_code(character);
    return code >= 0x300 && code < 0x370;
}

} // namespace

bool begins_name(char character) { return std::isalpha(static_cast<unsigned char>(character)) != 0 || character == '_'; }

bool continues_name(char character) { return begins_name(character) || (character >= '0' && character <= '9'); }

bool is_name(std::string_view text) {
    return !text.empty() && begins_name(text[0]) && std::all_of(text.begin(), text.end(), continues_name);
}

std::string name_from(std::string_view text) {
    if (is_name(text)) return std::string(text);
    std::string name;
    bool parted = false;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = std::max<std::size_t>(1, base::utf8_length(text.substr(at)));
        const auto character = text.substr(at, length);
        at += length;
        if (is_accent(character)) continue;
        const std::string part = base::utf8_length(character) == 0 ? std::string() : in_name(base::utf8_code(character));
        const bool is_number = part.size() > 1 && length > 1 && base::utf8_code(character) >= 0x100;
        if (!name.empty() && !part.empty() && (parted || is_number)) name += '_';
        if (part.empty()) {
            parted = true;
        } else {
            name += part;
            parted = is_number;
        }
    }
    return name.empty() || !begins_name(name[0]) ? "_" + name : name;
}

} // namespace ropewalk::functional
