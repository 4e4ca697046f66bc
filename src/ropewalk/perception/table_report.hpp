// What is said about formulas and symbols that the data pin down, or not.
#pragma once

#include <optional>
#include <string>

#include "ropewalk/perception/learn.hpp"

namespace ropewalk::perception {

/// What settles a task's formula: that of the table; without one, "no" where the tasks are few and the
/// formula is ahead of its runner-up by little. Empty where nothing is known.
std::optional<std::string> determined_text(const Learned& learned, std::size_t task);

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

/// One JSON object: classes with their symbols, alphabet, readings.
std::string to_json(const SymbolTable& table);

/// One JSON object: how many tasks are determined in which way, and by what alphabet.
std::string to_json(const PrivateTables& tables);

} // namespace ropewalk::perception
