// Formulas with numbers inside functions and denominators, where no closed form fits them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ropewalk/formulas/search/enumeration.hpp"

namespace ropewalk::formula {

/// Enumerates shapes, formulas over the variables and free numbers, by number of operators, and fits each
/// shape's numbers and a factor and a summand around it.
class ShapeSearch {
public:
    /// `leaves` and `target` are the rows to fit on. Formulas of other units than `target_unit` are left out.
    ShapeSearch(const Alphabet& alphabet, std::vector<std::vector<double>> leaves, std::vector<double> target,
                std::optional<Unit> target_unit);

    /// The best `most` fitted formulas whose shapes have that many operators, by squared error. Shapes hold
    /// one or two free numbers. Call it with 1, 2, ... in turn. Stops early, with the best so far, when
    /// `stop` says so.
    std::vector<Program> fitted(int operators, std::size_t most, int threads, const base::Stop& stop);

    /// Shapes fitted so far.
    std::uint64_t fitted_count() const { return fitted_count_; }

private:
    Bank bank_;
    std::vector<std::vector<double>> leaves_;
    std::vector<double> target_;
    std::optional<Unit> target_unit_;
    std::uint64_t fitted_count_ = 0;
};

} // namespace ropewalk::formula
