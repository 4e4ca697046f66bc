#include "ropewalk/formulas/expression/unit_span.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ropewalk::formula {

namespace {

using Row = std::vector<double>;

/// The rank of a matrix by elimination with the largest pivot. Exponents are small: what is nearly 0 is 0.
std::size_t rank_of(std::vector<Row> rows) {
    constexpr double nothing = 1e-9;
    std::size_t rank = 0;
    const std::size_t columns = rows.empty() ? 0 : rows.front().size();
    for (std::size_t column = 0; column < columns && rank < rows.size(); ++column) {
        const auto larger = [&](const Row& a, const Row& b) { return std::abs(a[column]) < std::abs(b[column]); };
        const auto pivot = std::max_element(rows.begin() + static_cast<std::ptrdiff_t>(rank), rows.end(), larger);
        if (std::abs((*pivot)[column]) < nothing) continue;
        std::swap(rows[rank], *pivot);
        for (std::size_t below = rank + 1; below < rows.size(); ++below) {
            const double factor = rows[below][column] / rows[rank][column];
            for (std::size_t k = column; k < columns; ++k) rows[below][k] -= factor * rows[rank][k];
        }
        ++rank;
    }
    return rank;
}

} // namespace

std::set<std::string> symbols_of(const std::vector<Unit>& units) {
    std::set<std::string> symbols;
    for (const Unit& unit : units)
        for (const auto& [symbol, sixtieths] : unit.sixtieths) symbols.insert(symbol);
    return symbols;
}

bool spans(const std::vector<Unit>& units, const Unit& wanted) {
    std::set<std::string> symbols = symbols_of(units);
    symbols.merge(symbols_of({wanted}));
    const auto exponents = [&](const Unit& unit) {
        Row row;
        for (const std::string& symbol : symbols) {
            const auto found = unit.sixtieths.find(symbol);
            row.push_back(found == unit.sixtieths.end() ? 0 : found->second / 60.0);
        }
        return row;
    };
    std::vector<Row> rows;
    for (const Unit& unit : units) rows.push_back(exponents(unit));
    const std::size_t without = rank_of(rows);
    rows.push_back(exponents(wanted));
    return rank_of(std::move(rows)) == without;
}

std::vector<std::string> unknown_symbols(const Unit& unit) {
    std::vector<std::string> symbols;
    for (const auto& [symbol, sixtieths] : unit.sixtieths)
        if (!is_base_symbol(symbol)) symbols.push_back(symbol);
    return symbols;
}

base::Status check_units(const std::vector<Unit>& units, const Unit& target, const std::string& target_name) {
    if (spans(units, target)) return {};
    std::set<std::string> words, inputs;
    const auto note = [&](const Unit& unit) {
        for (const std::string& each : unknown_symbols(unit)) words.insert(each);
    };
    for (const Unit& unit : units) inputs.insert(to_string(unit)), note(unit);
    note(target);
    std::string expected = "a unit that the inputs' units give, numbers with units (setting `constant-units`), or no setting `units`";
    if (!words.empty())
        expected += fmt::format("; {} {} no unit of SI and {} for {} alone: numbers in cm are no numbers in m",
                                fmt::join(words, ", "), words.size() == 1 ? "is" : "are", words.size() == 1 ? "stands" : "stand",
                                words.size() == 1 ? "itself" : "themselves");
    return base::failure(target_name,
                         fmt::format("the unit {}, which no product of powers of {} has", to_string(target), fmt::join(inputs, ", ")),
                         expected);
}

} // namespace ropewalk::formula
