#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ropewalk::base {

/// Bytes as text of the base64 alphabet, with padding (RFC 4648, section 4).
std::string base64(std::string_view bytes);

/// The bytes of such a text; nothing where it is none. White space is passed over.
std::optional<std::string> from_base64(std::string_view text);

} // namespace ropewalk::base
