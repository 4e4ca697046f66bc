#include "ropewalk/programs/assembly/lexer.hpp"

namespace ropewalk::assembly {

namespace {

constexpr std::string_view separators = " \t,\r\v\f";

std::vector<Token> words(std::string_view source) {
    const std::string_view code = source.substr(0, source.find_first_of(";#"));
    std::vector<Token> tokens;
    std::size_t at = code.find_first_not_of(separators);
    while (at != std::string_view::npos) {
        std::size_t end = std::min(code.find_first_of(separators, at), code.size());
        // A colon ends a label even when the instruction follows without a space.
        const std::size_t colon = code.substr(at, end - at).find(':');
        if (colon != std::string_view::npos) end = at + colon + 1;
        tokens.push_back({code.substr(at, end - at), static_cast<int>(at) + 1});
        at = code.find_first_not_of(separators, end);
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
        lines.push_back({source, number, words(source)});
        start = end + 1;
    }
    return lines;
}

} // namespace ropewalk::assembly
