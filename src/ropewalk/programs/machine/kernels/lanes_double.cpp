// The general kernel of every target in double precision, for layers.
#define ROPEWALK_LANES_IN_DOUBLE
#include "ropewalk/base/vector_targets.hpp"
#include "ropewalk/programs/machine/kernels/lanes.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ropewalk/programs/machine/kernels/lanes_double.cpp"
#include <hwy/foreach_target.h>

#include "ropewalk/programs/machine/kernels/lanes_layer-inl.hpp"
#include "ropewalk/programs/machine/kernels/lanes_transpose-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ropewalk::machine::lanes::HWY_NAMESPACE::inline ROPEWALK_LANES_NUMBERS {

KernelOf<double> describe() {
    return {.lane_count = static_cast<int>(lane_count),
            .prepare = &prepare,
            .finish = &finish,
            .to_lanes = &to_lanes,
            .from_lanes = &from_lanes,
            .add_lane_sums = &add_lane_sums,
            .general = {.layer = &run_layer<KnownBase<0>>}};
}

} // namespace ropewalk::machine::lanes::HWY_NAMESPACE::inline ROPEWALK_LANES_NUMBERS
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace ropewalk::machine::lanes {

HWY_EXPORT(describe);

const std::vector<KernelOf<double>>& double_kernels() {
    static const std::vector<KernelOf<double>> found = [] {
        std::vector<KernelOf<double>> kernels;
        for (const std::int64_t target : base::usable_targets()) {
            KernelOf<double> kernel = HWY_DISPATCH_TABLE(describe)[base::table_index(target)]();
            kernel.name = base::target_name(target);
            kernel.highway_target = target;
            kernels.push_back(kernel);
        }
        return kernels;
    }();
    return found;
}

RunsOf<double> find_runs(const KernelOf<double>& kernel, const Sizes&) { return kernel.general; }

} // namespace ropewalk::machine::lanes

#endif
