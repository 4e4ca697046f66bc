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

std::pair<int, int> extent(std::string_view line, std::size_t index, char separator) {
    std::size_t start = 0, field = 0;
    bool quoted = false;
    for (std::size_t at = 0;; ++at) {
        const bool end = at == line.size();
        if (!end && line[at] == '"') quoted = !quoted;
        if (!end && (quoted || line[at] != separator)) continue;
        if (field == index || end) {
            while (start < at && line[start] == ' ') ++start;
            while (at > start && line[at - 1] == ' ') --at;
            return {static_cast<int>(start) + 1, std::max(1, static_cast<int>(at - start))};
        }
        ++field;
        start = at + 1;
    }
}

} // namespace ropewalk::formula
