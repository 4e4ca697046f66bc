#pragma once

#include <string>

#include "ropewalk/programs/functional/program.hpp"

namespace ropewalk::functional {

/// The program as `parse` reads it back: a head with types, names given by `let` a line each, the result.
std::string to_string(const Program& program);

/// The body alone, on one line; lines of `let` stand in it as `let y = ... in ...`.
std::string to_string(const Expression& expression, const std::vector<Parameter>& parameters);

/// The names of arguments as the printed program has them: words of the language get a `_` behind them, as they name nothing.
std::vector<std::string> printed_names(const std::vector<Parameter>& parameters);

/// Names of the parameters of the function of `op` and of `let`, different from all of `taken`.
std::vector<std::string> fresh_names(Operator op, const std::vector<std::string>& taken);

/// How many parameters of the function of `op` have to be named for its body, where `outer` variables stand
/// before them: all up to the last one that is used, one at least, and all but the place where there are three.
int named_parameters(Operator op, const Expression& body, std::int64_t outer);

} // namespace ropewalk::functional
