#pragma once

#include <vector>

#include "ropewalk/programs/functional/program.hpp"

namespace ropewalk::functional {

/// How much one evaluation may do before its value is `undefined`.
struct Work {
    long steps = 10'000'000; ///< of operators; one that goes through a list takes one more for 16 elements
    std::size_t bytes = std::size_t{1} << 28; ///< of lists, beyond those that are there before
};

/// The value of an expression where its variables have these values; `undefined` where it has none or the work
/// is used up. Stated plainly; the search evaluates by columns and is tested against it.
values::Word evaluate(const Expression& expression, std::vector<values::Word>& variables, values::Lists& lists,
                      Work& work);

/// The program's value for these arguments. Fails where they do not fit its parameters, and where there is no
/// value because a number goes beyond 64 bits, a list beyond 100,000 elements or the work beyond 10^7 steps.
base::Result<values::Value> run(const Program& program, const std::vector<values::Value>& arguments);

} // namespace ropewalk::functional
