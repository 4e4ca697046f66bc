// Candidate terms of sums and products: powers of the variables and simple functions of them.
#pragma once

#include <optional>
#include <vector>

#include <Eigen/Core>

#include "ropewalk/formulas/laws/defined_function.hpp"
#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {

/// Bits of a fitted number while its worth is not known.
constexpr double coefficient_bits = 7;

/// A candidate term: a formula, its values on some rows, and how many bits it takes to say which one it is.
struct CandidateTerm {
    Program program;
    Eigen::VectorXd values;
    double cost = 0;
    std::optional<Unit> unit;
};

/// What terms are made of.
struct TermOptions {
    std::vector<int> variables;      ///< that may occur
    std::vector<Operator> operators; ///< functions that may occur; powers need multiply and divide
    std::size_t most = 2000;         ///< terms
    double most_cost = 24;           ///< bits of a term
    double most_degree = 12;         ///< sum of the magnitudes of its exponents
    bool mixed = false;              ///< functions beside every product of powers rather than the cheapest
    bool alone = true;               ///< products of powers without a function as well
    bool functions = true;           ///< functions of one variable and of sums of two
    bool roots = true;               ///< powers of one half
    bool negative = true;            ///< powers of less than 0
    std::optional<Unit> unit;        ///< with units: what every term has
    std::vector<DefinedFunction> defined; ///< functions of one's own
};

/// Terms by cost, cheapest first: products of powers of variables, times at most two functions. Only those
/// with finite values on every row. The number 1 is not among them.
std::vector<CandidateTerm> term_library(const Problem& problem, const TermOptions& options);

/// A power of a program as short as it can be written; exponents that are no whole numbers up to 8 and no
/// halves of 1 and 3 take a `power`.
Program to_power(const Program& base, double exponent);

/// The product of powers of variables.
Program monomial(int variables, const std::vector<std::pair<int, double>>& powers);

/// The product and the quotient of two programs without a factor that is the number 1.
Program product_of(const Program& left, const Program& right);
Program quotient_of(const Program& over, const Program& under);

/// The sum of coefficients times programs; the number 1 is a program as well. Without terms it is 0.
Program sum_of(int variables, const std::vector<std::pair<double, Program>>& terms);

/// The unit of a program, or nothing where its parts do not fit. Numbers have none.
std::optional<Unit> unit_of(const Program& program, const std::vector<Unit>& units);

} // namespace ropewalk::formula
