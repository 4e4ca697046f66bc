#include "ropewalk/base/part.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ropewalk/base/whole_number.hpp"

namespace ropewalk::base {

UnitRange range_of(const Part& part, std::uint64_t units) {
    const std::uint64_t share = units / part.count, rest = units % part.count;
    const auto first_of = [&](std::uint64_t index) { return index * share + std::min(index, rest); };
    return {first_of(part.number - 1), first_of(part.number)};
}

std::string to_string(const Part& part) { return fmt::format("{}/{}", part.number, part.count); }

Result<Part> parse_part(std::string_view text, const std::string& place) {
    const std::size_t slash = text.find('/');
    const auto number = whole_number<std::size_t>(text.substr(0, slash));
    const auto count = slash == std::string_view::npos ? std::nullopt : whole_number<std::size_t>(text.substr(slash + 1));
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
