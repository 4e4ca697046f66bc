// Formulas as rows of coefficients: one matrix product evaluates a whole pool.
#pragma once

#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/formulas/expression/expression.hpp"

namespace ropewalk::identification {

/// Formulas that are polynomials, by the monomials they share. Formula f is the sum over m of
/// coefficients[f * monomials + m] times the product over v of s_v to the power exponents[m * variables + v].
struct MonomialTable {
    int variables = 0;
    int degree = 0; ///< largest power of a single variable
    std::size_t formulas = 0;
    std::size_t monomials = 0;
    std::vector<int> exponents;       ///< [monomials, variables]
    std::vector<double> coefficients; ///< [formulas, monomials]
};

/// Fails where formula::polynomial does.
base::Result<MonomialTable> monomial_table(const std::vector<formula::Program>& programs);

} // namespace ropewalk::identification
