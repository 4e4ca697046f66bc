#include "ropewalk/formulas/search/column_evaluation.hpp"

#include <algorithm>

#include "ropewalk/formulas/search/kernels/columns.hpp"

namespace ropewalk::formula {

std::vector<double> evaluate_columns(const Program& program, std::span<const std::vector<double>> columns) {
    // Rows are taken in pieces whose slots stay in the cache.
    constexpr std::size_t piece = 512;
    const std::size_t rows = columns.empty() ? 0 : columns.front().size();
    const auto variables = static_cast<std::size_t>(program.variables);
    std::vector<double> values(rows), lines(program.lines.size() * piece);
    for (std::size_t begin = 0; begin < rows; begin += piece) {
        const std::size_t count = std::min(piece, rows - begin);
        const auto column = [&](int slot) -> const double* {
            const auto at = static_cast<std::size_t>(slot);
            return at < variables ? columns[at].data() + begin : &lines[(at - variables) * piece];
        };
        for (std::size_t l = 0; l < program.lines.size(); ++l) {
            const Line& line = program.lines[l];
            if (line.operation == Operator::constant)
                std::fill_n(&lines[l * piece], count, line.value);
            else
                apply_column(line.operation, column(line.left), column(line.right), &lines[l * piece], count);
        }
        std::copy_n(column(program.result()), count, &values[begin]);
    }
    return values;
}

} // namespace ropewalk::formula
