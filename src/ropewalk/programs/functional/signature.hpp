#pragma once

#include <vector>

#include "ropewalk/programs/functional/operators.hpp"

namespace ropewalk::functional {

/// One type of a signature: a letter inside `depth` pairs of brackets.
struct Pattern {
    char letter;
    int depth;
};

/// A signature of the table, cut into its types: the arguments, the function's parameters and value, the result.
struct Signature {
    std::vector<Pattern> arguments, parameters;
    Pattern body{}, result{};
};

Signature signature_of(Operator op);

} // namespace ropewalk::functional
