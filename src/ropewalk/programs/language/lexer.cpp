#include "ropewalk/programs/language/lexer.hpp"

#include <algorithm>
#include <array>

namespace ropewalk::language {

namespace {

constexpr std::string_view white_space = " \t\r\v\f";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A word that begins with a digit is a number only when all of it is digits, so that `3x` is one mistake.
Token word(std::string_view code, std::size_t at) {
    std::size_t end = at;
    while (end < code.size() && (is_letter(code[end]) || is_digit(code[end]))) ++end;
    const std::string_view text = code.substr(at, end - at);
    const TokenKind kind = is_letter(text[0])                                ? TokenKind::name
                           : std::all_of(text.begin(), text.end(), is_digit) ? TokenKind::number
                                                                             : TokenKind::unknown;
    return {kind, text, static_cast<int>(at) + 1};
}

Token sign(std::string_view code, std::size_t at) {
    constexpr std::array<std::string_view, 5> pairs{"==", "!=", "<=", ">=", ".."};
    const int column = static_cast<int>(at) + 1;
    const std::string_view pair = code.substr(at, 2);
    if (std::find(pairs.begin(), pairs.end(), pair) != pairs.end()) return {TokenKind::symbol, pair, column};
    constexpr std::string_view singles = "()[],:;=<>+-*/%.?";
    if (singles.find(code[at]) != std::string_view::npos)
        return {TokenKind::symbol, code.substr(at, 1), column};
    // Bytes of one character outside ASCII belong together.
    std::size_t end = at + 1;
    while (end < code.size() && (static_cast<unsigned char>(code[end]) & 0xc0u) == 0x80u) ++end;
    return {TokenKind::unknown, code.substr(at, end - at), column};
}

std::vector<Token> tokens_of(std::string_view code) {
    std::vector<Token> tokens;
    for (std::size_t at = code.find_first_not_of(white_space); at != std::string_view::npos;) {
        tokens.push_back(is_letter(code[at]) || is_digit(code[at]) ? word(code, at) : sign(code, at));
        at = code.find_first_not_of(white_space, at + tokens.back().text.size());
    }
    return tokens;
}

} // namespace

std::vector<TokenLine> tokenize(std::string_view text) {
    std::vector<TokenLine> lines;
    int number = 1;
    for (std::size_t start = 0; start <= text.size(); ++number) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        std::string_view source = text.substr(start, end - start);
        if (source.ends_with('\r')) source.remove_suffix(1);
        start = end + 1;
        std::vector<Token> tokens = tokens_of(source.substr(0, source.find('#')));
        if (tokens.empty()) continue;
        const int indentation = tokens[0].column - 1;
        const std::string_view margin = source.substr(0, static_cast<std::size_t>(indentation));
        const bool tab = margin.find_first_not_of(' ') != std::string_view::npos;
        lines.push_back({source, number, indentation, tab, std::move(tokens)});
    }
    return lines;
}

} // namespace ropewalk::language
