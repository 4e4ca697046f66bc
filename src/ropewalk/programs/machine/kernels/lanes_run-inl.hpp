// One run of T steps for a vector of lanes, and its gradient: the tape in segments.
// Plain version: reference::Machine::forward and backward.
#if defined(ROPEWALK_LANES_RUN_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ROPEWALK_LANES_RUN_INL
#undef ROPEWALK_LANES_RUN_INL
#else
#define ROPEWALK_LANES_RUN_INL
#endif

#include "ropewalk/programs/machine/kernels/lanes.hpp"
#include "ropewalk/programs/machine/kernels/lanes_loss-inl.hpp"
#include "ropewalk/programs/machine/kernels/lanes_step-inl.hpp"
#include "ropewalk/programs/machine/kernels/lanes_tape-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ropewalk::machine::lanes::HWY_NAMESPACE::inline ROPEWALK_LANES_NUMBERS {

/// Runs a segment from its first slot; adds what the loss sees of its steps to w.loss when `scores` is set.
template<class Known>
HWY_INLINE void forward_segment(const Tape& tape, long steps, bool scores) {
    const Plan& plan = tape.plan;
    const bool scores_steps = scores && (plan.loss.efficiency != 0 || plan.loss.confidence != 0);
    for (long t = 0; t < steps; ++t) {
        step<Known>(plan, tape.w, tape.slot(t), tape.slot(t + 1));
        if (scores_steps) add_to(step_loss(plan, tape.w, tape.slot(t), tape.slot(t + 1)), tape.w.loss, 0);
    }
}

/// Where examples are in the lanes a run's first sums replace the gradient, as each run is of another
/// program.
template<class Known>
HWY_INLINE void backward_segment(const Tape& tape, long steps, bool is_last) {
    const Plan& plan = tape.plan;
    const Sizes& sizes = Known::of(plan);
    int pending = 0;
    bool are_first = is_last && plan.examples_in_lanes;
    for (long t = steps; t-- > 0;) {
        const V by_old = step_loss_adjoint(plan, tape.w, tape.slot(t), tape.slot(t + 1));
        step_adjoint<Known>(plan, tape.w, tape.slot(t), tape.slot(t + 1));
        add_to(hn::Neg(by_old), tape.w.adjoint, sizes.slot.halted);
        if (++pending < pending_steps && t > 0) continue;
        add_pending<Known>(plan, tape.w, {tape.slot(t + pending - 1), pending, are_first});
        pending = 0;
        are_first = false;
    }
}

/// Adds the loss of one example per lane to w.loss and, where wanted, its gradient to w.gradient, which it
/// replaces where examples are in the lanes and there is a step.
///
/// A run longer than a segment keeps the state at the start of every segment; going backward, each segment is
/// run again to restore its tape. Memory is then O(sqrt(T)) and stays in the cache for common T.
template<class Known>
HWY_ATTR void run(const Plan& plan, const Workspace& w) {
    const Tape tape{plan, w};
    tape.copy_state(w.start, tape.slot(0));
    for (long segment = 0; segment < plan.segments; ++segment) {
        const bool is_last = segment + 1 == plan.segments;
        if (!is_last) tape.copy_state(tape.slot(0), tape.checkpoint(segment));
        forward_segment<Known>(tape, tape.steps_in(segment), true);
        if (!is_last) tape.copy_state(tape.slot(tape.steps_in(segment)), tape.slot(0));
    }
    const float* last = tape.slot(tape.steps_in(plan.segments - 1));
    if (plan.wants_gradient) clear(w.adjoint, plan.sizes.slot.state_size);
    add_to(final_loss(plan, w, last), w.loss, 0);
    if (!plan.wants_gradient) return;

    for (long segment = plan.segments; segment-- > 0;) {
        if (segment + 1 < plan.segments) {
            tape.copy_state(tape.checkpoint(segment), tape.slot(0));
            forward_segment<Known>(tape, tape.steps_in(segment), false);
        }
        backward_segment<Known>(tape, tape.steps_in(segment), segment + 1 == plan.segments);
    }
}

} // namespace ropewalk::machine::lanes::HWY_NAMESPACE::inline ROPEWALK_LANES_NUMBERS
HWY_AFTER_NAMESPACE();

#endif
