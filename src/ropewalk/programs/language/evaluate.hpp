#pragma once

#include <optional>
#include <vector>

#include "ropewalk/programs/language/syntax.hpp"

namespace ropewalk::language {

/// Sizes of the machine a program runs on.
struct Machine {
    int base = 10;
    int cells = 10;
};

/// Result of an operator on two values in 0..base-1; comparisons give 1 or 0. Not for `both`, `either`,
/// `negation`.
int apply(Operator op, int x, int y, int base);

/// Memory after the program, evaluated on the syntax tree, or nothing when it takes more than `fuel` loop
/// iterations. Variables hold values 0..base-1.
///
/// `for i in a..b` runs its body for i = a, a + 1, ... until i equals b (modulo base), not at all when it
/// does at once; where both bounds are constant (numbers, n, and sums and differences of them) it runs b - a
/// times, taken over the integers, so `0..n` visits every cell even when n equals the base. Bounds are taken
/// once; an assignment to the loop variable inside the body is refused by the parser. Division and remainder
/// by 0 give 0. The loop variable holds b afterwards.
std::optional<std::vector<int>> evaluate(const Program& program, const Machine& machine,
                                         const std::vector<int>& memory, long fuel = 100000);

/// The value of an expression of constants and `n` over the integers; nothing for any other expression.
std::optional<long> constant_integer(const Expression& expression, const Machine& machine);

} // namespace ropewalk::language
