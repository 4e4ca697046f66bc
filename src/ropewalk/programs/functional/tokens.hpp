#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace ropewalk::functional {

enum class TokenKind { name, number, text, character, symbol, line_end, end };

struct Token {
    TokenKind kind;
    std::string_view text;
    std::size_t start;
};

/// The words of the language, which name nothing.
std::span<const std::string_view> reserved_words();
bool is_reserved(std::string_view name);

/// Cuts the text into tokens. Line ends inside brackets, comments and empty lines are none.
std::vector<Token> tokens_of(std::string_view text);

} // namespace ropewalk::functional
