// Kernels for one base each, for a Highway target; null where there is none. Each base is its own file
// because its unrolled code takes the compiler a while.
#pragma once

#include <cstdint>

#include "ropewalk/machine/kernels/lanes.hpp"

namespace ropewalk::machine::lanes {

Run run_base4(std::int64_t target);
Run run_base8(std::int64_t target);
Run run_base10(std::int64_t target);

} // namespace ropewalk::machine::lanes
