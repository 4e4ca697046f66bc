#include "ropewalk/images/identification/letter_values.hpp"

#include <algorithm>
#include <cmath>

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

std::vector<double> letters_of_rules(std::span<const double> alphabet, double scale) {
    std::vector<double> letters;
    for (const double letter : alphabet) {
        const double scaled = letter * scale, whole = std::round(scaled);
        letters.push_back(std::abs(scaled - whole) <= 1e-9 * std::max(1.0, std::abs(whole)) ? whole : scaled);
    }
    return letters;
}

LetterValues::LetterValues(const Hypotheses& hypotheses, std::span<const double> alphabet)
    : hypotheses_(hypotheses) {
    const MonomialTable& table = *hypotheses.pool;
    const std::size_t variables = hypotheses.variables();
    const std::vector<std::vector<double>> columns = all_rows(alphabet, variables);
    rows_ = columns.empty() ? 1 : columns[0].size();
    monomials_.assign(table.monomials * rows_, 1.0);
    for (std::size_t m = 0; m < table.monomials; ++m)
        for (std::size_t v = 0; v < variables; ++v)
            for (int power = table.exponents[m * variables + v]; power > 0; --power)
                for (std::size_t row = 0; row < rows_; ++row) monomials_[m * rows_ + row] *= columns[v][row];
    if (!hypotheses.rules.empty()) letters_ = all_rows(letters_of_rules(alphabet, hypotheses.scale), variables);
}

std::vector<double> LetterValues::of(std::size_t number) const {
    if (hypotheses_.is_rule(number)) return rules::values_of(hypotheses_.rule(number), letters_);
    const MonomialTable& table = *hypotheses_.pool;
    std::vector<double> values(rows_);
    for (std::size_t m = 0; m < table.monomials; ++m) {
        const double coefficient = table.coefficients[number * table.monomials + m];
        if (coefficient == 0) continue;
        const double* monomial = monomials_.data() + m * rows_;
        for (std::size_t row = 0; row < rows_; ++row) values[row] += coefficient * monomial[row];
    }
    return values;
}

} // namespace ropewalk::identification
