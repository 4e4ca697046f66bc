// Kernels of which something is known at compile time, for a Highway target; null where there is none. Each
// is its own file because its unrolled code takes the compiler a while.
#pragma once

#include <cstdint>

#include "ropewalk/programs/machine/kernels/lanes.hpp"

namespace ropewalk::machine::lanes {

template<class Known>
Runs runs_of(std::int64_t target);

template<>
Runs runs_of<KnownBase<4>>(std::int64_t target);
template<>
Runs runs_of<KnownBase<8>>(std::int64_t target);
template<>
Runs runs_of<KnownBase<10>>(std::int64_t target);
template<>
Runs runs_of<KnownBase<16>>(std::int64_t target);
template<>
Runs runs_of<KnownSizes<0>>(std::int64_t target);
template<>
Runs runs_of<KnownSizes<1>>(std::int64_t target);
template<>
Runs runs_of<KnownSizes<2>>(std::int64_t target);
template<>
Runs runs_of<KnownSizes<3>>(std::int64_t target);
template<>
Runs runs_of<KnownSizes<4>>(std::int64_t target);
static_assert(common_sizes.size() == 5 && common_bases.size() == 4, "each has a line above and a file");

} // namespace ropewalk::machine::lanes
