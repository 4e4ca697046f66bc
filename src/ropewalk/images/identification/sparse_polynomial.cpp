#include "ropewalk/images/identification/sparse_polynomial.hpp"

#include <algorithm>

namespace ropewalk::identification {

namespace {

double power(double base, int exponent) {
    double product = 1;
    for (int i = 0; i < exponent; ++i) product *= base;
    return product;
}

} // namespace

double SparsePolynomial::operator()(std::span<const double> x) const {
    double sum = 0;
    for (std::size_t k = 0; k < coefficients.size(); ++k) {
        double product = coefficients[k];
        for (std::size_t v = 0; v < variables; ++v) product *= power(x[v], exponents[k * variables + v]);
        sum += product;
    }
    return sum;
}

std::vector<double> SparsePolynomial::along(std::span<const double> fixed,
                                            std::span<const double> moving) const {
    std::vector<double> result(1);
    for (std::size_t k = 0; k < coefficients.size(); ++k) {
        double product = coefficients[k];
        std::size_t degree = 0;
        for (std::size_t v = 0; v < variables; ++v) {
            const int exponent = exponents[k * variables + v];
            product *= power(moving[v] != 0 ? moving[v] : fixed[v], exponent);
            if (moving[v] != 0) degree += static_cast<std::size_t>(exponent);
        }
        if (result.size() <= degree) result.resize(degree + 1);
        result[degree] += product;
    }
    return result;
}

SparsePolynomial SparsePolynomial::of_pair(std::size_t place, std::size_t apart, std::size_t together,
                                           std::size_t count) const {
    SparsePolynomial result{count, coefficients, {}};
    for (std::size_t k = 0; k < coefficients.size(); ++k) {
        std::vector<int> powers(count);
        for (std::size_t v = 0; v < variables; ++v)
            powers[v == place ? apart : together] += exponents[k * variables + v];
        result.exponents.insert(result.exponents.end(), powers.begin(), powers.end());
    }
    return result;
}

bool SparsePolynomial::depends_on(std::size_t variable) const {
    for (std::size_t k = 0; k < coefficients.size(); ++k)
        if (exponents[k * variables + variable] > 0) return true;
    return false;
}

SparsePolynomial sparse_polynomial(const MonomialTable& pool, std::size_t formula) {
    SparsePolynomial result{static_cast<std::size_t>(pool.variables), {}, {}};
    for (std::size_t m = 0; m < pool.monomials; ++m) {
        const double coefficient = pool.coefficients[formula * pool.monomials + m];
        if (coefficient == 0) continue;
        result.coefficients.push_back(coefficient);
        const auto first = pool.exponents.begin() + static_cast<std::ptrdiff_t>(m * result.variables);
        result.exponents.insert(result.exponents.end(), first,
                                first + static_cast<std::ptrdiff_t>(result.variables));
    }
    return result;
}

MonomialTable table_of(std::span<const SparsePolynomial> polynomials) {
    MonomialTable table;
    table.variables = static_cast<int>(polynomials.front().variables);
    table.formulas = polynomials.size();
    for (const SparsePolynomial& each : polynomials) {
        table.monomials += each.coefficients.size();
        table.exponents.insert(table.exponents.end(), each.exponents.begin(), each.exponents.end());
    }
    if (!table.exponents.empty())
        table.degree = *std::max_element(table.exponents.begin(), table.exponents.end());
    table.coefficients.resize(table.formulas * table.monomials);
    std::size_t column = 0;
    for (std::size_t f = 0; f < table.formulas; ++f)
        for (const double coefficient : polynomials[f].coefficients)
            table.coefficients[f * table.monomials + column++] = coefficient;
    return table;
}

} // namespace ropewalk::identification
