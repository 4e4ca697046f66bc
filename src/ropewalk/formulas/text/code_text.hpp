// Formulas as functions of programming languages.
#pragma once

#include <span>
#include <string>

#include "ropewalk/formulas/text/notation.hpp"

namespace ropewalk::formula {

/// A function in Python or C that computes operation by operation what the program says. `labels` has a name
/// for every variable.
std::string code_text(const Program& program, const Labels& labels, Notation notation);

} // namespace ropewalk::formula
