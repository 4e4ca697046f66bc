#include "ropewalk/perception/letter_values.hpp"

#include "ropewalk/perception/batch.hpp"

namespace ropewalk::perception {

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

} // namespace ropewalk::perception
