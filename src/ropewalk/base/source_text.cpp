#include "ropewalk/base/source_text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ropewalk::base {

Result<std::string_view> source_text(std::string_view text, const std::string& file, const std::string& kind,
                                     std::size_t largest) {
    if (text.size() > largest)
        return failure(file, fmt::format("{} bytes of {}", text.size(), kind),
                       fmt::format("at most {} bytes", largest));
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    const auto binary = std::find_if(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\v' &&
               c != '\f';
    });
    if (binary == text.end()) return text;
    return failure(
        {{.file = file,
          .line = static_cast<int>(1 + std::count(text.begin(), binary, '\n')),
          .found = fmt::format("a binary file (byte 0x{:02x})", static_cast<unsigned char>(*binary)),
          .expected = kind.ends_with("text") ? kind : kind + " text"}});
}

std::string_view trimmed(std::string_view text, std::string_view white_space) {
    const std::size_t first = text.find_first_not_of(white_space);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

} // namespace ropewalk::base
