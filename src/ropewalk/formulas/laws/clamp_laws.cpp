#include "ropewalk/formulas/laws/clamp_laws.hpp"

#include <algorithm>

#include "ropewalk/formulas/laws/lines_beside.hpp"

namespace ropewalk::formula {

void try_clamps(const LawContext& context, const Part& part, Candidates& candidates) {
    constexpr std::size_t most_variables = 12, fewest_at_end = 3, rows_for_each = 2;
    const std::vector<int>& lines = part.variables;
    if (!context.problem.units.empty() || lines.size() > most_variables) return;
    const std::vector<double>& y = part.problem.target;
    const double low = *std::min_element(y.begin(), y.end()), high = *std::max_element(y.begin(), y.end());
    const auto ends = [&](double value, Operator operation) {
        return context.allowed(operation) &&
               static_cast<std::size_t>(std::count(y.begin(), y.end(), value)) >= fewest_at_end;
    };
    const bool at_low = ends(low, Operator::maximum), at_high = ends(high, Operator::minimum);
    const int count = context.variables();
    std::vector<Program> programs;
    for (const auto& [below, above] : {std::pair{true, false}, {false, true}, {true, true}}) {
        if ((below && !at_low) || (above && !at_high)) continue;
        Part between = part;
        std::size_t left = 0;
        for (std::size_t n = 0; n < y.size(); ++n) {
            const bool ended = (below && y[n] == low) || (above && y[n] == high);
            if (ended) between.weights[static_cast<Eigen::Index>(n)] = 0;
            left += ended ? 0 : 1;
        }
        if (left < rows_for_each * (lines.size() + 1)) continue;
        const SparseFit fit = fit_lines_beside(between, lines, {});
        if (!is_whole(fit, lines, 0)) continue;
        Program program = sum_beside(context, lines, fit, {});
        if (below) program = combine(Operator::maximum, program, constant(count, low));
        if (above) program = combine(Operator::minimum, program, constant(count, high));
        programs.push_back(part.whole(program));
    }
    candidates.consider(std::move(programs), 3);
}

} // namespace ropewalk::formula
