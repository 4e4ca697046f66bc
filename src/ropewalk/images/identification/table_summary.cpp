#include "ropewalk/images/identification/table_summary.hpp"

#include <algorithm>

#include "ropewalk/images/identification/alphabet.hpp"

namespace ropewalk::identification {

std::vector<OtherReading> other_readings(const SymbolTable& table, std::size_t task, std::size_t most) {
    std::vector<OtherReading> others;
    for (std::size_t r = 1; r < table.readings.size() && others.size() < most; ++r) {
        OtherReading other{table.readings[r].formulas[task], table.readings[r].alphabet, r < table.likeliest};
        if (std::none_of(others.begin(), others.end(), [&](const OtherReading& each) {
                return each.formula == other.formula && same_alphabet(each.alphabet, other.alphabet, 1e-6);
            }))
            others.push_back(std::move(other));
    }
    return others;
}

std::size_t tasks_determined(const SymbolTable& table, Determined determined) {
    return static_cast<std::size_t>(std::count(table.of_tasks.begin(), table.of_tasks.end(), determined));
}

std::size_t classes_determined(const SymbolTable& table, Determined determined) {
    return static_cast<std::size_t>(std::count(table.of_classes.begin(), table.of_classes.end(), determined));
}

} // namespace ropewalk::identification
