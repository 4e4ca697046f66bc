// The candidates of a sketch in units of work: fillings whose costs are fixed hole by hole.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ropewalk/programs/search/hole_bank.hpp"

namespace ropewalk::search {

/// Fillings of a sketch whose costs are fixed hole by hole, or a slice of them: numbers begin..end-1 of the
/// product of the holes' levels, the last hole varying fastest.
struct Unit {
    std::size_t sketch = 0;
    int cost = 0; ///< of the sketch and its fillings
    std::vector<HoleBank::Level> levels;
    std::uint64_t begin = 0, end = 0;
    /// Candidates of the sketch that come before number 0.
    std::uint64_t before = 0;
};

/// Candidates of a unit at most.
constexpr std::uint64_t unit_size = std::uint64_t{1} << 16;

/// Ways to fill holes from the banks, one bank a hole, that cost so much together.
std::uint64_t count_fillings(std::span<const HoleBank* const> banks, int cost);

/// All of them as units, in slices, behind those that are there. `unit` says of which sketch and cost they are, and
/// how many of its candidates come before.
void add_units(std::span<const HoleBank* const> banks, int cost_of_fillings, Unit unit, std::vector<Unit>& units);

/// What fills the holes in the candidate with a number of the unit.
std::vector<language::Expression> fillings_of(std::span<const HoleBank* const> banks, const Unit& unit,
                                              std::uint64_t index);

} // namespace ropewalk::search
