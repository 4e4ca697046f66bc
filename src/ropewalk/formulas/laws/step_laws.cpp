#include "ropewalk/formulas/laws/step_laws.hpp"

#include <algorithm>

#include "ropewalk/formulas/laws/lines_beside.hpp"
#include "ropewalk/formulas/laws/thresholds.hpp"

namespace ropewalk::formula {

namespace {

using Eigen::ArrayXd;

/// The least-squares fit of a sum of lines with jumps above the values at some places among those that differ.
struct Jumps {
    SparseFit fit;
    std::vector<std::size_t> at; ///< places
};

Jumps jumps_at(const Part& part, const std::vector<int>& lines, const ArrayXd& stepped, const std::vector<double>& different,
               std::vector<std::size_t> places) {
    std::vector<ArrayXd> columns;
    for (const std::size_t place : places) columns.push_back((stepped > different[place]).cast<double>());
    return {fit_lines_beside(part, lines, columns), std::move(places)};
}

/// The jumps with one more, at the best place.
Jumps with_one_more(const Part& part, const std::vector<int>& lines, const ArrayXd& stepped,
                    const std::vector<double>& different, const std::vector<std::size_t>& others) {
    const auto look = [&](std::size_t place) {
        std::vector<std::size_t> places = others;
        places.push_back(place);
        return jumps_at(part, lines, stepped, different, std::move(places));
    };
    return look(best_place(different.size() - 1, [&](std::size_t place) { return look(place).fit.squared_error; }));
}

} // namespace

void try_steps(const LawContext& context, const Part& part, Candidates& candidates) {
    constexpr std::size_t most_variables = 12;
    if (!context.allowed(Operator::less) || !context.problem.units.empty() || part.weights.size() < 8) return;
    std::vector<Program> programs;
    const int count = context.variables();
    for (std::size_t k = 0; k < std::min(most_variables, part.variables.size()) && !context.stopped(); ++k) {
        const int stepped = part.variables[k];
        const ArrayXd values = column_of(part, stepped);
        const std::vector<double> different = different_values(values);
        if (different.size() < 3) continue;
        const auto offer = [&](const std::vector<int>& lines, const Jumps& jumps) {
            if (!is_whole(jumps.fit, lines, jumps.at.size())) return;
            std::vector<Program> columns;
            for (const std::size_t place : jumps.at) {
                const double above = shortest_between(different[place], different[place + 1]);
                columns.push_back(combine(Operator::less, constant(count, above), variable(count, stepped)));
            }
            programs.push_back(part.whole(sum_beside(context, lines, jumps.fit, columns)));
        };
        std::vector<std::vector<int>> choices = lines_beside(part, stepped, most_variables);
        choices.insert(choices.begin(), std::vector<int>{});
        for (const std::vector<int>& lines : choices) {
            const Jumps one = with_one_more(part, lines, values, different, {});
            offer(lines, one);
            if (different.size() <= 3 || context.stopped()) continue;
            offer(lines, two_changes(one, [&](const std::vector<std::size_t>& others) {
                      return with_one_more(part, lines, values, different, others);
                  }));
        }
    }
    candidates.consider(std::move(programs), 4);
}

} // namespace ropewalk::formula
