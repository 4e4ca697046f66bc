#include "ropewalk/base/part.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace ropewalk::base {

namespace {

std::optional<std::size_t> number_in(std::string_view text) {
    std::size_t number = 0;
    const char* const end = text.data() + text.size();
    if (std::from_chars(text.data(), end, number) != std::from_chars_result{end, std::errc{}}) return std::nullopt;
    return number;
}

} // namespace

UnitRange range_of(const Part& part, std::uint64_t units) {
    const std::uint64_t share = units / part.count, rest = units % part.count;
    const auto first_of = [&](std::uint64_t index) { return index * share + std::min(index, rest); };
    return {first_of(part.number - 1), first_of(part.number)};
}

std::string to_string(const Part& part) { return fmt::format("{}/{}", part.number, part.count); }

Result<Part> parse_part(std::string_view text, const std::string& place) {
    const std::size_t slash = text.find('/');
    const auto number = number_in(text.substr(0, slash));
    const auto count = slash == std::string_view::npos ? std::nullopt : number_in(text.substr(slash + 1));
    if (number && count && *number >= 1 && *number <= *count && *count <= most_parts) return Part{*number, *count};
    return failure(place, base::quoted(text), fmt::format("K/N with K from 1 to N and N at most {}, such as 3/8", most_parts));
}

Status check_ranges(const std::vector<UnitRange>& ranges, std::uint64_t units, const std::string& what) {
    std::uint64_t end = 0;
    for (const UnitRange& range : ranges) {
        if (range.begin != end)
            return failure("parts of " + what, fmt::format("{} {} to {} next to {}", what, range.begin, range.end, end),
                           "each of the " + what + " once");
        end = range.end;
    }
    if (end == units) return {};
    return failure("parts of " + what, fmt::format("{} up to {}", what, end), fmt::format("all {} of them", units));
}

} // namespace ropewalk::base
