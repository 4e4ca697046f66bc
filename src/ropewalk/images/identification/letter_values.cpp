#include "ropewalk/images/identification/letter_values.hpp"

#include "ropewalk/formulas/expression/expression.hpp"

namespace ropewalk::identification {

std::vector<std::vector<double>> all_rows(std::span<const double> alphabet, std::size_t variables) {
    std::size_t count = 1;
    for (std::size_t v = 0; v < variables; ++v) count *= alphabet.size();
    std::vector<std::vector<double>> columns(variables);
    std::size_t period = count;
    for (std::vector<double>& column : columns) {
        period /= alphabet.size();
        for (std::size_t i = 0; i < count; ++i) column.push_back(alphabet[i / period % alphabet.size()]);
    }
    return columns;
}

std::vector<double> values_of(std::span<const formula::Program> programs,
                              const std::vector<std::vector<double>>& columns) {
    std::vector<double> values;
    values.reserve(programs.size() * columns.front().size());
    for (const formula::Program& program : programs) {
        const std::vector<double> column = formula::evaluate(program, columns);
        values.insert(values.end(), column.begin(), column.end());
    }
    return values;
}

LetterValues::LetterValues(const MonomialTable& table, std::span<const double> alphabet) : table_(table) {
    const auto variables = static_cast<std::size_t>(table.variables);
    const std::vector<std::vector<double>> columns = all_rows(alphabet, variables);
    rows_ = columns.empty() ? 1 : columns[0].size();
    monomials_.assign(table.monomials * rows_, 1.0);
    for (std::size_t m = 0; m < table.monomials; ++m)
        for (std::size_t v = 0; v < variables; ++v)
            for (int power = table.exponents[m * variables + v]; power > 0; --power)
                for (std::size_t row = 0; row < rows_; ++row) monomials_[m * rows_ + row] *= columns[v][row];
}

std::vector<double> LetterValues::of(std::size_t formula) const {
    std::vector<double> values(rows_);
    for (std::size_t m = 0; m < table_.monomials; ++m) {
        const double coefficient = table_.coefficients[formula * table_.monomials + m];
        if (coefficient == 0) continue;
        const double* monomial = monomials_.data() + m * rows_;
        for (std::size_t row = 0; row < rows_; ++row) values[row] += coefficient * monomial[row];
    }
    return values;
}

} // namespace ropewalk::identification
