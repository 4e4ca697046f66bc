#include "ropewalk/programs/functional/tokens.hpp"

#include <algorithm>
#include <iterator>

#include "ropewalk/base/base.hpp"
#include "ropewalk/programs/functional/names.hpp"

namespace ropewalk::functional {

namespace {

/// The bytes of the character here that ' follows; 0 where none is.
std::size_t character_at(std::string_view text, std::size_t at) {
    const std::size_t length = base::utf8_length(text.substr(at));
    return length > 0 && text[at] != '\n' && text.substr(at + length).starts_with('\'') ? length : 0;
}

} // namespace

std::span<const std::string_view> reserved_words() {
    static constexpr std::string_view words[] = {"if", "then", "else", "let", "in", "and", "or", "not", "true", "false"};
    return words;
}

bool is_reserved(std::string_view name) {
    const auto words = reserved_words();
    return std::find(words.begin(), words.end(), name) != words.end();
}

std::vector<Token> tokens_of(std::string_view text) {
    std::vector<Token> tokens;
    int brackets = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t start = at;
        const char c = text[at];
        if (c == '#') {
            while (at < text.size() && text[at] != '\n') ++at;
            continue;
        }
        ++at;
        if (c == '\n') {
            if (brackets <= 0 && !tokens.empty() && tokens.back().kind != TokenKind::line_end)
                tokens.push_back({TokenKind::line_end, text.substr(start, 0), start});
            continue;
        }
        if (c == ' ' || c == '\t' || c == '\r') continue;
        TokenKind kind = TokenKind::symbol;
        if (continues_name(c)) {
            kind = begins_name(c) ? TokenKind::name : TokenKind::number;
            while (at < text.size() && continues_name(text[at])) ++at;
        } else if (c == '"') {
            kind = TokenKind::text;
            while (at < text.size() && text[at] != '"' && text[at] != '\n') ++at;
            if (at < text.size() && text[at] == '"') ++at;
        } else if (const auto letter = character_at(text, at); c == '\'' && letter > 0) {
            kind = TokenKind::character;
            at += letter + 1;
        } else {
            static constexpr std::string_view doubles[] = {"->", "==", "!=", "<=", ">=", "//"};
            const auto two = text.substr(start, 2);
            if (std::find(std::begin(doubles), std::end(doubles), two) != std::end(doubles)) ++at;
            brackets += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
        }
        tokens.push_back({kind, text.substr(start, at - start), start});
    }
    tokens.push_back({TokenKind::end, text.substr(text.size()), text.size()});
    return tokens;
}

} // namespace ropewalk::functional
