#pragma once

#include <cstddef>

#include "ropewalk/programs/synthesis/grammar.hpp"

namespace ropewalk::synthesis {

/// The column of an operator without a function, row by row from the columns of its arguments. False where a row
/// has no value. `functional::apply` states the same of one row.
bool compute_column(Operator op, int arity, const Word* const* arguments, std::size_t rows, values::Lists& lists,
                    Word* result);

} // namespace ropewalk::synthesis
