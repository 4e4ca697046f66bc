// What is asked of every file of source text before it is cut into tokens.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "ropewalk/base/result.hpp"

namespace ropewalk::base {

/// The text without a byte order mark; fails on more than `largest` bytes, and at the line of the first
/// control character that is no white space, as binary files have them. `kind` says what the text is, such
/// as "assembly", and stands in the messages.
Result<std::string_view> source_text(std::string_view text, const std::string& file, const std::string& kind,
                                     std::size_t largest);

/// The text without white space at its ends.
std::string_view trimmed(std::string_view text, std::string_view white_space = " \t\r\n");

} // namespace ropewalk::base
