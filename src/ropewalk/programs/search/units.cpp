#include "ropewalk/programs/search/units.hpp"

#include <algorithm>

namespace ropewalk::search {

namespace {

/// Shares `left` among the holes that have no level yet.
void share(std::span<const HoleBank* const> banks, int left, Unit& unit, std::vector<Unit>& units) {
    if (unit.levels.size() == banks.size()) {
        if (left != 0) return;
        std::uint64_t total = 1;
        for (const HoleBank::Level& level : unit.levels) total *= level.end - level.begin;
        for (std::uint64_t begin = 0; begin < total; begin += unit_size) {
            units.push_back(unit);
            units.back().begin = begin;
            units.back().end = std::min(begin + unit_size, total);
        }
        unit.before += total;
        return;
    }
    for (const HoleBank::Level& level : banks[unit.levels.size()]->levels) {
        if (level.cost > left) break;
        unit.levels.push_back(level);
        share(banks, left - level.cost, unit, units);
        unit.levels.pop_back();
    }
}

} // namespace

std::uint64_t count_fillings(std::span<const HoleBank* const> banks, int cost) {
    if (cost < 0) return 0;
    std::vector<std::uint64_t> ways(static_cast<std::size_t>(cost) + 1, 0);
    ways[0] = 1;
    for (const HoleBank* bank : banks) {
        std::vector<std::uint64_t> next(ways.size(), 0);
        for (std::size_t c = 0; c < ways.size(); ++c)
            for (const HoleBank::Level& level : bank->levels) {
                const std::size_t sum = c + static_cast<std::size_t>(level.cost);
                if (sum < next.size()) next[sum] += ways[c] * (level.end - level.begin);
            }
        ways = std::move(next);
    }
    return ways.back();
}

void add_units(std::span<const HoleBank* const> banks, int cost_of_fillings, Unit unit, std::vector<Unit>& units) {
    share(banks, cost_of_fillings, unit, units);
}

std::vector<language::Expression> fillings_of(std::span<const HoleBank* const> banks, const Unit& unit,
                                              std::uint64_t index) {
    std::vector<language::Expression> fillings(banks.size());
    for (std::size_t h = banks.size(); h-- > 0;) {
        const std::uint64_t width = unit.levels[h].end - unit.levels[h].begin;
        fillings[h] = banks[h]->expressions[unit.levels[h].begin + index % width];
        index /= width;
    }
    return fillings;
}

} // namespace ropewalk::search
