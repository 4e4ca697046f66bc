// Pictures of an answer: data, formula and front.
#pragma once

#include <string>

#include "ropewalk/base/chart.hpp"
#include "ropewalk/formulas/table/table.hpp"
#include "ropewalk/formulas/text/text.hpp"

namespace ropewalk::formula {

/// The target against the input, with the formula as a curve, where one input matters; otherwise the target
/// against what the formula gives. At most 2,000 rows are drawn.
base::Chart fit_chart(const Problem& problem, const Labels& labels, const Program& program);

/// Error by size; `best` is a place in `front`, which must not be empty.
base::Chart front_chart(const std::vector<Found>& front, std::size_t best);

/// Both as one SVG text.
std::string plot_of(const Problem& problem, const Labels& labels, const std::vector<Found>& front,
                    std::size_t best);

} // namespace ropewalk::formula
