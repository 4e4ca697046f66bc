// The kernel for base 8.
#include "ropewalk/base/vector_targets.hpp"
#include "ropewalk/machine/kernels/lanes_bases.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ropewalk/machine/kernels/lanes_base8.cpp"
#include <hwy/foreach_target.h>

#include "ropewalk/machine/kernels/lanes_run-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ropewalk::machine::lanes::HWY_NAMESPACE {

Run base8() { return specialised_run<8>(); }

} // namespace ropewalk::machine::lanes::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ropewalk::machine::lanes {

HWY_EXPORT(base8);

Run run_base8(std::int64_t target) { return HWY_DISPATCH_TABLE(base8)[base::table_index(target)](); }

} // namespace ropewalk::machine::lanes
#endif
