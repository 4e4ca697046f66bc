#include "ropewalk/formulas/table/table_text.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "ropewalk/formulas/table/latin_1.hpp"
#include "ropewalk/formulas/table/opening.hpp"
#include "ropewalk/formulas/table/other_formats.hpp"
#include "ropewalk/formulas/table/separators.hpp"

namespace ropewalk::formula {

namespace {

int line_at(std::string_view text, std::size_t place) {
    const auto line = std::count(text.begin(), text.begin() + static_cast<long>(place), '\n') + 1;
    return static_cast<int>(std::min<long>(line, std::numeric_limits<int>::max()));
}

base::Status checked_text(std::string_view text, const std::string& file) {
    if (const auto other = other_format(text, file)) return base::failure(base::Diagnostics{*other});
    const std::size_t zero = text.find('\0');
    if (zero == std::string_view::npos) return {};
    return base::failure(base::Diagnostics{{.file = file,
                                            .line = line_at(text, zero),
                                            .found = "a byte 0, as in a binary file or in UTF-16",
                                            .expected = "a table as UTF-8 text"}});
}

/// Makes a text the table's own.
void keep(TableText& table, std::string text) {
    table.own = std::make_unique<std::string>(std::move(text));
    table.text = *table.own;
}

void read_as_latin_1(TableText& table) {
    auto converted = from_latin_1(table.text);
    if (!converted) return;
    table.notes.push_back(fmt::format("{} that {} no UTF-8 {} read as Latin-1, the first as '{}' on line {}",
                                      converted->bytes == 1 ? "1 byte" : fmt::format("{} bytes", converted->bytes),
                                      converted->bytes == 1 ? "is" : "are", converted->bytes == 1 ? "is" : "are", converted->first,
                                      line_at(table.text, converted->at)));
    keep(table, std::move(converted->text));
}

} // namespace

base::Result<TableText> table_text(std::string_view text, const std::string& file, char separator, bool as_it_stands) {
    TableText table;
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    if (const auto checked = checked_text(text, file); !checked) return base::failure(checked.error());
    table.text = text;
    if (!as_it_stands) read_as_latin_1(table);
    auto opening = opening_of(table.text, file, separator);
    if (!opening) return base::failure(opening.error());
    if (opening->separator != 0) table.separator = opening->separator;
    if (as_it_stands) return table;
    table.text.remove_prefix(opening->bytes);
    table.lines_before = opening->lines;
    table.notes.insert(table.notes.end(), opening->notes.begin(), opening->notes.end());
    if (separator != 0 || table.separator == '|' || !separated_by_spaces(table.text)) return table;
    table.separator = '\t';
    keep(table, with_tabs(table.text));
    return table;
}

} // namespace ropewalk::formula
