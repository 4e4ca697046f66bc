// Formulas as people write them.
#pragma once

#include <string>

#include "ropewalk/formulas/expression/expression.hpp"

namespace ropewalk::formula {

/// Infix text of a program over {add, subtract, multiply}, with variables s1, s2, ... and as few parentheses
/// as the order of operations allows: "s1 * (s2 - s3)".
std::string written_text(const Program& program);

} // namespace ropewalk::formula
