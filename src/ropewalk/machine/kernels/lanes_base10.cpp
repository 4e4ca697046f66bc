// The kernel for base 10.
#include "ropewalk/base/vector_targets.hpp"
#include "ropewalk/machine/kernels/lanes_bases.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ropewalk/machine/kernels/lanes_base10.cpp"
#include <hwy/foreach_target.h>

#include "ropewalk/machine/kernels/lanes_run-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ropewalk::machine::lanes::HWY_NAMESPACE {

Run base10() { return specialised_run<10>(); }

} // namespace ropewalk::machine::lanes::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ropewalk::machine::lanes {

HWY_EXPORT(base10);

Run run_base10(std::int64_t target) { return HWY_DISPATCH_TABLE(base10)[base::table_index(target)](); }

} // namespace ropewalk::machine::lanes
#endif
