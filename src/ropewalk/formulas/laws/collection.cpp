#include "ropewalk/formulas/laws/collection.hpp"

#include <algorithm>
#include <cmath>

namespace ropewalk::formula {

void Collection::offer(const Found& found) {
    if (!std::isfinite(found.fit.rmse)) return;
    if (most_operators_ > 0 && found.operators > most_operators_) return;
    const auto [place, fresh] = by_size_.try_emplace(found.operators, found);
    if (!fresh && found.bits < place->second.bits) place->second = found;
}

std::vector<Found> Collection::front() const {
    const Found* const shortest = best();
    std::vector<Found> formulas;
    for (const auto& [size, found] : by_size_) {
        const double before = formulas.empty() ? INFINITY : formulas.back().fit.rmse;
        const bool exact_before = !formulas.empty() && formulas.back().fit.exact;
        const bool shorter = std::all_of(formulas.begin(), formulas.end(),
                                         [&](const Found& each) { return found.bits < each.bits; });
        if (&found == shortest || (!exact_before && (shorter || found.fit.rmse < before * (1 - 1e-9))))
            formulas.push_back(found);
    }
    return formulas;
}

const Found* Collection::best() const {
    const Found* best = nullptr;
    for (const auto& [size, found] : by_size_)
        if (best == nullptr || found.bits < best->bits) best = &found;
    return best;
}

} // namespace ropewalk::formula
