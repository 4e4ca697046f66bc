// Signs of operators, drawn for tables with an operator between two digits.
#pragma once

#include "ropewalk/images/datasets/datasets.hpp"

namespace ropewalk::papers {

/// The number that stands for the first sign; a sign's label is one more than its number.
inline constexpr double first_sign = 10;

/// Adds `count` images of plus, minus and times, each with its own place, size, slant and pen, to images of one
/// channel. The same for the same seed.
void add_signs(datasets::Images& images, std::size_t count, std::uint64_t seed);

} // namespace ropewalk::papers
