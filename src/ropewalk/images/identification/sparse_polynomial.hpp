// One formula of a pool by its few monomials.
#pragma once

#include <span>
#include <vector>

#include "ropewalk/images/identification/monomials.hpp"

namespace ropewalk::identification {

/// The sum of coefficients[k] times the product over v of x_v to the power exponents[k * variables + v].
struct SparsePolynomial {
    std::size_t variables = 0;
    std::vector<double> coefficients;
    std::vector<int> exponents; ///< [terms, variables]

    double operator()(std::span<const double> x) const;

    /// Coefficients, lowest first, of the polynomial in t that remains when x_v = fixed[v] + t * moving[v]
    /// and each of the two is 0 where the other is not.
    std::vector<double> along(std::span<const double> fixed, std::span<const double> moving) const;

    /// The same polynomial with the variable `place` renamed to `apart` and all others to `together`, of
    /// `count` variables.
    SparsePolynomial of_pair(std::size_t place, std::size_t apart, std::size_t together,
                             std::size_t count) const;

    bool depends_on(std::size_t variable) const;
};

SparsePolynomial sparse_polynomial(const MonomialTable& pool, std::size_t formula);

/// A pool of polynomials of the same variables.
MonomialTable table_of(std::span<const SparsePolynomial> polynomials);

} // namespace ropewalk::identification
