#pragma once

#include <string_view>
#include <vector>

namespace ropewalk::assembly {

/// A word of a source line; `column` counts from 1.
struct Token {
    std::string_view text;
    int column;
};

/// A source line cut into words. A label's colon stays on its word; commas and comments are dropped.
struct TokenLine {
    std::string_view source;
    int line;
    std::vector<Token> tokens;
};

/// Every line of the text, empty ones included, so that index + 1 is the line number.
std::vector<TokenLine> tokenize(std::string_view text);

} // namespace ropewalk::assembly
