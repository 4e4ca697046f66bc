// exports: programs over lists and machines as source text of other languages, with a self-test -> synthesis, compiler
#pragma once

#include <string>

#include "ropewalk/programs/exports/machine.hpp"
#include "ropewalk/programs/synthesis/synthesis.hpp"

namespace ropewalk::exports {

/// A Python 3 module of the standard library alone: `solve`, its arguments in the order of the examples, with
/// types and a docstring that shows some of them, and a self-test of all of them that runs as a script. Numbers
/// have no bound there, so it has values where the program has none.
std::string to_python(const functional::Program& program, const synthesis::Examples& examples);

/// A C99 source file: `solve`, which takes the arguments, the memory that lists are made in, and where the value
/// goes; false where there is none. `main`, compiled with -DROPE_SELF_TEST, tests all examples and returns 0 where all are right. Texts are lists of
/// the numbers of their characters there.
std::string to_c(const functional::Program& program, const synthesis::Examples& examples);

} // namespace ropewalk::exports
