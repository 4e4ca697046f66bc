// Programs over rows of letters of any length from how often outputs occur, without images.
#pragma once

#include <span>
#include <vector>

#include "ropewalk/images/identification/output_statistics.hpp"

namespace ropewalk::identification {

/// Outputs of rows that may differ in length.
struct RowQuestion {
    std::span<const std::size_t> places; ///< [rows], how many letters each has
    std::size_t tasks = 0;
    std::span<const double> y;       ///< [tasks, rows], whole numbers times some unit
    double scale = 1;                ///< a symbol is this times a letter, as in Given
    std::span<const double> letters; ///< those there may be; empty: whole symbols from 0 or 1 on are tried
    std::size_t first_rule = 0;      ///< number that the first rule has
    int threads = 0;
    base::Stop stop;
};

/// Folds (see rules::fold_families) that explain the outputs of every task, with the letters that are likeliest, as
/// explain_outputs does for formulas: the frequencies of 2 to 12 whole letters from 0 or 1 on are fitted, less a nat
/// for every letter. Rows beyond the first of 1,000 different outputs are not looked at. Fails where no fold gives
/// nearly all outputs of some task, and where it is stopped.
base::Result<OutputExplanations> explain_rows(const RowQuestion& question);

} // namespace ropewalk::identification
