#include "ropewalk/programs/search/near_misses.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace ropewalk::search {

void NearMisses::keep(const Miss& miss, const Unit& unit, int merit) {
    if (behaviours_.insert(miss.behaviour).second) kept_.push_back({miss, unit, merit});
    if (kept_.size() > most_kept) shrink();
}

int NearMisses::bar(std::size_t places) {
    if (kept_.size() < places) return -1;
    const std::vector<Kept> ranked = best(places);
    return ranked.size() < places ? -1 : ranked.back().merit;
}

std::vector<NearMisses::Kept> NearMisses::best(std::size_t places) {
    rank();
    std::map<std::size_t, std::size_t> of_sketch;
    std::vector<Kept> chosen;
    for (const Kept& each : kept_)
        if (chosen.size() < places && of_sketch[each.unit.sketch]++ < std::max<std::size_t>(1, places / 4))
            chosen.push_back(each);
    return chosen;
}

void NearMisses::rank() {
    std::stable_sort(kept_.begin(), kept_.end(), [](const Kept& a, const Kept& b) {
        return std::pair(-a.merit, a.unit.cost) < std::pair(-b.merit, b.unit.cost);
    });
}

void NearMisses::shrink() {
    rank();
    while (kept_.size() > most_kept / 2) {
        behaviours_.erase(kept_.back().miss.behaviour);
        kept_.pop_back();
    }
}

} // namespace ropewalk::search
