// Which inputs only scale the target: y = x^a * g(the others).
#pragma once

#include <utility>
#include <vector>

#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// Variables that enter as a power and nowhere else, with their exponents. Judged by a polynomial of degree 3
/// in the logarithms of the variables, fitted to the logarithm of the target: a variable scales the target
/// where all terms that join it with others, and its own of higher degree, can be left out (F-test).
/// Exponents are rounded to halves where they are near. A variable with values that are not positive never
/// scales.
std::vector<std::pair<int, double>> scaling_variables(const Problem& problem);

} // namespace ropewalk::formula
