#include "ropewalk/formulas/table/lags.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ropewalk::formula {

base::Result<Table> with_lags(const Table& table, int lags) {
    const std::size_t rows = table.problem.target.size(), first = static_cast<std::size_t>(std::max(lags, 0));
    if (rows < first + 2)
        return base::failure(
            "setting `lags`", fmt::format("{} rows", rows),
            fmt::format("at least {}: {} earlier ones and two to explain", first + 2, first));
    const auto from = [&](const std::vector<double>& column, std::size_t start) {
        if (column.empty()) return column;
        const auto begin = column.begin() + static_cast<std::ptrdiff_t>(start);
        return std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(rows - first));
    };
    const Problem& before = table.problem;
    Table result = table;
    Problem& after = result.problem;
    after.target = from(before.target, first);
    after.resolution = from(before.resolution, first);
    after.weights = from(before.weights, first);
    for (std::size_t v = 0; v < before.inputs.size(); ++v) after.inputs[v] = from(before.inputs[v], first);
    const auto add = [&](const std::string& name, const std::vector<double>& column,
                         const std::optional<Unit>& unit, std::size_t lag) {
        result.names.push_back(fmt::format("{}_lag{}", name, lag));
        after.inputs.push_back(from(column, first - lag));
        if (unit) after.units.push_back(*unit);
    };
    const bool units = !before.units.empty();
    for (std::size_t lag = 1; lag <= first; ++lag) {
        add(table.target_name, before.target, units ? before.target_unit : std::nullopt, lag);
        for (std::size_t v = 0; v < before.inputs.size(); ++v)
            add(table.names[v], before.inputs[v], units ? std::optional(before.units[v]) : std::nullopt, lag);
    }
    std::vector<std::string> names = result.names;
    names.push_back(table.target_name);
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end())
        return base::failure("setting `lags`", "the name " + base::quoted(*twice) + " for two columns",
                             "columns whose names do not end in _lag1, _lag2, ...");
    return result;
}

} // namespace ropewalk::formula
