// Random streams by name, for those who pass them on. Those who draw include random.hpp.
#pragma once

#include <cstdint>

namespace ropewalk::base {

enum class Purpose : std::uint32_t;
class RandomStream;

} // namespace ropewalk::base
