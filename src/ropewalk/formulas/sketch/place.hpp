#pragma once

#include <cstddef>

namespace ropewalk::formula {

/// A number that is not negative as a place in a vector.
inline std::size_t at(int index) { return static_cast<std::size_t>(index); }

} // namespace ropewalk::formula
