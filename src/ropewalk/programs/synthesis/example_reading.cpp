#include "ropewalk/programs/synthesis/example_reading.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "ropewalk/base/base.hpp"

namespace ropewalk::synthesis {

ExampleReading::ExampleReading(std::string_view source, const std::string& file) : source_(source), file_(file), line_starts_{0} {
    for (std::size_t at = 0; at < source.size(); ++at)
        if (source[at] == '\n') line_starts_.push_back(at + 1);
}

int ExampleReading::line(std::size_t at) const {
    return static_cast<int>(std::upper_bound(line_starts_.begin(), line_starts_.end(), at) - line_starts_.begin());
}

void ExampleReading::add(base::Diagnostic diagnostic) {
    if (is_full()) return;
    if (errors.size() == most_errors)
        diagnostic = {.file = file_,
                      .line = diagnostic.line,
                      .found = "more errors",
                      .expected = "fewer; those from here on are not shown"};
    errors.push_back(std::move(diagnostic));
}

void ExampleReading::wrong(std::size_t at, std::string found, std::string expected) {
    add({.file = file_, .line = line(at), .column = 0, .found = std::move(found), .expected = std::move(expected)});
}

void ExampleReading::wrong(const Fault& fault) {
    if (is_full()) return;
    const int number = line(std::min(fault.at, source_.size()));
    const std::size_t start = line_starts_[static_cast<std::size_t>(number - 1)];
    std::string_view shown = source_.substr(start, source_.find('\n', start) - start);
    if (shown.ends_with('\r')) shown.remove_suffix(1);
    // Nobody reads a line of megabytes.
    constexpr std::size_t longest = 100'000;
    if (shown.size() > longest) shown = {};
    add({.file = file_,
         .line = number,
         .column = static_cast<int>(fault.at - start) + 1,
         .found = fault.found,
         .expected = fault.expected,
         .source_line = std::string(shown)});
}

void ExampleReading::wrong_file(std::string found, std::string expected) {
    add({.file = file_, .found = std::move(found), .expected = std::move(expected)});
}

void ExampleReading::note(const std::string& text) {
    if (std::find(notes.begin(), notes.end(), text) == notes.end()) notes.push_back(text);
}

std::optional<values::Value> ExampleReading::value(const Piece& piece, const std::string& what) {
    auto value = values::parse_value(piece.text, what);
    if (value) return std::move(*value);
    wrong(piece.at, what + ": " + value.error()[0].found, value.error()[0].expected);
    return std::nullopt;
}

bool ExampleReading::names_differ(const ExampleRow& row) {
    for (std::size_t i = 0; i < row.inputs.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (row.inputs[i].first == row.inputs[j].first) {
                wrong(row.at, "two arguments named " + row.inputs[i].first, "a name of its own for each");
                return false;
            }
    return true;
}

std::string name_of_argument(std::size_t position, std::size_t count) {
    static const char* const names[] = {"x", "y", "z", "u", "v", "w"};
    if (count == 1) return "x";
    return position < std::size(names) ? names[position] : fmt::format("x{}", position + 1);
}

} // namespace ropewalk::synthesis
