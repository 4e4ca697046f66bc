#pragma once

#include <optional>

#include "ropewalk/programs/language/language.hpp"

namespace ropewalk::induction {

/// The program with the number of cells written as a number wherever it is reckoned or compared with what memory
/// holds, as in `M[i] + n`: examples of one size cannot tell the two apart, and there the number is meant more
/// often. Addresses, bounds of loops and functions keep `n`. Nothing where no such place is. On machines of so many cells
/// the two programs do the same.
std::optional<language::Program> with_size_as_number(const language::Program& program, int cells);

} // namespace ropewalk::induction
