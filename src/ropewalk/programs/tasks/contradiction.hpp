#pragma once

#include <optional>
#include <string>

#include "ropewalk/programs/tasks/task.hpp"

namespace ropewalk::tasks {

/// Two examples of a file that no program can satisfy: the same input, another value expected of the same
/// place.
struct Contradiction {
    std::uint64_t first = 0, second = 0; ///< indices of the examples, first < second
    machine::Example example;            ///< the second one
    std::string place;                   ///< `M[0]` or `r1`
    int first_value = 0, second_value = 0;
};

/// The first contradiction in a file of examples; nothing for tasks of the catalogue.
std::optional<Contradiction> find_contradiction(const Task& task);

} // namespace ropewalk::tasks
