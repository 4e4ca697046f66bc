#include "ropewalk/formulas/table/separators.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "ropewalk/base/base.hpp"

namespace ropewalk::formula {

std::string with_tabs(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    bool blank = false, begun = false;
    for (const char c : text) {
        if (c == ' ' || c == '\t') {
            blank = begun;
            continue;
        }
        if (c == '\n' || c == '\r')
            begun = false;
        else if (blank)
            result += '\t';
        blank = false;
        if (c != '\n' && c != '\r') begun = true;
        result += c;
    }
    return result;
}

std::string shown(char separator) { return separator == '\t' ? "a tab" : fmt::format("'{}'", separator); }

namespace {

constexpr std::string_view separators = ",;\t|";

/// How often each of them stands outside quotes.
std::array<std::size_t, separators.size()> counts_of_separators(std::string_view line) {
    std::array<std::size_t, separators.size()> counts{};
    bool quoted = false;
    for (const char c : line) {
        quoted = quoted != (c == '"');
        if (const std::size_t at = separators.find(c); !quoted && at != std::string_view::npos) ++counts[at];
    }
    return counts;
}

} // namespace

char detected_separator(std::string_view header, std::string_view next) {
    const auto counts = counts_of_separators(header);
    const auto most = std::max_element(counts.begin(), counts.end() - 1);
    // Names such as P(A|B) have bars, too.
    if (*most == 0 && counts.back() > 0 && counts_of_separators(next).back() == counts.back()) return '|';
    return separators[static_cast<std::size_t>(most - counts.begin())];
}

bool separated_by_spaces(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
        const std::string_view line = base::trimmed(text.substr(0, end), " \t");
        if (!line.empty() && line.front() != '#')
            return line.find_first_of(",;\t\"") == std::string_view::npos &&
                   line.find(' ') != std::string_view::npos;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return false;
}

std::vector<std::string_view> split_fields(std::string_view line, char separator) {
    std::vector<std::string_view> fields;
    bool quoted = false;
    std::size_t start = 0;
    for (std::size_t at = 0; at <= line.size(); ++at) {
        const bool end = at == line.size();
        if (!end && line[at] == '"') quoted = !quoted;
        if (!end && (quoted || line[at] != separator)) continue;
        fields.push_back(line.substr(start, at - start));
        start = at + 1;
    }
    return fields;
}

std::pair<int, int> extent(std::string_view line, std::size_t index, char separator) {
    const std::vector<std::string_view> fields = split_fields(line, separator);
    std::string_view field = fields[std::min(index, fields.size() - 1)];
    while (field.starts_with(' ')) field.remove_prefix(1);
    while (field.ends_with(' ')) field.remove_suffix(1);
    return {static_cast<int>(field.data() - line.data()) + 1, std::max(1, static_cast<int>(field.size()))};
}

} // namespace ropewalk::formula
