// A kernel for what ROPEWALK_KNOWN knows: a file that defines it includes this one, and nothing else.
// Included once per target, hence no guard.
#include "ropewalk/base/vector_targets.hpp"
#include "ropewalk/programs/machine/kernels/lanes_specialised.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ropewalk/programs/machine/kernels/lanes_specialised-inl.hpp"
#include <hwy/foreach_target.h>

#include "ropewalk/programs/machine/kernels/lanes_run-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ropewalk::machine::lanes::HWY_NAMESPACE {
namespace {

Run specialised() { return specialised_run<ROPEWALK_KNOWN>(); }

} // namespace
} // namespace ropewalk::machine::lanes::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ropewalk::machine::lanes {

HWY_EXPORT(specialised);

template<>
Run run_of<ROPEWALK_KNOWN>(std::int64_t target) {
    return HWY_DISPATCH_TABLE(specialised)[base::table_index(target)]();
}

} // namespace ropewalk::machine::lanes
#endif
