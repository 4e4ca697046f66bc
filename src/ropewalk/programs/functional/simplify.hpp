#pragma once

#include "ropewalk/programs/functional/program.hpp"

namespace ropewalk::functional {

/// The program in plainer words: constants computed, double negations, neutral elements, and longer ways to say
/// what an operator says taken out. Wherever the program has a value, the result has the same.
Program simplify(Program program);

/// The program with a name for every part that stands in it more than once and is not small.
Program with_names(Program program);

} // namespace ropewalk::functional
