#include "ropewalk/formulas/table/opening.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "ropewalk/formulas/table/cell.hpp"
#include "ropewalk/formulas/table/csv_rows.hpp"
#include "ropewalk/formulas/table/separators.hpp"
#include "ropewalk/formulas/table/written_number.hpp"

namespace ropewalk::formula {

namespace {

constexpr std::size_t most_titles = 10;

struct FirstLine {
    std::string_view text;
    int number = 0;      ///< from 1
    std::size_t end = 0; ///< where the next one begins
};

/// The first lines that are neither blank nor comments.
std::vector<FirstLine> first_lines(std::string_view text) {
    std::vector<FirstLine> lines;
    const char line_end = line_end_of(text);
    int number = 0;
    for (std::size_t start = 0; start < text.size() && lines.size() < most_titles + 5;) {
        const std::size_t end = std::min(text.find(line_end, start), text.size());
        const std::string_view line = base::trimmed(text.substr(start, end - start));
        ++number;
        start = std::min(end + 1, text.size());
        if (!line.empty() && line.front() != '#') lines.push_back({line, number, start});
    }
    return lines;
}

std::vector<std::string_view> fields_of(std::string_view line, char separator) {
    std::vector<std::string_view> fields = split_fields(line, separator);
    for (std::string_view& each : fields) each = base::trimmed(each, " \t\"");
    return fields;
}

std::size_t filled(const std::vector<std::string_view>& fields) {
    return static_cast<std::size_t>(std::count_if(fields.begin(), fields.end(), [](std::string_view each) { return !each.empty(); }));
}

bool begins_like_a_number(std::string_view text) {
    return !text.empty() && std::string_view("0123456789.+-").find(text.front()) != std::string_view::npos;
}

/// Whether fields are names, of which some may be numbers such as years.
bool are_names(const std::vector<std::string_view>& fields) {
    return fields.size() > 1 && filled(fields) == fields.size() &&
           std::any_of(fields.begin(), fields.end(), [](std::string_view each) { return !begins_like_a_number(each); }) &&
           std::all_of(fields.begin(), fields.end(), [](std::string_view each) {
               return !begins_like_a_number(each) || cell_of(each).kind == CellKind::number;
           });
}

bool has_number(const std::vector<std::string_view>& fields) {
    return std::any_of(fields.begin(), fields.end(), [](std::string_view each) {
        const auto written = plain_number(each);
        return cell_of(each).kind == CellKind::number || (written && cell_of(written->plain).kind == CellKind::number);
    });
}

/// What stands behind `sep=`.
std::optional<std::string_view> named_separator(std::string_view line) {
    line = base::trimmed(line, "\" \t");
    if (line.size() < 4 || line[3] != '=' || (line.substr(0, 3) != "sep" && line.substr(0, 3) != "SEP" && line.substr(0, 3) != "Sep"))
        return std::nullopt;
    return line.substr(4);
}

/// How many lines are titles above a table.
std::size_t titles_in(const std::vector<FirstLine>& lines, std::size_t first, char separator) {
    for (std::size_t at = first; at + 1 < lines.size() && at <= first + most_titles; ++at) {
        if (std::count(lines[at].text.begin(), lines[at].text.end(), '"') % 2 != 0) return 0;
        const char between = separator != 0 ? separator : detected_separator(lines[at].text, lines[at + 1].text);
        const auto fields = fields_of(lines[at].text, between);
        if (filled(fields) < 2) continue;
        const auto below = fields_of(lines[at + 1].text, between);
        const bool units_between = at + 2 < lines.size() && has_number(fields_of(lines[at + 2].text, between));
        const bool is_header = are_names(fields) && below.size() == fields.size() && (has_number(below) || units_between);
        return is_header ? at - first : 0;
    }
    return 0;
}

} // namespace

base::Result<Opening> opening_of(std::string_view text, const std::string& file, char separator) {
    Opening opening;
    opening.separator = separator;
    const std::vector<FirstLine> lines = first_lines(text);
    std::size_t at = 0;
    const auto pass = [&](const FirstLine& line) {
        opening.bytes = line.end;
        opening.lines = line.number;
        ++at;
    };
    if (const auto named = lines.empty() ? std::nullopt : named_separator(lines.front().text)) {
        const std::string tab = "\t";
        const std::string_view sign = named->empty() ? std::string_view(tab) : *named;
        if (sign.size() != 1 || std::string_view(",;|\t").find(sign.front()) == std::string_view::npos)
            return base::failure(base::Diagnostics{{.file = file,
                                                    .line = lines.front().number,
                                                    .column = 1,
                                                    .found = "the separator " + base::quoted(sign),
                                                    .expected = "',', ';', '|' or a tab behind sep=",
                                                    .source_line = std::string(lines.front().text.substr(0, 200))}});
        if (opening.separator == 0) opening.separator = sign.front();
        pass(lines.front());
    }
    for (std::size_t left = titles_in(lines, at, opening.separator); left > 0; --left) {
        opening.notes.push_back(fmt::format("line {} is passed over as a title: {}", lines[at].number,
                                             base::quoted(base::trimmed(lines[at].text, "\",;|\t "))));
        pass(lines[at]);
    }
    if (opening.separator == 0 && at < lines.size())
        opening.separator = detected_separator(lines[at].text, at + 1 < lines.size() ? lines[at + 1].text : std::string_view{});
    return opening;
}

} // namespace ropewalk::formula
