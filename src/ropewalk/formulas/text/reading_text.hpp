// Formulas as people write them: infix, SymPy and LaTeX.
#pragma once

#include <span>
#include <string>

#include "ropewalk/formulas/text/notation.hpp"

namespace ropewalk::formula {

/// `target` = the program, for reading. `notation` is infix (the right side alone), sympy or latex; `names`
/// has a name for every variable of the program, which the notation takes as it is (except for latex).
std::string reading_text(const Program& program, std::span<const std::string> names, std::string_view target,
                         Notation notation);

} // namespace ropewalk::formula
