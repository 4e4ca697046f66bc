// One run of a layer for the examples in the lanes, and its adjoint.
// Plain version: reference::run_layer and run_layer_adjoint.
#if defined(ROPEWALK_LANES_LAYER_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ROPEWALK_LANES_LAYER_INL
#undef ROPEWALK_LANES_LAYER_INL
#else
#define ROPEWALK_LANES_LAYER_INL
#endif

#include "ropewalk/programs/machine/kernels/lanes_step-inl.hpp"
#include "ropewalk/programs/machine/kernels/lanes_tape-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ropewalk::machine::lanes::HWY_NAMESPACE::inline ROPEWALK_LANES_NUMBERS {

template<class Known>
HWY_INLINE void layer_segment(const Tape& tape, long steps) {
    for (long t = 0; t < steps; ++t) step<Known>(tape.plan, tape.w, tape.slot(t), tape.slot(t + 1));
}

/// The first sums replace what the gradient holds of other examples.
template<class Known>
HWY_INLINE void layer_segment_adjoint(const Tape& tape, long steps, bool is_last) {
    int pending = 0;
    bool are_first = is_last;
    for (long t = steps; t-- > 0;) {
        step_adjoint<Known>(tape.plan, tape.w, tape.slot(t), tape.slot(t + 1));
        if (!tape.plan.wants_weight_gradient || (++pending < pending_steps && t > 0)) continue;
        add_pending<Known>(tape.plan, tape.w, {tape.slot(t + pending - 1), pending, are_first});
        pending = 0;
        are_first = false;
    }
}

/// Without a gradient, w.start becomes the state after T steps. With one, w.adjoint becomes the derivative by the
/// first state from being the one by the last, and w.gradient the one by the weights where there is a step. The
/// tape is cut into segments as that of `run` is.
template<class Known>
HWY_ATTR void run_layer(const Plan& plan, const Workspace& w) {
    const Tape tape{plan, w};
    tape.copy_state(w.start, tape.slot(0));
    for (long segment = 0; segment < plan.segments; ++segment) {
        const bool is_last = segment + 1 == plan.segments;
        if (!is_last) tape.copy_state(tape.slot(0), tape.checkpoint(segment));
        layer_segment<Known>(tape, tape.steps_in(segment));
        if (!is_last) tape.copy_state(tape.slot(tape.steps_in(segment)), tape.slot(0));
    }
    if (!plan.wants_gradient) {
        tape.copy_state(tape.slot(plan.steps), w.start);
        return;
    }
    for (long segment = plan.segments; segment-- > 0;) {
        if (segment + 1 < plan.segments) {
            tape.copy_state(tape.checkpoint(segment), tape.slot(0));
            layer_segment<Known>(tape, tape.steps_in(segment));
        }
        layer_segment_adjoint<Known>(tape, tape.steps_in(segment), segment + 1 == plan.segments);
    }
}

} // namespace ropewalk::machine::lanes::HWY_NAMESPACE::inline ROPEWALK_LANES_NUMBERS
HWY_AFTER_NAMESPACE();

#endif
