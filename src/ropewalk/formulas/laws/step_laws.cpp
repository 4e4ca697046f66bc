#include "ropewalk/formulas/laws/step_laws.hpp"

#include <algorithm>

#include "ropewalk/formulas/laws/description.hpp"
#include "ropewalk/formulas/laws/lines_beside.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::ArrayXd;

/// The least-squares fit of a sum of lines with a jump above the value at a place among those that differ.
struct Jump {
    SparseFit fit;
    std::size_t place = 0;
};

/// The best of some places, then of all those near it.
Jump best_jump(const Part& part, const std::vector<int>& lines, const ArrayXd& stepped, const std::vector<double>& different) {
    constexpr std::size_t most = 48;
    Jump best;
    bool found = false;
    const auto look = [&](std::size_t place) {
        Jump jump{fit_lines_beside(part, lines, (stepped > different[place]).cast<double>()), place};
        if (found && !(jump.fit.squared_error < best.fit.squared_error)) return;
        best = std::move(jump);
        found = true;
    };
    const std::size_t places = different.size() - 1, step = (places + most - 1) / most;
    for (std::size_t place = 0; place < places; place += step) look(place);
    const std::size_t about = best.place, first = about < step ? 0 : about - step + 1;
    for (std::size_t place = first; step > 1 && place < std::min(about + step, places); ++place) look(place);
    return best;
}

/// The number of fewest digits from `low` on and below `high`.
double shortest_between(double low, double high) {
    for (int digits = 1; digits < 17; ++digits)
        for (const double near : {low, 0.5 * (low + high), high})
            if (const double value = rounded_to(near, digits); value >= low && value < high) return value;
    return low;
}

} // namespace

void try_steps(const LawContext& context, const Part& part, Candidates& candidates) {
    constexpr std::size_t most_variables = 12;
    if (!context.allowed(Operator::less) || !context.problem.units.empty() || part.weights.size() < 8) return;
    std::vector<Program> programs;
    for (std::size_t k = 0; k < std::min(most_variables, part.variables.size()) && !context.stopped(); ++k) {
        const int stepped = part.variables[k], count = context.variables();
        const ArrayXd values = column_of(part, stepped);
        std::vector<double> different(values.begin(), values.end());
        std::sort(different.begin(), different.end());
        different.erase(std::unique(different.begin(), different.end()), different.end());
        if (different.size() < 3) continue;
        std::vector<std::vector<int>> choices = lines_beside(part, stepped, most_variables);
        choices.insert(choices.begin(), std::vector<int>{});
        for (const std::vector<int>& lines : choices) {
            const Jump jump = best_jump(part, lines, values, different);
            if (jump.fit.coefficients.size() != lines.size() + 2) continue;
            const double above = shortest_between(different[jump.place], different[jump.place + 1]);
            const Program jumps = combine(Operator::less, constant(count, above), variable(count, stepped));
            programs.push_back(part.whole(sum_beside(context, lines, jump.fit, jumps)));
        }
    }
    candidates.consider(std::move(programs), 4);
}

} // namespace ropewalk::formula
