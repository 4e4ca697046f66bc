// The kernel for base 4.
#include "ropewalk/base/vector_targets.hpp"
#include "ropewalk/machine/kernels/lanes_bases.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ropewalk/machine/kernels/lanes_base4.cpp"
#include <hwy/foreach_target.h>

#include "ropewalk/machine/kernels/lanes_run-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ropewalk::machine::lanes::HWY_NAMESPACE {

Run base4() { return specialised_run<4>(); }

} // namespace ropewalk::machine::lanes::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ropewalk::machine::lanes {

HWY_EXPORT(base4);

Run run_base4(std::int64_t target) { return HWY_DISPATCH_TABLE(base4)[base::table_index(target)](); }

} // namespace ropewalk::machine::lanes
#endif
