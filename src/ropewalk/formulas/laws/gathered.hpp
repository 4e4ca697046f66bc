// The same formula written shorter: powers of one thing gathered, what all terms of a sum share in front of
// it.
#pragma once

#include <vector>

#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// Ways to write a program with products as a number times powers, such as sqrt(x^2 + z^2) for x*sqrt(1 + (z/x)^2): sums
/// multiplied out; powers that the terms of a sum share, negative ones included, in front of it, inside roots and powers, or
/// everywhere; or numbers there, such as 8869 in 987948/(x + 8869). An
/// exponential of a sum with a number in it has a factor instead. They agree with the program where what roots are taken
/// of is positive, so that their values must be compared. None for programs of more than 100 operators.
std::vector<Program> gathered(const Program& program);

} // namespace ropewalk::formula
