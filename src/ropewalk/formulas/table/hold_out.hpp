// Rows that a search does not see.
#pragma once

#include <cstdint>
#include <utility>

#include "ropewalk/base/base.hpp"
#include "ropewalk/formulas/table/front.hpp"

namespace ropewalk::formula {

/// The problem without a random share of its rows, and these rows; both keep the order of rows and the units.
/// Fails unless both parts have at least two rows.
base::Result<std::pair<Problem, Problem>> hold_out(const Problem& problem, double share, std::uint64_t seed);

} // namespace ropewalk::formula
