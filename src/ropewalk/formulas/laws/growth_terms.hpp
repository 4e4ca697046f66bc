// Factors of compound growth: powers whose base and exponent are both variables.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// A factor with its values on all rows and the bits it takes to say which one it is.
struct GrowthTerm {
    Program program;
    Program loose; ///< the same with the number beside the rate free
    Eigen::VectorXd values;
    double cost = 0;
};

/// (1 + r)^n, (1 + r)^n - 1 and 1 - (1 + r)^-n for each two of the variables r and n, with r as it is, taken away, in percent,
/// and divided by a third variable m, which then may multiply n: interest, decay, annuities. Only those that are finite and
/// whose base is above 0 on every row. None of more than six variables.
std::vector<GrowthTerm> growth_terms(const Problem& problem, const std::vector<int>& variables);

} // namespace ropewalk::formula
