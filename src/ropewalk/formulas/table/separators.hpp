// What stands between the fields of a table.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ropewalk::formula {

/// Runs of blanks as one tab, lines without blanks at their ends.
std::string with_tabs(std::string_view text);

/// A separator as messages show it.
std::string shown(char separator);

/// The separator, a comma, semicolon or tab, that stands most often outside quotes; where there is none, a bar if the
/// next line has as many; else a comma.
char detected_separator(std::string_view header, std::string_view next = {});

/// Whether the first line that is no comment has words with blanks between them and no other separator.
bool separated_by_spaces(std::string_view text);

/// The fields of a line as they stand, quotes and blanks among them; at least one.
std::vector<std::string_view> split_fields(std::string_view line, char separator);

/// Where field `index` of a line begins, counted from 1, and how many bytes it has.
std::pair<int, int> extent(std::string_view line, std::size_t index, char separator);

} // namespace ropewalk::formula
