// What is said about formulas and symbols that the data pin down, or not.
#pragma once

#include <optional>
#include <string>

#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/learning/learn.hpp"

namespace ropewalk::learning {

/// What settles a task's formula: that of the table; without one, "no" where the tasks are few and the
/// formula is ahead of its runner-up by little. Empty where nothing is known.
std::optional<std::string> determined_text(const Learned& learned, std::size_t task);

/// One JSON object: classes with their symbols, alphabet, readings.
std::string to_json(const identification::SymbolTable& table);

/// One JSON object: how many tasks are determined in which way, and by what alphabet.
std::string to_json(const PrivateTables& tables);

} // namespace ropewalk::learning
