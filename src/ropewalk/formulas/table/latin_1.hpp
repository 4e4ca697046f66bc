// Text whose bytes are not all UTF-8.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ropewalk::formula {

struct FromLatin1 {
    std::string text;     ///< all of it as UTF-8
    std::size_t bytes = 0;///< that were none
    std::size_t at = 0;   ///< of the first one in the text that was given
    std::string first;    ///< as UTF-8
};

/// The text with every byte that is no part of UTF-8 read as Windows-1252 has it, which is Latin-1 with signs such as that
/// of the euro; nothing where all bytes are UTF-8.
std::optional<FromLatin1> from_latin_1(std::string_view text);

} // namespace ropewalk::formula
