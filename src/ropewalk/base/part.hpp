// One of several parts that a piece of work is cut into, for several processes or machines.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ropewalk/base/result.hpp"

namespace ropewalk::base {

/// Units of work from `begin` to before `end`.
struct UnitRange {
    std::uint64_t begin = 0, end = 0;

    std::uint64_t count() const { return end - begin; }
    friend bool operator==(const UnitRange&, const UnitRange&) = default;
};

/// Part `number` of `count`, from 1 on: work has units with an index, and each belongs to one part.
struct Part {
    std::size_t number = 1, count = 1;

    /// Whether the unit is one of this part's where units are dealt out one by one: those beside each other cost about
    /// as much.
    bool holds(std::uint64_t unit) const { return unit % count == number - 1; }

    friend bool operator==(const Part&, const Part&) = default;
};

/// The units of the part where neighbours stay together. Parts differ by one unit at most, and are empty where there are
/// fewer units than parts.
UnitRange range_of(const Part& part, std::uint64_t units);

/// `3/8`, and back: numbers from 1 to `most_parts`, the first no larger than the second. `place` is where diagnostics say
/// that the text stands.
inline constexpr std::size_t most_parts = 1'000'000;
std::string to_string(const Part& part);
Result<Part> parse_part(std::string_view text, const std::string& place);

/// Fails unless the ranges, in this order, are every unit from 0 to before `units` once. `what` names the units in
/// diagnostics, such as "restarts".
Status check_ranges(const std::vector<UnitRange>& ranges, std::uint64_t units, const std::string& what);

/// Orders what was made of ranges of units (`range`, a member of each), and fails as `check_ranges`.
template<class Made>
Status put_in_order(std::vector<Made>& parts, std::uint64_t units, const std::string& what) {
    std::sort(parts.begin(), parts.end(), [](const Made& a, const Made& b) {
        return std::pair(a.range.begin, a.range.end) < std::pair(b.range.begin, b.range.end);
    });
    std::vector<UnitRange> ranges;
    for (const Made& part : parts) ranges.push_back(part.range);
    return check_ranges(ranges, units, what);
}

} // namespace ropewalk::base
