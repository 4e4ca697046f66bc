#include <cctype>

#include <fmt/format.h>

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/json_fault.hpp"
#include "ropewalk/programs/synthesis/example_text.hpp"

namespace ropewalk::synthesis {

namespace {

bool is_alphanumeric(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

/// The word or symbol that stands there, whole where it is a character of several bytes.
std::string_view word_at(std::string_view text, std::size_t at) {
    constexpr std::size_t longest = 24;
    const auto ends_word = [](char c) { return std::string_view(" \t\r\n,:[]{}()\"").find(c) != std::string_view::npos; };
    std::size_t end = at + 1;
    if (!ends_word(text[at]))
        while (end < text.size() && end - at < longest && !ends_word(text[end])) ++end;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0u) == 0x80u) ++end;
    return text.substr(at, end - at);
}

/// The bracket around a place, the last byte before it that is no white space, and whether it is inside of quotes.
struct Surroundings {
    char bracket = ' ', before = ' ';
    bool quoted = false;
};

Surroundings surroundings_of(std::string_view text, std::size_t place) {
    Surroundings found;
    std::string open;
    bool quoted = false;
    for (std::size_t at = 0; at < place && at < text.size(); ++at) {
        const char c = text[at];
        if (quoted && c == '\\') {
            ++at;
            continue;
        }
        if (c == '"') quoted = !quoted;
        if (!quoted && (c == '[' || c == '{')) open += c;
        if (!quoted && (c == ']' || c == '}') && !open.empty()) open.pop_back();
        if (std::string_view(" \t\r\n").find(c) == std::string_view::npos) found.before = c;
    }
    if (!open.empty()) found.bracket = open.back();
    found.quoted = quoted;
    return found;
}

constexpr const char* value_form = "a value such as 7, true, \"abc\" or [3,1,2]";

std::string expected_at(std::string_view text, std::size_t at, const char* whole) {
    const auto [bracket, before, quoted] = surroundings_of(text, at);
    const char c = text[at];
    const auto is_symbol = [&](std::string_view symbol) { return text.substr(at).starts_with(symbol); };
    if (quoted) return "an escape of JSON such as \\n or \\u00e9; \\ itself is written \\\\";
    const bool ends_value = before == '"' || before == ']' || before == '}' || is_alphanumeric(before);
    const bool begins_value = c == '"' || c == '[' || c == '{' || c == '-' || is_alphanumeric(c);
    if (c == '\'' || is_symbol("\u201c") || is_symbol("\u201d") || is_symbol("\u2018") || is_symbol("\u2019"))
        return "text in double quotes, such as \"abc\"";
    if (c == '(' || c == ')') return "[1,2] for a list, or arguments with commas between, as in [1,2], 3 -> 7";
    if (c == '>' && bracket != ' ') return "arrows outside of brackets, one example a line";
    if (c == ',' && bracket == ' ' && ends_value) return "one example a line, or [ and ] around all";
    if (is_symbol("\u00a0")) return "an ordinary blank: this one is not to be broken at";
    if (c == ';' && bracket == ' ') return "',' between arguments, and nothing behind an example";
    if (bracket == ' ' && (c == ':' || c == '=' || (ends_value && !begins_value))) return "-> between arguments and value";
    if (before == ',' && (c == ']' || c == '}')) return "no comma before it";
    if (bracket == '{' && (before == '{' || before == ','))
        return "a key in double quotes, as in {\"in\": [3,1,2], \"out\": [1,2,3]}";
    if (bracket == '{' && before == '"' && begins_value) return "',' or ':' before it";
    if (ends_value && begins_value) return bracket == ' ' ? "',' before it, or one example a line" : "',' before it";
    if (std::isdigit(static_cast<unsigned char>(c)) || c == '-' || c == '+' || c == '.') return "a whole number such as 7 or -3";
    if (c == '"') return "text whose \\u escapes are characters";
    return bracket == ' ' && before == ' ' ? whole : value_form;
}

/// The first byte that begins no character of UTF-8.
std::optional<std::size_t> foreign_byte(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (static_cast<unsigned char>(text[at]) < 0x80) continue;
        std::size_t end = at + 1;
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0u) == 0x80u) ++end;
        if (base::printable(text.substr(at, end - at)).starts_with("\\x")) return at;
        at = end - 1;
    }
    return std::nullopt;
}

} // namespace

std::optional<Fault> encoding_fault(Piece text) {
    const auto at = foreign_byte(text.text);
    if (!at) return std::nullopt;
    return Fault{text.at + *at, fmt::format("byte 0x{:02x}", static_cast<unsigned char>(text.text[*at])),
                 "text in UTF-8: save the file in that encoding"};
}

std::optional<Fault> syntax_fault(Piece text) { return syntax_fault(text, value_form); }

std::optional<Fault> syntax_fault(Piece text, const char* whole) {
    const auto at = base::json_fault(text.text);
    if (!at) return std::nullopt;
    if (const auto foreign = encoding_fault(text)) return foreign;
    if (*at >= text.text.size()) return Fault{text.at + text.text.size(), "the end of the value", value_form};
    return Fault{text.at + *at, fmt::format("'{}'", base::printable(word_at(text.text, *at))),
                 expected_at(text.text, *at, whole)};
}

} // namespace ropewalk::synthesis
