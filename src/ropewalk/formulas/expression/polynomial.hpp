// Exact algebra on formulas: normal forms decide whether two formulas are the same function.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/formulas/expression/program.hpp"

namespace ropewalk::formula {

/// A product of powers of the variables with a whole coefficient.
struct Term {
    std::vector<int> exponents; ///< one per variable
    std::int64_t coefficient = 0;

    friend bool operator==(const Term&, const Term&) = default;
};

/// Terms in lexicographic order of their exponents, highest first, without zero coefficients. The zero
/// polynomial has no terms.
using Polynomial = std::vector<Term>;

/// The polynomial that the program computes. Fails for programs that are no polynomials with whole
/// coefficients within 64 bits, and for those with more than about a million terms.
base::Result<Polynomial> polynomial(const Program& program);

/// Canonical text of the rational function that the program computes, such as "(s1^2+2*s1)/(s2)": numerator
/// and denominator without a common factor, the denominator's leading coefficient 1. Two programs compute the
/// same rational function exactly when their texts are equal. Constants count as the binary fractions they
/// are. Fails where an operator is no rational function (sqrt, exp, min, ...), where a denominator is zero
/// everywhere, and where the form outgrows about a million terms.
base::Result<std::string> normal_form(const Program& program);

/// Whether two programs compute the same rational function; fails where `normal_form` does.
base::Result<bool> same_function(const Program& left, const Program& right);

} // namespace ropewalk::formula
