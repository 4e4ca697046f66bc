#include "ropewalk/formulas/table/missing_marks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <fmt/format.h>

namespace ropewalk::formula {

namespace {

bool is_well_known(double number) {
    const double size = std::abs(number);
    return size == 999 || size == 9'999 || size == 99'999 || size == 999'999;
}

/// The values of a column that are no well-known marks.
struct Others {
    std::size_t count = 0;
    double least = std::numeric_limits<double>::infinity(), most = -least;
    std::set<double> some; ///< different ones, as few as tell

    explicit Others(const std::vector<double>& numbers) {
        for (const double number : numbers) {
            if (std::isnan(number) || is_well_known(number)) continue;
            ++count;
            least = std::min(least, number);
            most = std::max(most, number);
            if (some.size() < 3) some.insert(number);
        }
    }

    /// Whether a number that stands on some rows is so far away that it is none of them.
    bool are_far_from(double number, std::size_t rows) const {
        const double spread = most - least, gap = number < least ? least - number : number - most;
        return gap > (number < 0 && rows > 1 && least >= 0 ? 2 : 10) * spread;
    }
};

/// The well-known marks of a column, if they are marks there.
std::set<double> marks_in(const std::vector<double>& numbers) {
    constexpr std::size_t fewest = 5, fewest_different = 3;
    std::set<double> found;
    if (std::none_of(numbers.begin(), numbers.end(), is_well_known)) return found;
    const Others others(numbers);
    if (others.count < fewest || others.some.size() < fewest_different || 2 * others.count <= numbers.size()) return found;
    for (const double number : numbers)
        if (is_well_known(number) && !found.contains(number) &&
            others.are_far_from(number, static_cast<std::size_t>(std::count(numbers.begin(), numbers.end(), number))))
            found.insert(number);
    return found;
}

base::Result<std::set<double>> numbers_in(const std::vector<std::string>& chosen) {
    std::set<double> marks;
    for (const std::string& word : chosen) {
        const Cell cell = cell_of(word);
        if (cell.kind != CellKind::number)
            return base::failure("setting `missing`", base::quoted(word), "numbers such as -999, or none alone");
        marks.insert(cell.number);
    }
    return marks;
}

/// Takes one mark out of a column; where it stood.
std::vector<std::size_t> taken_out(std::vector<double>& numbers, double mark) {
    std::vector<std::size_t> rows;
    for (std::size_t n = 0; n < numbers.size(); ++n)
        if (numbers[n] == mark) {
            numbers[n] = std::numeric_limits<double>::quiet_NaN();
            rows.push_back(n);
        }
    return rows;
}

} // namespace

base::Status take_missing_marks(Columns& columns, const std::vector<std::string>& chosen, std::vector<std::string>& notes) {
    if (chosen == std::vector<std::string>{"none"}) return {};
    const auto named = numbers_in(chosen);
    if (!named) return base::failure(named.error());
    for (std::size_t i = 0; i < columns.all.size(); ++i) {
        Column& column = columns.all[i];
        if (!column.used || column.is_text || i == columns.weights) continue;
        const std::set<double> marks = chosen.empty() ? marks_in(column.numbers) : *named;
        for (const double mark : marks) {
            const std::vector<std::size_t> rows = taken_out(column.numbers, mark);
            if (rows.empty()) continue;
            column.filled -= rows.size();
            notes.push_back(fmt::format("column {}: {} is taken for a missing value on {} row{}, the first on line {}",
                                        base::quoted(column.name), mark, rows.size(), rows.size() == 1 ? "" : "s",
                                        columns.row_lines[rows.front()]));
        }
        if (chosen.empty() && !marks.empty()) {
            const Others others(column.numbers);
            notes.back() += fmt::format(", as the others lie from {} to {} (setting `missing` none keeps it)", others.least,
                                        others.most);
        }
    }
    return {};
}

} // namespace ropewalk::formula
