#pragma once

#include <vector>

#include "ropewalk/programs/synthesis/context.hpp"
#include "ropewalk/programs/synthesis/examples.hpp"

namespace ropewalk::synthesis {

/// Gives the context values that stand close to the arguments, though programs for them are dear: three arguments and more of
/// one type as a list, the numbers up to one that is no larger than 200, the divisors of one no larger than 1,000, half of a
/// list's length, all pairs of elements of a list of at most 24 numbers where no list is asked for, the words and numbers of
/// texts, the pieces before and behind a value that every argument holds once, the lengths of runs of equal elements and the most frequent
/// element where lists are made of such runs, and what two lists give element by element when the shorter one is filled up with
/// zeros. `arguments` are the columns of the program's arguments.
void add_views(Context& root, const Examples& examples, const std::vector<std::vector<Word>>& arguments);

/// The longest list among what `add_views` makes of one argument alone: all numbers up to it, all pairs of its elements.
std::size_t longest_view(const values::Value& argument);

} // namespace ropewalk::synthesis
