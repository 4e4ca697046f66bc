#include "ropewalk/images/identification/monomials.hpp"

#include <algorithm>
#include <map>

namespace ropewalk::identification {

base::Result<MonomialTable> monomial_table(const std::vector<formula::Program>& programs) {
    std::vector<formula::Polynomial> polynomials;
    std::map<std::vector<int>, std::size_t> places;
    for (const formula::Program& program : programs) {
        auto polynomial = formula::polynomial(program);
        if (!polynomial) return base::failure(polynomial.error());
        for (const formula::Term& term : *polynomial) places.emplace(term.exponents, 0);
        polynomials.push_back(std::move(*polynomial));
    }
    MonomialTable table;
    table.variables = programs.empty() ? 0 : programs.front().variables;
    table.formulas = programs.size();
    for (auto& [exponents, place] : places) {
        place = table.monomials++;
        table.exponents.insert(table.exponents.end(), exponents.begin(), exponents.end());
    }
    if (!table.exponents.empty())
        table.degree = *std::max_element(table.exponents.begin(), table.exponents.end());
    table.coefficients.resize(table.formulas * table.monomials);
    for (std::size_t f = 0; f < table.formulas; ++f)
        for (const formula::Term& term : polynomials[f])
            table.coefficients[f * table.monomials + places.at(term.exponents)] =
                static_cast<double>(term.coefficient);
    return table;
}

} // namespace ropewalk::identification
