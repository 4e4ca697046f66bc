// Formulas for a table of numbers, by exact search.
#pragma once

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/settings.hpp"
#include "ropewalk/formulas/search/scan_units.hpp"
#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

struct SearchOptions {
    base::Run run{.seconds = 30}; ///< a run given in its place has the limit that it names, or none
    std::vector<Operator> operators = arithmetic(); ///< switched on; add, subtract and multiply are usual
    int most_operators = 6;                    ///< size of the largest formula, fitted constants included
    bool constants = false;                    ///< fit free numbers, and use 1 and 2 as leaves
    std::size_t memory = std::size_t{4} << 30; ///< bytes for the bank
    /// Where pairs are scored that are many: in slices of `slice_scores`, once there are two of a size. Empty: here.
    ScanElsewhere elsewhere;
    std::uint64_t slice_scores = std::uint64_t{1} << 28;

    static constexpr auto fields = base::fields(
        base::group<&SearchOptions::run>(),
        base::field<&SearchOptions::most_operators>("max_operators", "Size of the largest formula",
                                                    base::within(0, 30)),
        base::field<&SearchOptions::constants>("constants", "Fit numbers, and use 1 and 2"),
        base::field<&SearchOptions::memory>("memory", "Bytes for the formulas that are kept",
                                            base::within(std::size_t{1} << 16, std::size_t{1} << 40)));
};

/// The best formula of every size. Formulas are tried in order of size; within a size none is left out,
/// except for those of the limits. Ends at an exact formula once no smaller one can exist, or at a limit.
/// Fails when the problem is malformed: columns of different length, no rows, numbers that are not finite,
/// units that do not match the columns.
base::Result<FormulaReport> search_formulas(const Problem& problem, const SearchOptions& options);

} // namespace ropewalk::formula
