#pragma once

#include <string_view>
#include <vector>

namespace ropewalk::language {

enum class TokenKind { name, number, symbol, unknown };

/// A word or sign of a source line; `column` counts from 1.
struct Token {
    TokenKind kind;
    std::string_view text;
    int column;
};

/// A source line cut into tokens, without its comment.
struct TokenLine {
    std::string_view source;
    int line;
    /// Spaces before the first token.
    int indentation;
    /// Whether white space other than spaces stands before the first token.
    bool tab;
    std::vector<Token> tokens;
};

/// The lines that hold a token; empty lines and lines with only a comment mean nothing.
std::vector<TokenLine> tokenize(std::string_view text);

} // namespace ropewalk::language
