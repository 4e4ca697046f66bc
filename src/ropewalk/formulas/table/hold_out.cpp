#include "ropewalk/formulas/table/hold_out.hpp"

#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "ropewalk/base/random_order.hpp"

namespace ropewalk::formula {

base::Result<std::pair<Problem, Problem>> hold_out(const Problem& problem, double share, std::uint64_t seed) {
    const std::size_t rows = problem.target.size();
    const auto held = static_cast<std::size_t>(std::llround(share * static_cast<double>(rows)));
    if (!(share > 0 && share < 1) || held < 2 || rows - held < 2)
        return base::failure("setting `holdout`", fmt::format("a share of {} of {} rows", share, rows),
                             "at least 2 rows held out and 2 that are not");
    base::RandomStream random(seed, base::Purpose::held_out_examples);
    std::vector<char> is_held(rows);
    for (const std::size_t row : base::random_numbers(held, rows, random)) is_held[row] = 1;
    const auto part = [&](char wanted) {
        const auto chosen = [&](const std::vector<double>& column) {
            std::vector<double> values;
            for (std::size_t n = 0; n < rows; ++n)
                if (is_held[n] == wanted) values.push_back(column[n]);
            return values;
        };
        Problem some{.units = problem.units, .target_unit = problem.target_unit};
        if (!problem.resolution.empty()) some.resolution = chosen(problem.resolution);
        if (!problem.weights.empty()) some.weights = chosen(problem.weights);
        for (const std::vector<double>& column : problem.inputs) some.inputs.push_back(chosen(column));
        some.target = chosen(problem.target);
        return some;
    };
    return std::pair{part(0), part(1)};
}

} // namespace ropewalk::formula
