// The loss of a run (eq. 10-12) and its derivative by the states. Plain version: reference::loss.
#if defined(ROPEWALK_LANES_LOSS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ROPEWALK_LANES_LOSS_INL
#undef ROPEWALK_LANES_LOSS_INL
#else
#define ROPEWALK_LANES_LOSS_INL
#endif

#include <limits>

#include "ropewalk/programs/machine/kernels/lanes_plan.hpp"
#include "ropewalk/programs/machine/kernels/lanes_vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ropewalk::machine::lanes::HWY_NAMESPACE::inline ROPEWALK_LANES_NUMBERS {

/// Natural logarithm of positive finite normal numbers; NaN for everything else.
///
/// x = 2^e * k with k in [sqrt(1/2), sqrt(2)); log k = 2 atanh(s), s = (k - 1) / (k + 1), |s| < 0.172.
HWY_INLINE V log_of_positive(V x) {
    const hn::RebindToSigned<Tag> bits;
    const auto root_half = hn::Set(bits, 0x3f3504f3);
    const auto from_root = hn::Sub(hn::BitCast(bits, x), root_half);
    const auto e = hn::ShiftRight<23>(from_root);
    const V k = hn::BitCast(Tag(), hn::Sub(hn::BitCast(bits, x), hn::ShiftLeft<23>(e)));
    const V s = hn::Div(hn::Sub(k, constant(1.0f)), hn::Add(k, constant(1.0f)));
    const V s2 = hn::Mul(s, s);
    V p = constant(2.0f / 9);
    p = fma(p, s2, constant(2.0f / 7));
    p = fma(p, s2, constant(2.0f / 5));
    p = fma(p, s2, constant(2.0f / 3));
    p = fma(p, s2, constant(2.0f));
    const V log = fma(hn::ConvertTo(Tag(), e), constant(0.69314718f), hn::Mul(p, s));
    const V largest = constant(std::numeric_limits<float>::max());
    const V nan = constant(std::numeric_limits<float>::quiet_NaN());
    return hn::IfThenElse(hn::Gt(x, zero()), hn::IfThenElse(hn::Le(x, largest), log, nan), nan);
}

/// -log(P[expected] + floor) of a row; its derivative, times `scale`, is added to `adjoint` unless null.
HWY_INLINE V cross_entropy(int base, const float* row, const float* expected, V scale, float* adjoint) {
    V p = constant(static_cast<float>(probability_floor));
    for (int x = 0; x < base; ++x) p = fma(load(row, x), load(expected, x), p);
    if (adjoint != nullptr) {
        const V slope = hn::Div(scale, p);
        for (int x = 0; x < base; ++x) store(fnma(slope, load(expected, x), load(adjoint, x)), adjoint, x);
    }
    return hn::Neg(log_of_positive(p));
}

/// |P - onehot(expected)|^2 of a row, likewise.
HWY_INLINE V squared_error(int base, const float* row, const float* expected, V scale, float* adjoint) {
    V sum = zero();
    for (int x = 0; x < base; ++x) {
        const V error = hn::Sub(load(row, x), load(expected, x));
        sum = fma(error, error, sum);
        if (adjoint != nullptr) add_to(hn::Mul(hn::Add(scale, scale), error), adjoint, x);
    }
    return sum;
}

/// 0 where the expected value is more probable than every other one, else 1; of what is not a number, too.
HWY_INLINE V mistake(int base, const float* row, const float* expected, V, float*) {
    V right = zero(), other = zero();
    for (int x = 0; x < base; ++x) {
        const V p = load(row, x), is_expected = load(expected, x);
        right = fma(p, is_expected, right);
        other = hn::Max(other, fnma(p, is_expected, p));
    }
    return hn::IfThenZeroElse(hn::Gt(right, other), constant(1.0f));
}

using ErrorOfRow = V (*)(int base, const float* row, const float* expected, V scale, float* adjoint);

HWY_INLINE ErrorOfRow error_of_row(Loss::Correctness kind) {
    switch (kind) {
    case Loss::Correctness::squared_error: return squared_error;
    case Loss::Correctness::mistakes: return mistake;
    default: return cross_entropy;
    }
}

/// Weighted correctness of a state; its derivative, times `scale`, is added to `adjoint` unless null.
/// A state holds memory and registers one after the other, which makes m + n rows.
inline HWY_NOINLINE V correctness(const Plan& plan, const Workspace& w, const float* state, V scale,
                                  float* adjoint) {
    V sum = zero();
    const auto start = plan.sizes.slot.memory * lane_count;
    const ErrorOfRow error = error_of_row(plan.loss.correctness);
    for (int r = 0; r < plan.sizes.rows(); ++r) {
        if (!w.row_is_scored[r]) continue;
        const auto row = r * plan.sizes.base * lane_count;
        const V weight = load(w.row_weight, r);
        sum = fma(weight,
                  error(plan.sizes.base, state + start + row, w.expected + row, hn::Mul(weight, scale),
                        adjoint == nullptr ? nullptr : adjoint + start + row),
                  sum);
    }
    return sum;
}

HWY_INLINE V halted(const Plan& plan, const float* state) { return load(state, plan.sizes.slot.halted); }

/// What the loss sees of one step, given the states before and after it.
HWY_INLINE V step_loss(const Plan& plan, const Workspace& w, const float* before, const float* after) {
    V sum = hn::Mul(constant(plan.step_efficiency), hn::Sub(constant(1.0f), halted(plan, after)));
    if (plan.loss.confidence == 0) return sum;
    const V newly = hn::Sub(halted(plan, after), halted(plan, before));
    const V weight = hn::Mul(constant(static_cast<float>(plan.loss.confidence)), newly);
    return fma(weight, correctness(plan, w, after, zero(), nullptr), sum);
}

/// Adds the derivative of `step_loss` by the state after the step to w.adjoint; returns minus its derivative
/// by the H before the step.
HWY_INLINE V step_loss_adjoint(const Plan& plan, const Workspace& w, const float* before,
                               const float* after) {
    const V lane_weight = load(w.lane_weight, 0);
    V by_halted = hn::Neg(hn::Mul(constant(plan.step_efficiency), lane_weight));
    V by_old = zero();
    if (plan.loss.confidence != 0) {
        const V newly = hn::Sub(halted(plan, after), halted(plan, before));
        const V confidence = constant(static_cast<float>(plan.loss.confidence));
        by_old = hn::Mul(confidence, correctness(plan, w, after, hn::Mul(confidence, newly), w.adjoint));
        by_old = hn::Mul(by_old, lane_weight);
        by_halted = hn::Add(by_halted, by_old);
    }
    add_to(by_halted, w.adjoint, plan.sizes.slot.halted);
    return by_old;
}

/// What the loss sees of the last state; its derivative is added to w.adjoint where wanted.
HWY_INLINE V final_loss(const Plan& plan, const Workspace& w, const float* state) {
    const V halting = constant(static_cast<float>(plan.loss.halting));
    if (plan.wants_gradient)
        add_to(hn::Neg(hn::Mul(halting, load(w.lane_weight, 0))), w.adjoint, plan.sizes.slot.halted);
    return fma(halting, hn::Sub(constant(1.0f), halted(plan, state)),
               correctness(plan, w, state, constant(1.0f), plan.wants_gradient ? w.adjoint : nullptr));
}

} // namespace ropewalk::machine::lanes::HWY_NAMESPACE::inline ROPEWALK_LANES_NUMBERS
HWY_AFTER_NAMESPACE();

#endif
