// A kernel for what ROPEWALK_KNOWN knows: a file that defines it includes this one, and nothing else.
// Included once per target, hence no guard.
#include "ropewalk/base/vector_targets.hpp"
#include "ropewalk/programs/machine/kernels/lanes_specialised.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ropewalk/programs/machine/kernels/lanes_specialised-inl.hpp"
#include <hwy/foreach_target.h>

#include "ropewalk/programs/machine/kernels/lanes_layer-inl.hpp"
#include "ropewalk/programs/machine/kernels/lanes_run-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ropewalk::machine::lanes::HWY_NAMESPACE::inline ROPEWALK_LANES_NUMBERS {
namespace {

/// Runs of which something is known at compile time, on targets worth the code: the others have 16 registers
/// of at most four floats, which the unrolled walks overflow.
Runs specialised() {
    if constexpr (ROPEWALK_UNROLLS && (lane_count >= 8 || HWY_TARGET == HWY_NEON))
        return {.run = &run<ROPEWALK_KNOWN>, .layer = &run_layer<ROPEWALK_KNOWN>};
    else
        return {};
}

} // namespace
} // namespace ropewalk::machine::lanes::HWY_NAMESPACE::inline ROPEWALK_LANES_NUMBERS
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ropewalk::machine::lanes {

HWY_EXPORT(specialised);

template<>
Runs runs_of<ROPEWALK_KNOWN>(std::int64_t target) {
    return HWY_DISPATCH_TABLE(specialised)[base::table_index(target)]();
}

} // namespace ropewalk::machine::lanes
#endif
