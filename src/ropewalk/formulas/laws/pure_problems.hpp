// A table with units as one of pure numbers: a product of powers with the target's unit, times a function of
// groups without a unit.
#pragma once

#include <vector>

#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// One way to write a problem with units without them (Buckingham 1914). Some variables, as many as there are
/// independent units, measure all others and the target.
struct PureProblem {
    Problem problem;             ///< the target divided by `factor`, by the groups that vary; weights follow
    std::vector<Program> groups; ///< what the inputs of `problem` are in the variables
    Program factor;              ///< a product of powers with the target's unit

    /// A program of the groups, of which there is at least one, as one of the variables.
    Program whole(const Program& pure) const;
};

/// At most `most` ways, those with the smallest exponents first; none where no product of powers of the
/// variables has the target's unit. Exponents are halves of whole numbers. A way without inputs says that the
/// target is a number times the factor.
std::vector<PureProblem> pure_problems(const Problem& problem, std::size_t most);

} // namespace ropewalk::formula
