// Whole numbers as text.
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string_view>

namespace ropewalk::base {

/// The number that all of the text says in digits, a minus before them where `Number` has a sign; nothing where the
/// text says something else, or a number that `Number` does not hold.
template<std::integral Number>
std::optional<Number> whole_number(std::string_view text) {
    Number number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return number;
}

} // namespace ropewalk::base
