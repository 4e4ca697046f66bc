#pragma once

#include <optional>
#include <vector>

#include "ropewalk/programs/search/choice.hpp"

namespace ropewalk::search {

/// Readings of less weight than this are not worth a user's time.
inline constexpr double least_reading_weight = 0.01;

/// Whether the examples leave open what is meant: a rival of some weight ends with another memory on some
/// input.
bool leaves_open(const Choice& choice);

/// The likeliest readings, at most five, each of some weight; the first is the answer.
std::vector<Reading> likely_readings(const Choice& choice);

/// What a reading makes of an input; nothing where it does not end.
std::optional<std::vector<int>> outcome(const Reading& reading, const language::Machine& machine,
                                        const std::vector<int>& input);

} // namespace ropewalk::search
