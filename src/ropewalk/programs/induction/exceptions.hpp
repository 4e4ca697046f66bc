// Programs that are right on nearly all examples, and the examples that speak against them.
#pragma once

#include <optional>

#include "ropewalk/programs/search/search.hpp"
#include "ropewalk/programs/tasks/tasks.hpp"

namespace ropewalk::induction {

/// A near miss and the examples that it misses, by their places in the task.
struct Exceptions {
    std::size_t near_miss = 0; ///< its place
    std::vector<std::size_t> missed;
};

/// Of programs that are near misses on a file of examples, the one that is wholly right on most of them, and of those the
/// cheapest, where it misses at most a tenth of them, or one of eight and more: these may be wrong themselves. Nothing for
/// tasks that are no file of examples and for larger files than 10,000.
std::optional<Exceptions> exceptions_of(const std::vector<search::Candidate>& near_misses, const tasks::Task& task);

} // namespace ropewalk::induction
