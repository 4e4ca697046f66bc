// Wrong programs that are worth to be kept.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "ropewalk/programs/search/screening.hpp"
#include "ropewalk/programs/search/units.hpp"

namespace ropewalk::search {

/// Wrong programs, one per behaviour, ranked by a merit; no sketch has more than a quarter of the places.
class NearMisses {
public:
    struct Kept {
        Miss miss;
        Unit unit;
        int merit;
    };

    void keep(const Miss& miss, const Unit& unit, int merit);

    /// The merit of the last place when all places are taken, else -1.
    int bar(std::size_t places);

    /// Best first; of equal merit the cheaper one.
    std::vector<Kept> best(std::size_t places);

private:
    static constexpr std::size_t most_kept = 512;

    void rank();
    void shrink();

    std::vector<Kept> kept_;
    std::set<std::uint64_t> behaviours_;
};

} // namespace ropewalk::search
