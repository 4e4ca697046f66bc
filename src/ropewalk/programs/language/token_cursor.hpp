// Where a parser is in the tokens of a text, and what it has found wrong there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/programs/language/lexer.hpp"

namespace ropewalk::language {

/// A line and a token in it, or the end of the line; every rule of a parser moves it, so parsers derive from
/// it. The file's name and the lines must outlive it.
class TokenCursor {
protected:
    TokenCursor(const std::string& file, const std::vector<TokenLine>& lines) : file_(file), lines_(lines) {}

    const std::vector<Token>& tokens() const { return lines_[line_].tokens; }
    bool at_end_of_line() const { return at_ >= tokens().size(); }
    const Token& here() const { return tokens()[at_]; }
    const Token& here_or_last() const { return at_end_of_line() ? tokens().back() : here(); }
    bool at(std::string_view text) const { return !at_end_of_line() && here().text == text; }
    bool behind(std::string_view text) const {
        return at_ + 1 < tokens().size() && tokens()[at_ + 1].text == text;
    }
    /// Column behind the token before the cursor.
    int end_of_previous() const {
        if (at_ == 0) return 1;
        const Token& previous = tokens()[at_ - 1];
        return previous.column + static_cast<int>(previous.text.size());
    }
    bool take(std::string_view text) {
        if (!at(text)) return false;
        ++at_;
        return true;
    }
    bool need(std::string_view text, const std::string& expected);
    void next_line() {
        ++line_;
        at_ = 0;
    }

    void error_at(int column, int length, std::string found, std::string expected);
    void error(const Token& token, std::string found, std::string expected);
    /// What stands at the cursor is not what should.
    void unexpected(std::string expected);
    /// All errors in the order of their places.
    base::Diagnostics take_errors();

    const std::string& file_;
    const std::vector<TokenLine>& lines_;
    std::size_t line_ = 0, at_ = 0;
    base::Diagnostics errors_;
    bool too_many_ = false;
};

} // namespace ropewalk::language
