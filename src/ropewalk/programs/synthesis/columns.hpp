#pragma once

#include <cstddef>
#include <optional>

#include "ropewalk/programs/synthesis/bank.hpp"

namespace ropewalk::synthesis {

/// The column of an operator without a function, row by row from the columns of its arguments. False where a row
/// has no value. `functional::apply` states the same of one row.
bool compute_column(Operator op, int arity, const Word* const* arguments, std::size_t rows, values::Lists& lists,
                    Word* result);

/// What `column_hash` gives of the column of such an operator, without storing lists; the hashes of its lists are put
/// into `lists_of_rows` where it is not null. Nothing where a row has no value. Not for operators that make lists of lists.
std::optional<std::uint64_t> hash_column(const Production& production, const Word* const* arguments, std::size_t rows,
                                         const values::Lists& lists, std::uint64_t* lists_of_rows = nullptr);

/// The list of one row of an operator that builds lists, as `functional::elements_of` gives it.
std::optional<std::span<const Word>> built_list(Operator op, int arity, const Word* arguments, const values::Lists& lists,
                                                std::vector<Word>& room);

} // namespace ropewalk::synthesis
