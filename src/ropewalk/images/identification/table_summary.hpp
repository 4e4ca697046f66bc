// What a table of symbols leaves open.
#pragma once

#include "ropewalk/images/identification/symbol_table.hpp"

namespace ropewalk::identification {

/// A formula and the alphabet that the symbols would have.
struct OtherReading {
    std::size_t formula = 0;
    std::vector<double> alphabet;
    bool as_likely = false; ///< as the first reading, by the prior
};

/// The readings of a task besides the first, the likeliest first, each once and at most `most`.
std::vector<OtherReading> other_readings(const SymbolTable& table, std::size_t task, std::size_t most);

/// How many tasks and classes of images are determined in a way.
std::size_t tasks_determined(const SymbolTable& table, Determined determined);
std::size_t classes_determined(const SymbolTable& table, Determined determined);

} // namespace ropewalk::identification
