#pragma once

#include <string_view>

namespace ropewalk::base {

/// Deepest nesting of brackets and braces in JSON text, not counting those inside strings. JSON values are
/// copied and compared recursively, so untrusted text is measured before it is parsed.
int json_nesting(std::string_view text);

} // namespace ropewalk::base
