#include "ropewalk/programs/language/token_cursor.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace ropewalk::language {

namespace {

/// After that many errors the rest is noise, and a hostile file could fill the memory with them.
constexpr std::size_t most_errors = 50;

/// Errors beyond this column do without their source line: fifty copies of a long one fill the memory too.
constexpr std::size_t longest_excerpt = 4096;

std::string described(const Token& token) {
    if (token.kind == TokenKind::unknown && token.text[0] >= '0' && token.text[0] <= '9')
        return "number " + base::quoted(token.text);
    if (token.kind == TokenKind::unknown) return "unknown character " + base::quoted(token.text);
    return base::quoted(token.text);
}

} // namespace

bool TokenCursor::need(std::string_view text, const std::string& expected) {
    if (take(text)) return true;
    unexpected(expected);
    return false;
}

void TokenCursor::error_at(int column, int length, std::string found, std::string expected) {
    if (errors_.size() >= most_errors) {
        too_many_ = true;
        return;
    }
    const TokenLine& line = lines_[line_];
    const bool shown = static_cast<std::size_t>(column) <= longest_excerpt;
    errors_.push_back(
        {.file = file_,
         .line = line.line,
         .column = column,
         .found = std::move(found),
         .expected = std::move(expected),
         .source_line = shown ? std::string(line.source.substr(0, longest_excerpt)) : std::string{},
         .length = length});
}

void TokenCursor::error(const Token& token, std::string found, std::string expected) {
    error_at(token.column, static_cast<int>(token.text.size()), std::move(found), std::move(expected));
}

void TokenCursor::unexpected(std::string expected) {
    if (at_end_of_line()) {
        error_at(end_of_previous(), 1, "the end of the line", std::move(expected));
        return;
    }
    error(here(), described(here()), std::move(expected));
}

base::Diagnostics TokenCursor::take_errors() {
    std::stable_sort(errors_.begin(), errors_.end(), [](const auto& a, const auto& b) {
        return std::pair(a.line, a.column) < std::pair(b.line, b.column);
    });
    if (too_many_)
        errors_.push_back({.file = file_,
                           .found = fmt::format("more than {} errors", most_errors),
                           .expected = "a program; the other errors are left out"});
    return std::move(errors_);
}

} // namespace ropewalk::language
