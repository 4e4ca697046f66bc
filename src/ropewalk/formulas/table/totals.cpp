#include "ropewalk/formulas/table/totals.hpp"

#include <algorithm>
#include <cmath>

namespace ropewalk::formula {

namespace {

/// Whether the last of some numbers is the sum of the others, which do not cancel.
bool ends_in_sum(const std::vector<double>& numbers) {
    constexpr double rounding = 1e-9;
    double sum = 0, magnitudes = 0;
    for (std::size_t n = 0; n + 1 < numbers.size(); ++n) {
        sum += numbers[n];
        magnitudes += std::abs(numbers[n]);
    }
    return sum != 0 && std::isfinite(magnitudes) && std::abs(numbers.back() - sum) <= rounding * magnitudes;
}

/// Whether two columns differ by a factor alone in all rows but the last, so that both end in a sum where one does.
bool are_proportional(const Column& a, const Column& b) {
    constexpr double rounding = 1e-9;
    const double of_a = a.numbers.back(), of_b = b.numbers.back();
    for (std::size_t n = 0; n + 1 < a.numbers.size(); ++n) {
        const double left = a.numbers[n] * of_b, right = b.numbers[n] * of_a;
        if (std::abs(left - right) > rounding * std::abs(of_a * of_b)) return false;
    }
    return true;
}

/// Whether the last field, and no other, is empty or a word.
bool ends_in_no_number(const Column& column, std::size_t rows) {
    return std::isnan(column.numbers.back()) && column.filled + 1 == rows && !column.first_fault;
}

/// Whether the last row has nothing but sums of the others: of columns that differ by more than a factor, or of one
/// where others end in no number.
bool ends_in_totals(const Columns& columns) {
    constexpr std::size_t fewest_rows = 6;
    if (columns.rows < fewest_rows) return false;
    std::vector<const Column*> sums;
    bool any_blank = false;
    for (std::size_t i = 0; i < columns.all.size(); ++i) {
        const Column& column = columns.all[i];
        // Words and numbers of rows have no sums.
        if (!column.used || column.is_text || column.name.empty()) continue;
        const bool is_full = column.filled == columns.rows, is_blank = ends_in_no_number(column, columns.rows);
        if (i == columns.weights) {
            if (!is_full && !is_blank) return false;
        } else if (is_blank) {
            any_blank = true;
        } else if (is_full && ends_in_sum(column.numbers)) {
            sums.push_back(&column);
        } else {
            return false;
        }
    }
    if (sums.empty()) return false;
    return any_blank || std::any_of(sums.begin() + 1, sums.end(), [&](const Column* each) {
               return !are_proportional(*sums.front(), *each);
           });
}

} // namespace

void leave_out_totals(Columns& columns, std::vector<std::string>& notes) {
    if (!ends_in_totals(columns)) return;
    --columns.rows;
    columns.row_lines.pop_back();
    for (Column& column : columns.all) {
        if (column.is_text) column.texts.pop_back();
        if (!column.used || column.is_text) continue;
        if (std::isnan(column.numbers.back()))
            column.first_text = column.first_fault = column.first_missing = std::nullopt;
        else
            --column.filled;
        column.numbers.pop_back();
        if (!column.halves.empty()) column.halves.pop_back();
    }
    notes.emplace_back("the last row is left out: it holds the sums of the others");
}

} // namespace ropewalk::formula
