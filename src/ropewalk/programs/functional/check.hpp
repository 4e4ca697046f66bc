#pragma once

#include <optional>
#include <unordered_map>

#include "ropewalk/programs/functional/program.hpp"

namespace ropewalk::functional {

/// What does not fit in a program, and the byte of the source text where it stands (from 1; 0: in no text).
struct TypeError {
    std::string found, expected;
    std::uint32_t place = 0;
};

/// The first expression whose arguments do not have the types that its operator takes, or that names a variable
/// that is not there, or that has the wrong number of arguments; nothing where all fits.
std::optional<TypeError> check(const Program& program);

/// The type of every expression in a program that `check` finds right; of an empty list that nothing says more
/// about, a list of numbers.
std::unordered_map<const Expression*, values::Type> types_of(const Program& program);

} // namespace ropewalk::functional
