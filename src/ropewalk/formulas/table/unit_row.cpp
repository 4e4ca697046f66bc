#include "ropewalk/formulas/table/unit_row.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ropewalk::formula {

namespace {

/// A unit without the brackets that tables put around it.
std::string_view without_brackets(std::string_view text) {
    const bool square = text.starts_with('[') && text.ends_with(']'), round = text.starts_with('(') && text.ends_with(')');
    const std::string_view inside = text.size() > 1 && (square || round) ? text.substr(1, text.size() - 2) : text;
    return inside.find_first_of("[]()") == std::string_view::npos ? base::trimmed(inside, " ") : text;
}

/// What to say of a pure number that is measured by a scale; nothing of others.
std::string_view scale_of(std::string_view unit) {
    constexpr std::string_view angle = "sin and cos need it times pi/180", hundred = "100 are 1", thousand = "1000 are 1",
                               million = "1000000 are 1", billion = "1000000000 are 1";
    static const std::map<std::string_view, std::string_view> scales{{"deg", angle},    {"°", angle},      {"degree", angle}, {"degrees", angle},
                                                                     {"%", hundred},    {"‰", thousand},   {"ppm", million},  {"ppb", billion}};
    const auto found = scales.find(unit);
    return found == scales.end() ? std::string_view{} : found->second;
}

/// The columns that have a unit, by the unit.
using ColumnsOf = std::map<std::string, std::vector<std::string>>;

std::string listed(const ColumnsOf& units) {
    std::vector<std::string> each;
    for (const auto& [unit, columns] : units)
        each.push_back(fmt::format("{} ({} {})", unit, columns.size() == 1 ? "column" : "columns", fmt::join(columns, ", ")));
    return fmt::format("{}", fmt::join(each, ", "));
}

} // namespace

void read_units(Columns& columns, const std::string& file, base::Diagnostics& faults, std::vector<std::string>& notes) {
    ColumnsOf unknown, multiples;
    for (std::size_t i = 0; i < columns.all.size() && faults.size() < most_reported; ++i) {
        Column& column = columns.all[i];
        if (!column.used || !column.unit_place) continue;
        const std::string_view text = without_brackets(column.unit_place->text);
        const std::string name = base::quoted(column.name);
        const auto unit = parse_unit(text);
        if (!unit) {
            faults.push_back(at_field(file, column.unit_place->row, i, columns.source.separator,
                                      fmt::format("{} as unit of column {} ({}): {}", base::quoted(column.unit_place->text), i + 1, name,
                                                  unit.error().front().found),
                                      unit.error().front().expected));
            continue;
        }
        column.unit = *unit;
        for (const std::string& symbol : unknown_symbols(*unit)) (known_multiple_of(symbol) ? multiples : unknown)[symbol].push_back(name);
        if (const std::string_view scale = scale_of(text); !scale.empty())
            notes.push_back(fmt::format("column {} is a pure number in {}: {}", name, text, scale));
    }
    if (!multiples.empty())
        notes.push_back(fmt::format("units that are multiples of others stand for themselves, and it takes a fitted number to compare them: {}",
                                    listed(multiples)));
    if (!unknown.empty())
        notes.push_back(fmt::format("units that are not known stand for themselves alone: {}", listed(unknown)));
}

} // namespace ropewalk::formula
