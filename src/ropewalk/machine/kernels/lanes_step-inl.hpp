// One machine step (eq. 1-9) on a slot of the tape, and its adjoint.
// Plain version: reference::Machine::step and step_adjoint; names and order are the same.
//
// Phases talk through the slot and the workspace, which stay in the first-level cache, so that each phase has
// all vector registers to itself.
#if defined(ROPEWALK_LANES_STEP_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ROPEWALK_LANES_STEP_INL
#undef ROPEWALK_LANES_STEP_INL
#else
#define ROPEWALK_LANES_STEP_INL
#endif

#include <cstring>

#include "ropewalk/machine/kernels/lanes_heads-inl.hpp"
#include "ropewalk/machine/kernels/lanes_plan.hpp"
#include "ropewalk/machine/kernels/lanes_values-inl.hpp"
#include "ropewalk/machine/kernels/lanes_vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ropewalk::machine::lanes::HWY_NAMESPACE {

/// A slot of the tape by its parts.
template<class Float>
struct Slot {
    Float *line, *memory, *registers, *halted;
    Float *instruction, *first, *second, *destination, *target;
    Float *value1, *value2, *address, *output, *share;

    HWY_INLINE Slot(const Plan& plan, Float* slot) {
        const auto at = [slot](int offset) ROPEWALK_INLINED { return slot + offset * lane_count; };
        const SlotOffsets& o = plan.slot;
        line = at(o.line), memory = at(o.memory), registers = at(o.registers), halted = at(o.halted);
        set_heads(plan, at(o.heads));
        value1 = at(o.value1), value2 = at(o.value2), address = at(o.address), output = at(o.output);
        share = at(o.share);
    }

    HWY_INLINE void set_heads(const Plan& plan, Float* heads) {
        const auto at = [heads](const Head& head)
                            ROPEWALK_INLINED { return heads + head.offset * lane_count; };
        instruction = at(plan.layout.instruction), first = at(plan.layout.first),
        second = at(plan.layout.second);
        destination = at(plan.layout.destination), target = at(plan.layout.target);
    }
};

/// Floats of a distribution over values; a constant where the base is known.
template<int B>
HWY_INLINE std::ptrdiff_t row_size(const Plan& plan) {
    return (B > 0 ? B : plan.base) * lane_count;
}

/// Probability of an instruction, 0 when it is not in the set.
HWY_INLINE V probability(const Plan& plan, const float* instruction, Opcode opcode) {
    return plan.at(opcode) < 0 ? zero() : load(instruction, plan.at(opcode));
}

/// Probability that the instruction produces a value, s.
template<class Float>
HWY_INLINE void add_up_share(const Plan& plan, const Slot<Float>& s) {
    V share = zero();
    for (const int k : plan.value_positions) share = hn::Add(share, load(s.instruction, k));
    store(share, s.share, 0);
}

/// The weight with which registers lose their old value under a3.
template<class Float>
HWY_INLINE V register_share(const Plan& plan, const Slot<Float>& s) {
    return plan.switches.mass == Mass::conserve ? load(s.share, 0) : constant(1.0f);
}

/// to[x mod width] += from[x]
HWY_INLINE void fold(const float* from, int count, float* to, int width) {
    for (int i = 0; i < width; ++i) store(i < count ? load(from, i) : zero(), to, i);
    for (int i = width, at = 0; i < count; ++i, at = at + 1 == width ? 0 : at + 1)
        add_to(load(from, i), to, at);
}

/// Adjoint of `fold`.
template<int B>
HWY_INLINE void fold_adjoint(float* from, int count, const float* to, int width) {
    if (B > 0 && width == B && count == B)
        return each<B>(B, [&](auto i) ROPEWALK_INLINED { add_to(load(to, i), from, i); });
    for (int i = 0, at = 0; i < count; ++i, at = at + 1 == width ? 0 : at + 1) add_to(load(to, at), from, i);
}

/// v1, v2 (eq. 5) and the address.
template<int B>
inline HWY_NOINLINE void look_up(const Plan& plan, const Slot<float>& s) {
    Row<B> v1, v2;
    clear<B>(plan.base, v1);
    clear<B>(plan.base, v2);
    const float* row = s.registers;
    for (int r = 0; r < plan.registers; ++r, row += row_size<B>(plan)) {
        const V a1 = load(s.first, r), a2 = load(s.second, r);
        each<B>(plan.base, [&](auto x) ROPEWALK_INLINED {
            v1[x] = fma(a1, load(row, x), v1[x]);
            v2[x] = fma(a2, load(row, x), v2[x]);
        });
    }
    store_row<B>(v1, plan.base, s.value1);
    store_row<B>(v2, plan.base, s.value2);
    if (s.address != s.value1) fold(s.value1, plan.base, s.address, plan.cells);
}

/// H' (eq. 11); returns the weight of everything the step changes.
HWY_INLINE V halt(const Plan& plan, const Slot<float>& s, float* halted_after) {
    const V old = load(s.halted, 0);
    const V now = probability(plan, s.instruction, Opcode::halt);
    const V after = plan.switches.halting == Halting::absorb ? fma(hn::Sub(constant(1.0f), old), now, old)
                                                             : hn::Max(old, now);
    store(after, halted_after, 0);
    return plan.switches.freeze ? hn::Sub(constant(1.0f), after) : constant(1.0f);
}

/// `read` into o, and the memory after the step (eq. 8), in one pass over the memory.
template<int B>
inline HWY_NOINLINE void access_memory(const Plan& plan, const Slot<float>& s, V keep, float* memory_after) {
    Row<B> v2, o;
    load_row<B>(s.value2, plan.base, v2);
    load_row<B>(s.output, plan.base, o);
    const V read = probability(plan, s.instruction, Opcode::read);
    const V write = hn::Mul(keep, probability(plan, s.instruction, Opcode::write));
    for (int a = 0; a < plan.cells; ++a) {
        const V address = load(s.address, a);
        const V read_here = hn::Mul(read, address), write_here = hn::Mul(write, address);
        const float* row = s.memory + a * row_size<B>(plan);
        float* row_after = memory_after + a * row_size<B>(plan);
        each<B>(plan.base, [&](auto x) ROPEWALK_INLINED {
            const V old = load(row, x);
            o[x] = fma(read_here, old, o[x]);
            store(fma(write_here, hn::Sub(v2[x], old), old), row_after, x);
        });
    }
    store_row<B>(o, plan.base, s.output);
}

/// Registers after the step (eq. 7).
template<int B>
inline HWY_NOINLINE void write_registers(const Plan& plan, const Slot<float>& s, V keep,
                                         float* registers_after) {
    if (plan.switches.mass == Mass::zero) add_to(hn::Sub(constant(1.0f), load(s.share, 0)), s.output, 0);
    const V share = register_share(plan, s);
    Row<B> written;
    load_row<B>(s.output, plan.base, written);
    for (int r = 0; r < plan.registers; ++r) {
        const V weight = hn::Mul(keep, load(s.destination, r));
        const float* row = s.registers + r * row_size<B>(plan);
        float* row_after = registers_after + r * row_size<B>(plan);
        each<B>(plan.base, [&](auto x) ROPEWALK_INLINED {
            const V old = load(row, x);
            store(fma(weight, fnma(share, old, written[x]), old), row_after, x);
        });
    }
}

/// l after the step (eq. 9).
HWY_INLINE void advance(const Plan& plan, const Slot<float>& s, V keep, float* line_after) {
    if (plan.switches.target == Target::register_value) fold(s.value2, plan.base, s.target, plan.lines);
    if (plan.switches.target == Target::second_operand) fold(s.second, plan.registers, s.target, plan.lines);
    const V jump = hn::Mul(probability(plan, s.instruction, Opcode::jump), load(s.value1, 0));
    V advanced = load(s.line, plan.lines - 1);
    with_count(plan.lines, [&](auto lines) ROPEWALK_INLINED {
        each<lines.value>(plan.lines, [&](auto l) ROPEWALK_INLINED {
            const V old = load(s.line, l);
            const V moved = fma(jump, hn::Sub(load(s.target, l), advanced), advanced);
            store(fma(keep, hn::Sub(moved, old), old), line_after, l);
            advanced = old;
        });
    });
}

/// Fills the rest of `slot` from its state and writes the state of `next`.
template<int B>
HWY_INLINE void step(const Plan& plan, const Workspace& w, float* slot, float* next) {
    const Slot<float> s(plan, slot), after(plan, next);
    heads(plan, w, s.line, s.instruction);
    add_up_share(plan, s);
    look_up<B>(plan, s);
    const V keep = halt(plan, s, after.halted);
    advance(plan, s, keep, after.line); // early: the next step's heads wait for it
    values<B>(plan, slot);
    access_memory<B>(plan, s, keep, after.memory);
    write_registers<B>(plan, s, keep, after.registers);
}

/// Derivatives by numbers that several parts of a step share.
struct Shared {
    V keep; ///< the weight itself
    V keep_adjoint, jump_adjoint, write_adjoint, share_adjoint;
};

/// Adjoint of `advance`: w.adjoint's l in place, target and jump.
HWY_INLINE void advance_adjoint(const Plan& plan, const Workspace& w, const Slot<const float>& s,
                                const Slot<float>& heads, Shared& shared) {
    const V keep = shared.keep;
    const V jump = hn::Mul(probability(plan, s.instruction, Opcode::jump), load(s.value1, 0));
    const V stays = hn::Sub(constant(1.0f), keep), jumps = hn::Mul(keep, jump), steps = hn::Sub(keep, jumps);
    V jump_sum = zero();
    V seed = load(w.adjoint, 0);
    const V first_seed = seed;
    V advanced = load(s.line, plan.lines - 1);
    with_count(plan.lines, [&](auto lines) ROPEWALK_INLINED {
        each<lines.value>(plan.lines, [&](auto l) ROPEWALK_INLINED {
            const V next_seed = l + 1 < plan.lines ? load(w.adjoint, l + 1) : first_seed;
            const V old = load(s.line, l);
            const V detour = hn::Sub(load(s.target, l), advanced);
            jump_sum = fma(seed, detour, jump_sum);
            const V moved = fma(jump, detour, advanced);
            shared.keep_adjoint = fma(seed, hn::Sub(moved, old), shared.keep_adjoint);
            store(hn::Mul(jumps, seed), heads.target, l);
            store(fma(stays, seed, hn::Mul(steps, next_seed)), w.adjoint, l);
            advanced = old;
            seed = next_seed;
        });
    });
    shared.jump_adjoint = hn::Mul(keep, jump_sum);
}

/// Adjoint of `write_registers` but for the registers themselves: derivative by o, a3 and s.
template<int B>
inline HWY_NOINLINE void registers_adjoint(const Plan& plan, const Workspace& w, const Slot<const float>& s,
                                           const Slot<float>& adjoint, Shared& shared) {
    const V share = register_share(plan, s);
    Row<B> written, o;
    load_row<B>(s.output, plan.base, written);
    clear<B>(plan.base, o);
    for (int r = 0; r < plan.registers; ++r) {
        const V destination = load(s.destination, r);
        const V weight = hn::Mul(shared.keep, destination);
        V new_sum = zero(), old_sum = zero();
        const float* seeds = adjoint.registers + r * row_size<B>(plan);
        const float* row = s.registers + r * row_size<B>(plan);
        each<B>(plan.base, [&](auto x) ROPEWALK_INLINED {
            const V seed = load(seeds, x);
            new_sum = fma(seed, written[x], new_sum);
            old_sum = fma(seed, load(row, x), old_sum);
            o[x] = fma(weight, seed, o[x]);
        });
        const V moved = fnma(share, old_sum, new_sum);
        shared.share_adjoint = fnma(weight, old_sum, shared.share_adjoint);
        shared.keep_adjoint = fma(destination, moved, shared.keep_adjoint);
        store(hn::Mul(shared.keep, moved), adjoint.destination, r);
    }
    store_row<B>(o, plan.base, w.output);
    if (plan.switches.mass == Mass::conserve) return;
    shared.share_adjoint = plan.switches.mass == Mass::zero ? hn::Neg(o[0]) : zero();
}

/// Adjoint of `access_memory`: the memory in place, v2, the address, read and write.
template<int B>
inline HWY_NOINLINE void memory_adjoint(const Plan& plan, const Workspace& w, const Slot<const float>& s,
                                        const Slot<float>& adjoint, Shared& shared) {
    Row<B> v2, o, v2_adjoint;
    load_row<B>(s.value2, plan.base, v2);
    load_row<B>(w.output, plan.base, o);
    clear<B>(plan.base, v2_adjoint);
    const V read = probability(plan, s.instruction, Opcode::read);
    const V write = probability(plan, s.instruction, Opcode::write);
    const V kept_write = hn::Mul(shared.keep, write);
    V read_sum = zero(), moved_sum = zero();
    for (int a = 0; a < plan.cells; ++a) {
        const V address = load(s.address, a);
        const V read_here = hn::Mul(read, address), write_here = hn::Mul(kept_write, address);
        const V stays = hn::Sub(constant(1.0f), write_here);
        V moved = zero(), seen = zero();
        float* seeds = adjoint.memory + a * row_size<B>(plan);
        const float* row = s.memory + a * row_size<B>(plan);
        each<B>(plan.base, [&](auto x) ROPEWALK_INLINED {
            const V seed = load(seeds, x), old = load(row, x);
            moved = fma(seed, hn::Sub(v2[x], old), moved);
            seen = fma(o[x], old, seen);
            v2_adjoint[x] = fma(write_here, seed, v2_adjoint[x]);
            store(fma(stays, seed, hn::Mul(read_here, o[x])), seeds, x);
        });
        read_sum = fma(address, seen, read_sum);
        moved_sum = fma(address, moved, moved_sum);
        store(fma(kept_write, moved, hn::Mul(read, seen)), w.address, a);
    }
    store_row<B>(v2_adjoint, plan.base, w.value2);
    shared.keep_adjoint = fma(write, moved_sum, shared.keep_adjoint);
    if (plan.at(Opcode::write) >= 0)
        store(hn::Mul(shared.keep, moved_sum), adjoint.instruction, plan.at(Opcode::write));
    if (plan.at(Opcode::read) >= 0) store(read_sum, adjoint.instruction, plan.at(Opcode::read));
}

/// Adjoint of `halt`.
HWY_INLINE void halt_adjoint(const Plan& plan, const Slot<const float>& s, const Slot<float>& adjoint,
                             const Shared& shared) {
    const V seed = plan.switches.freeze ? hn::Sub(load(adjoint.halted, 0), shared.keep_adjoint)
                                        : load(adjoint.halted, 0);
    const V old = load(s.halted, 0);
    const V now = probability(plan, s.instruction, Opcode::halt);
    const V one_ = constant(1.0f);
    V by_now = hn::Sub(one_, old), by_old = hn::Sub(one_, now);
    if (plan.switches.halting == Halting::maximum) {
        // On a tie the derivative of the maximum is split half and half.
        by_old =
            hn::IfThenElse(hn::Gt(old, now), one_, hn::IfThenElse(hn::Lt(old, now), zero(), constant(0.5f)));
        by_now = hn::Sub(one_, by_old);
    }
    store(hn::Mul(seed, by_old), adjoint.halted, 0);
    if (plan.at(Opcode::halt) >= 0) store(hn::Mul(seed, by_now), adjoint.instruction, plan.at(Opcode::halt));
}

/// Adjoint of `look_up`, and of the old value in `write_registers`: a1, a2 and the registers in place.
template<int B>
inline HWY_NOINLINE void look_up_adjoint(const Plan& plan, const Workspace& w, const Slot<const float>& s,
                                         const Slot<float>& adjoint, V keep) {
    Row<B> v1, v2;
    load_row<B>(w.value1, plan.base, v1);
    load_row<B>(w.value2, plan.base, v2);
    const V share = hn::Mul(keep, register_share(plan, s));
    for (int r = 0; r < plan.registers; ++r) {
        const V a1 = load(s.first, r), a2 = load(s.second, r);
        const V stays = fnma(share, load(s.destination, r), constant(1.0f));
        V sum1 = zero(), sum2 = zero();
        float* seeds = adjoint.registers + r * row_size<B>(plan);
        const float* row = s.registers + r * row_size<B>(plan);
        each<B>(plan.base, [&](auto x) ROPEWALK_INLINED {
            const V old = load(row, x);
            sum1 = fma(v1[x], old, sum1);
            sum2 = fma(v2[x], old, sum2);
            store(fma(stays, load(seeds, x), fma(a1, v1[x], hn::Mul(a2, v2[x]))), seeds, x);
        });
        store(sum1, adjoint.first, r);
        add_to(sum2, adjoint.second, r);
    }
}

/// Adjoint of the jump condition and of where operands name the target.
HWY_INLINE void target_adjoint(const Plan& plan, const Workspace& w, const Slot<const float>& s,
                               const Slot<float>& adjoint, const Shared& shared) {
    const V jump = probability(plan, s.instruction, Opcode::jump);
    store(hn::Mul(shared.jump_adjoint, jump), w.value1, 0);
    if (plan.at(Opcode::jump) >= 0)
        store(hn::Mul(shared.jump_adjoint, load(s.value1, 0)), adjoint.instruction, plan.at(Opcode::jump));
    if (plan.switches.target == Target::register_value)
        fold_adjoint<0>(w.value2, plan.base, adjoint.target, plan.lines);
    if (plan.switches.target == Target::second_operand)
        fold_adjoint<0>(adjoint.second, plan.registers, adjoint.target, plan.lines);
}

HWY_INLINE void copy(const float* from, int count, float* to) {
    with_count(count, [&](auto width) ROPEWALK_INLINED {
        each<width.value>(count, [&](auto i) ROPEWALK_INLINED { store(load(from, i), to, i); });
    });
}

HWY_INLINE void clear(float* to, int count) {
    std::memset(to, 0, static_cast<std::size_t>(count * lane_count) * sizeof(float));
}

/// Reverse of `step`: turns w.adjoint from the derivative by the state of `next` into the one by the state of
/// `slot`, and fills `pending` with what the gradient needs.
template<int B>
HWY_INLINE void step_adjoint(const Plan& plan, const Workspace& w, const float* slot, const float* next,
                             float* pending) {
    const Slot<const float> s(plan, slot), after(plan, next);
    Slot<float> adjoint(plan, w.adjoint);
    adjoint.set_heads(plan, pending);

    Shared shared;
    shared.keep = plan.switches.freeze ? hn::Sub(constant(1.0f), load(after.halted, 0)) : constant(1.0f);
    shared.keep_adjoint = shared.share_adjoint = zero();
    clear(pending, plan.layout.destination.offset);
    clear(w.value1, plan.base);
    advance_adjoint(plan, w, s, adjoint, shared);
    registers_adjoint<B>(plan, w, s, adjoint, shared);
    memory_adjoint<B>(plan, w, s, adjoint, shared);
    halt_adjoint(plan, s, adjoint, shared);
    target_adjoint(plan, w, s, adjoint, shared);
    for (const int k : plan.value_positions) add_to(shared.share_adjoint, adjoint.instruction, k);
    values_adjoint<B>(plan, w, slot, adjoint.instruction);
    fold_adjoint<B>(w.value1, plan.base, w.address, plan.cells);
    look_up_adjoint<B>(plan, w, s, adjoint, shared.keep);
    heads_adjoint(plan, w, s.instruction, pending);
    copy(s.line, plan.lines, pending + plan.heads_width * lane_count);
}

} // namespace ropewalk::machine::lanes::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
