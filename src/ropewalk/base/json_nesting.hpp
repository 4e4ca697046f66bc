#pragma once

#include <string_view>

namespace ropewalk::base {

/// Deepest nesting of brackets and braces in JSON text, not counting those inside strings. JSON values are
/// copied and compared recursively, so untrusted text is measured before it is parsed.
int json_nesting(std::string_view text);

/// The text as a value of nlohmann's, `Json` or `ordered_json`: discarded where it is no JSON, or nested deeper.
template<class Json>
Json parse_json(std::string_view text, int deepest = 64) {
    return json_nesting(text) > deepest ? Json(Json::value_t::discarded) : Json::parse(text, nullptr, false);
}

} // namespace ropewalk::base
