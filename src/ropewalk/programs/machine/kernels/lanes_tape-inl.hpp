// The tape of a run of T steps, in segments.
#if defined(ROPEWALK_LANES_TAPE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ROPEWALK_LANES_TAPE_INL
#undef ROPEWALK_LANES_TAPE_INL
#else
#define ROPEWALK_LANES_TAPE_INL
#endif

#include <algorithm>
#include <cstring>

#include "ropewalk/programs/machine/kernels/lanes_plan.hpp"
#include "ropewalk/programs/machine/kernels/lanes_vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ropewalk::machine::lanes::HWY_NAMESPACE::inline ROPEWALK_LANES_NUMBERS {

/// Slots of the tape of one segment; without a gradient only two, in turn.
struct Tape {
    const Plan& plan;
    const Workspace& w;

    Real* slot(long step) const {
        return w.tape + (plan.wants_gradient ? step : step % 2) * plan.sizes.slot.size * lane_count;
    }
    Real* checkpoint(long segment) const {
        return w.checkpoints + segment * plan.sizes.slot.state_size * lane_count;
    }
    void copy_state(const Real* from, Real* to) const {
        std::memcpy(to, from,
                    static_cast<std::size_t>(plan.sizes.slot.state_size * lane_count) * sizeof(Real));
    }
    long steps_in(long segment) const {
        return std::min(plan.segment_steps, plan.steps - segment * plan.segment_steps);
    }
};

} // namespace ropewalk::machine::lanes::HWY_NAMESPACE::inline ROPEWALK_LANES_NUMBERS
HWY_AFTER_NAMESPACE();

#endif
