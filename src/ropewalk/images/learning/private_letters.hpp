// Letters of the images of one task, by its formula.
#pragma once

#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::learning {

/// Index of the letter that a symbol is, to within 1e-6, or -1.
std::int64_t exact_letter(const std::vector<double>& alphabet, double symbol);

/// Outputs of one task for rows of its images, [rows].
std::vector<double> outputs_of_task(const perception::ExampleSource& source, std::size_t task,
                                    std::span<const std::uint32_t> rows);

/// Letters of all images of a task by a reading of its table, [images of the task]. The classes of the table
/// that show one letter only are known; the letter of any other image is the one that gives its outputs
/// beside known images, at every place of a row. -1 where that is not one letter.
std::vector<std::int64_t> letters_of_task(const perception::Problem& problem,
                                          const perception::ExampleSource& source, std::size_t task,
                                          const identification::SymbolTable& table,
                                          const identification::TableReading& reading,
                                          const std::vector<double>& alphabet);

} // namespace ropewalk::learning
