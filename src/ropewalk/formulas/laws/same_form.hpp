// Whether a formula is the law that made a table, up to its numbers.
#pragma once

#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// How a formula compares with the values of a law, without noise, on rows of its ranges.
struct FormCheck {
    bool same = false;     ///< equal to 1e-6 of the law's spread once its numbers are fitted to the law
    double moved = 0;      ///< the largest relative change of a number that this takes
    double difference = 0; ///< the largest that is left, as a share of the law's spread
};

/// Fits the numbers of a formula to the values of a law. The formula has the law's form when what is left is
/// below 1e-6 of the spread and no number moved by more than `most_moved` of itself: a term that a fit
/// removes is no part of the law.
FormCheck check_form(const Program& formula, const Problem& law, double most_moved = 0.1);

/// The same the other way round, for laws with free constants: the law's numbers are fitted to the formula.
FormCheck check_law(const Program& law, const Program& formula,
                    const std::vector<std::vector<double>>& inputs);

} // namespace ropewalk::formula
