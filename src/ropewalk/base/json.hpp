// JSON as text and back. The parser and the printer of the JSON library are compiled once, in json.cpp: in
// every file that uses them they would cost seconds.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace ropewalk::base {

/// A value as text: on one line, or with `indent` spaces a level. Bytes that are not UTF-8 are replaced.
std::string json_text(const nlohmann::json& value, int indent = -1);
std::string json_text(const nlohmann::ordered_json& value, int indent = -1);

/// A value as a file holds it: two spaces a level, and a newline at the end.
std::string json_file_text(const nlohmann::json& value);
std::string json_file_text(const nlohmann::ordered_json& value);

/// The value that a text says; `Json` is nlohmann's `json` or `ordered_json`. Discarded where the text is no
/// JSON, or nested deeper than `deepest`, as values are copied and compared recursively.
template<class Json>
Json parse_json(std::string_view text, int deepest = 64);

} // namespace ropewalk::base
