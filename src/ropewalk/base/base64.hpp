#pragma once

#include <string>
#include <string_view>

namespace ropewalk::base {

/// Bytes as text of the base64 alphabet, with padding (RFC 4648, section 4).
std::string base64(std::string_view bytes);

} // namespace ropewalk::base
