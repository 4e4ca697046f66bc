// Words with a meaning of their own, and words in messages.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "ropewalk/base/base.hpp"

namespace ropewalk::language {

inline const std::vector<std::string> statement_keywords{"for", "while", "if", "else", "swap", "nop", "def"};
inline const std::vector<std::string> other_keywords{"in", "and", "or", "not", "M", "n"};
inline const std::vector<std::string> operator_functions{"min", "max", "eq", "lt", "inc", "dec"};

inline bool contains(const std::vector<std::string>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

inline bool is_reserved(std::string_view word) {
    return contains(statement_keywords, word) || contains(other_keywords, word) ||
           contains(operator_functions, word);
}

/// "; did you mean '...'?", or nothing.
inline std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
    const std::string found = base::closest(word, candidates);
    return found.empty() ? std::string{} : fmt::format("; did you mean '{}'?", found);
}

inline std::string counted(std::size_t count, const std::string& noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

} // namespace ropewalk::language
