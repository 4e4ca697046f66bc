// A picture of an answer: data, formula and front as SVG.
#pragma once

#include <string>

#include "ropewalk/formulas/table/table.hpp"
#include "ropewalk/formulas/text/text.hpp"

namespace ropewalk::formula {

/// Two panels as one SVG text: the target against the input, with the answer as a curve, where one input
/// matters, otherwise the target against the answer; and the front, error by size. At most 2,000 rows are
/// drawn. `best` is a place in `front`, which must not be empty.
std::string plot_of(const Problem& problem, const Labels& labels, const std::vector<Found>& front,
                    std::size_t best);

} // namespace ropewalk::formula
