// What a name of the language is.
#pragma once

#include <string>
#include <string_view>

namespace ropewalk::functional {

/// Letters of ASCII and _.
bool begins_name(char character);
/// These and digits.
bool continues_name(char character);
/// Letters, digits and _, no digit in front.
bool is_name(std::string_view text);

/// A name for any text of UTF-8: itself where it is one. Letters of Latin-1 lose their accents, other letters are
/// written by their numbers, and whatever stands between becomes one _: `max value` is max_value, `Größe (cm)` Grosse_cm,
/// `长度` u957f_u5ea6. Never empty; different texts may share a name.
std::string name_from(std::string_view text);

} // namespace ropewalk::functional
