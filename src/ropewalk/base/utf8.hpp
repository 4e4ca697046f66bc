// Characters of UTF-8 (RFC 3629).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ropewalk::base {

/// Bytes of the character at the start of a text, 1 to 4; 0 where none is, as in an empty text, a character cut short, an
/// overlong one, a surrogate or a number beyond 0x10ffff.
std::size_t utf8_length(std::string_view text);

/// The number of a character, all of whose bytes `character` has.
std::uint32_t utf8_code(std::string_view character);

/// Appends the character of a number, below 2^21.
void append_utf8(std::string& text, std::uint32_t code);

} // namespace ropewalk::base
