// What formulas make of every row of letters.
#pragma once

#include <span>
#include <vector>

#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/images/identification/monomials.hpp"

namespace ropewalk::identification {

/// Every row of symbols of an alphabet as columns: [variables] of [letters ^ variables]. Rows count up, the
/// last variable first.
std::vector<std::vector<double>> all_rows(std::span<const double> alphabet, std::size_t variables);

/// Values of programs on columns of symbols: [programs, rows].
std::vector<double> values_of(std::span<const formula::Program> programs,
                              const std::vector<std::vector<double>>& columns);

/// Values of a table's formulas on all rows of an alphabet, in the order of all_rows: the letter of the first
/// variable is the leading digit of a row's number.
class LetterValues {
public:
    LetterValues(const MonomialTable& table, std::span<const double> alphabet);

    std::size_t rows() const { return rows_; }

    /// The formula's values: [rows].
    std::vector<double> of(std::size_t formula) const;

private:
    const MonomialTable& table_;
    std::size_t rows_;
    std::vector<double> monomials_; ///< [monomials, rows]
};

} // namespace ropewalk::identification
