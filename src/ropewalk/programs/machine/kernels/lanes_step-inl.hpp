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

#include "ropewalk/programs/machine/kernels/lanes_heads-inl.hpp"
#include "ropewalk/programs/machine/kernels/lanes_plan.hpp"
#include "ropewalk/programs/machine/kernels/lanes_values-inl.hpp"
#include "ropewalk/programs/machine/kernels/lanes_vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ropewalk::machine::lanes::HWY_NAMESPACE::inline ROPEWALK_LANES_NUMBERS {

/// A slot of the tape by its parts. Each phase makes its own: pointers that pass through memory are read
/// again after every store, 472 against 517 ns per step (step_samples/forward_backward/b8_n4_m8_L8_T32).
template<class Float>
struct Slot {
    Float *line, *memory, *registers, *halted;
    Float *instruction, *first, *second, *destination, *target;
    Float *value1, *value2, *address, *output, *share;

    HWY_INLINE Slot(const Sizes& sizes, Float* slot) {
        const auto at = [slot](int offset) ROPEWALK_INLINED { return slot + offset * lane_count; };
        const SlotOffsets& o = sizes.slot;
        line = at(o.line), memory = at(o.memory), registers = at(o.registers), halted = at(o.halted);
        set_heads(sizes, at(o.heads));
        value1 = at(o.value1), value2 = at(o.value2), address = at(o.address), output = at(o.output);
        share = at(o.share);
    }

    /// The derivative by a state, and the one by the heads of the step before it.
    HWY_INLINE Slot(const Sizes& sizes, Float* state, Float* heads) : Slot(sizes, state) {
        set_heads(sizes, heads);
    }

private:
    HWY_INLINE void set_heads(const Sizes& sizes, Float* heads) {
        const auto at = [heads](const Head& head)
                            ROPEWALK_INLINED { return heads + head.offset * lane_count; };
        const Layout& layout = sizes.layout;
        instruction = at(layout.instruction), first = at(layout.first), second = at(layout.second);
        destination = at(layout.destination), target = at(layout.target);
    }
};

HWY_INLINE void clear(Real* to, int count) {
    for (int i = 0; i < count; ++i) store(zero(), to, i);
}

/// Floats of a distribution over values; a constant where the base is known.
template<int B>
HWY_INLINE std::ptrdiff_t row_size(const Sizes& sizes) {
    return (B > 0 ? B : sizes.base) * lane_count;
}

/// Probability of an instruction, 0 when it is not in the set.
HWY_INLINE V probability(const Sizes& sizes, const Real* instruction, Opcode opcode) {
    return sizes.at(opcode) < 0 ? zero() : load(instruction, sizes.at(opcode));
}

/// Probability that the instruction produces a value, s.
HWY_INLINE void add_up_share(const Sizes& sizes, const Slot<Real>& s) {
    V share = zero();
    for (int k = 0; k < sizes.instructions; ++k)
        if (sizes.produces_value[static_cast<std::size_t>(k)]) share = hn::Add(share, load(s.instruction, k));
    store(share, s.share, 0);
}

/// The weight with which registers lose their old value under a3.
template<class Float>
HWY_INLINE V register_share(const Sizes& sizes, const Slot<Float>& s) {
    return sizes.switches.mass == Mass::conserve ? load(s.share, 0) : constant(1.0f);
}

/// to[x mod width] += from[x]
HWY_INLINE void fold(const Real* from, int count, Real* to, int width) {
    for (int i = 0; i < width; ++i) store(i < count ? load(from, i) : zero(), to, i);
    for (int i = width, at = 0; i < count; ++i, at = at + 1 == width ? 0 : at + 1)
        add_to(load(from, i), to, at);
}

/// Adjoint of `fold`.
HWY_INLINE void fold_adjoint(Real* from, int count, const Real* to, int width) {
    for (int i = 0, at = 0; i < count; ++i, at = at + 1 == width ? 0 : at + 1) add_to(load(to, at), from, i);
}

/// v1, v2 (eq. 5) and the address.
template<class Known>
HWY_NOINLINE void look_up(const Plan& plan, Real* slot) {
    constexpr int B = Known::base;
    const Sizes& sizes = Known::of(plan);
    const Slot<Real> s(sizes, slot);
    Row<B> v1, v2;
    clear<B>(sizes.base, v1);
    clear<B>(sizes.base, v2);
    const Real* row = s.registers;
    for (int r = 0; r < sizes.registers; ++r, row += row_size<B>(sizes)) {
        const V a1 = load(s.first, r), a2 = load(s.second, r);
        each<B>(sizes.base, [&](auto x) ROPEWALK_INLINED {
            v1[x] = fma(a1, load(row, x), v1[x]);
            v2[x] = fma(a2, load(row, x), v2[x]);
        });
    }
    store_row<B>(v1, sizes.base, s.value1);
    store_row<B>(v2, sizes.base, s.value2);
    if (s.address != s.value1) fold(s.value1, sizes.base, s.address, sizes.cells);
}

/// H' (eq. 11); returns the weight of everything the step changes.
HWY_INLINE V halt(const Sizes& sizes, const Slot<Real>& s, Real* halted_after) {
    const V old = load(s.halted, 0);
    const V now = probability(sizes, s.instruction, Opcode::halt);
    const V after = sizes.switches.halting == Halting::absorb ? fma(hn::Sub(constant(1.0f), old), now, old)
                                                              : hn::Max(old, now);
    store(after, halted_after, 0);
    return sizes.switches.freeze ? hn::Sub(constant(1.0f), after) : constant(1.0f);
}

/// `read` into o, and the memory after the step (eq. 8), in one pass over the memory.
template<class Known>
HWY_NOINLINE void access_memory(const Plan& plan, Real* slot, V keep, Real* memory_after) {
    constexpr int B = Known::base;
    const Sizes& sizes = Known::of(plan);
    const Slot<Real> s(sizes, slot);
    Row<B> v2, o;
    load_row<B>(s.value2, sizes.base, v2);
    load_row<B>(s.output, sizes.base, o);
    const V read = probability(sizes, s.instruction, Opcode::read);
    const V write = hn::Mul(keep, probability(sizes, s.instruction, Opcode::write));
    for (int a = 0; a < sizes.cells; ++a) {
        const V address = load(s.address, a);
        const V read_here = hn::Mul(read, address), write_here = hn::Mul(write, address);
        const Real* row = s.memory + a * row_size<B>(sizes);
        Real* row_after = memory_after + a * row_size<B>(sizes);
        each<B>(sizes.base, [&](auto x) ROPEWALK_INLINED {
            const V old = load(row, x);
            o[x] = fma(read_here, old, o[x]);
            store(fma(write_here, hn::Sub(v2[x], old), old), row_after, x);
        });
    }
    store_row<B>(o, sizes.base, s.output);
}

/// Registers after the step (eq. 7).
template<class Known>
HWY_NOINLINE void write_registers(const Plan& plan, Real* slot, V keep, Real* registers_after) {
    constexpr int B = Known::base;
    const Sizes& sizes = Known::of(plan);
    const Slot<Real> s(sizes, slot);
    if (sizes.switches.mass == Mass::zero) add_to(hn::Sub(constant(1.0f), load(s.share, 0)), s.output, 0);
    const V share = register_share(sizes, s);
    Row<B> written;
    load_row<B>(s.output, sizes.base, written);
    for (int r = 0; r < sizes.registers; ++r) {
        const V weight = hn::Mul(keep, load(s.destination, r));
        const Real* row = s.registers + r * row_size<B>(sizes);
        Real* row_after = registers_after + r * row_size<B>(sizes);
        each<B>(sizes.base, [&](auto x) ROPEWALK_INLINED {
            const V change = fnma(share, load_once(row, x), written[x]);
            store(fma(weight, change, load_once(row, x)), row_after, x);
        });
    }
}

/// l after the step (eq. 9).
template<class Known>
HWY_INLINE void advance(const Sizes& sizes, const Slot<Real>& s, V keep, Real* line_after) {
    if (sizes.switches.target == Target::register_value) fold(s.value2, sizes.base, s.target, sizes.lines);
    if (sizes.switches.target == Target::second_operand)
        fold(s.second, sizes.registers, s.target, sizes.lines);
    const V jump = hn::Mul(probability(sizes, s.instruction, Opcode::jump), load(s.value1, 0));
    V advanced = load(s.line, sizes.lines - 1);
    with_count<Known::lines>([&](auto lines) ROPEWALK_INLINED {
        each<lines.value>(sizes.lines, [&](auto l) ROPEWALK_INLINED {
            const V old = load(s.line, l);
            const V moved = fma(jump, hn::Sub(load(s.target, l), advanced), advanced);
            store(fma(keep, hn::Sub(moved, old), old), line_after, l);
            advanced = old;
        });
    });
}

/// Fills the rest of `slot` from its state and writes the state of `next`.
template<class Known>
HWY_INLINE void step(const Plan& plan, const Workspace& w, Real* slot, Real* next) {
    const Sizes& sizes = Known::of(plan);
    const Slot<Real> s(sizes, slot), after(sizes, next);
    heads<Known>(plan, w, s.line, s.instruction);
    add_up_share(sizes, s);
    look_up<Known>(plan, slot);
    const V keep = halt(sizes, s, after.halted);
    advance<Known>(sizes, s, keep, after.line); // early: the next step's heads wait for it
    values<Known>(plan, slot);
    access_memory<Known>(plan, slot, keep, after.memory);
    write_registers<Known>(plan, slot, keep, after.registers);
}

/// Derivatives by numbers that several parts of a step share. Phases sum in variables of their own: a sum in
/// memory waits for its own store, 531 against 542 ns per step
/// (step_samples/forward_backward/b8_n4_m8_L8_T32).
struct Shared {
    V keep; ///< the weight itself
    V keep_adjoint, jump_adjoint, share_adjoint;
};

/// Adjoint of `advance`: w.adjoint's l in place, target and jump.
template<class Known>
HWY_INLINE void advance_adjoint(const Sizes& sizes, const Workspace& w, const Slot<const Real>& s,
                                const Slot<Real>& heads, Shared& shared) {
    const V keep = shared.keep;
    const V jump = hn::Mul(probability(sizes, s.instruction, Opcode::jump), load(s.value1, 0));
    const V stays = hn::Sub(constant(1.0f), keep), jumps = hn::Mul(keep, jump), steps = hn::Sub(keep, jumps);
    Real* const line_adjoint = w.adjoint; // the state starts with l
    V jump_sum = zero(), advance_sum = zero();
    V seed = load(line_adjoint, 0);
    const V first_seed = seed;
    V advanced = load(s.line, sizes.lines - 1);
    with_count<Known::lines>([&](auto lines) ROPEWALK_INLINED {
        each<lines.value>(sizes.lines, [&](auto l) ROPEWALK_INLINED {
            const V next_seed = l + 1 < sizes.lines ? load(line_adjoint, l + 1) : first_seed;
            const V old = load(s.line, l);
            jump_sum = fma(seed, hn::Sub(load(s.target, l), advanced), jump_sum);
            advance_sum = fma(seed, hn::Sub(advanced, old), advance_sum);
            store(hn::Mul(jumps, seed), heads.target, l);
            store(fma(stays, seed, hn::Mul(steps, next_seed)), line_adjoint, l);
            advanced = old;
            seed = next_seed;
        });
    });
    shared.keep_adjoint = fma(jump, jump_sum, advance_sum);
    shared.jump_adjoint = hn::Mul(keep, jump_sum);
}

/// Adjoint of `write_registers` but for the registers themselves: derivative by o, a3 and s.
template<class Known>
HWY_NOINLINE void registers_adjoint(const Plan& plan, const Workspace& w, const Real* slot, Shared& shared) {
    constexpr int B = Known::base;
    const Sizes& sizes = Known::of(plan);
    const Slot<const Real> s(sizes, slot);
    const Slot<Real> adjoint(sizes, w.adjoint, w.heads);
    const V share = register_share(sizes, s), keep = shared.keep;
    V keep_sum = shared.keep_adjoint, share_sum = zero();
    Row<B> written, o;
    load_row<B>(s.output, sizes.base, written);
    clear<B>(sizes.base, o);
    for (int r = 0; r < sizes.registers; ++r) {
        const V destination = load(s.destination, r);
        const V weight = hn::Mul(keep, destination);
        V new_sum = zero(), old_sum = zero();
        const Real* seeds = adjoint.registers + r * row_size<B>(sizes);
        const Real* row = s.registers + r * row_size<B>(sizes);
        each<B>(sizes.base, [&](auto x) ROPEWALK_INLINED {
            const V seed = load(seeds, x);
            new_sum = fma(seed, written[x], new_sum);
            old_sum = fma(seed, load_once(row, x), old_sum);
            o[x] = fma(weight, seed, o[x]);
        });
        const V moved = fnma(share, old_sum, new_sum);
        share_sum = fnma(weight, old_sum, share_sum);
        keep_sum = fma(destination, moved, keep_sum);
        store(hn::Mul(keep, moved), adjoint.destination, r);
    }
    store_row<B>(o, sizes.base, w.output);
    shared.keep_adjoint = keep_sum;
    switch (sizes.switches.mass) {
    case Mass::conserve: shared.share_adjoint = share_sum; break;
    case Mass::zero: shared.share_adjoint = hn::Neg(o[0]); break;
    default: shared.share_adjoint = zero();
    }
}

/// Adjoint of `access_memory`: the memory in place, v2, the address, read and write.
template<class Known>
HWY_NOINLINE void memory_adjoint(const Plan& plan, const Workspace& w, const Real* slot, Shared& shared) {
    constexpr int B = Known::base;
    const Sizes& sizes = Known::of(plan);
    const Slot<const Real> s(sizes, slot);
    const Slot<Real> adjoint(sizes, w.adjoint, w.heads);
    Row<B> v2, o, v2_adjoint;
    load_row<B>(s.value2, sizes.base, v2);
    load_row<B>(w.output, sizes.base, o);
    clear<B>(sizes.base, v2_adjoint);
    const V read = probability(sizes, s.instruction, Opcode::read);
    const V write = probability(sizes, s.instruction, Opcode::write);
    const V kept_write = hn::Mul(shared.keep, write);
    Real* const address_adjoint = w.address;
    V read_sum = zero(), moved_sum = zero();
    for (int a = 0; a < sizes.cells; ++a) {
        const V address = load(s.address, a);
        const V read_here = hn::Mul(read, address), write_here = hn::Mul(kept_write, address);
        const V stays = hn::Sub(constant(1.0f), write_here);
        V moved = zero(), seen = zero();
        Real* seeds = adjoint.memory + a * row_size<B>(sizes);
        const Real* row = s.memory + a * row_size<B>(sizes);
        each<B>(sizes.base, [&](auto x) ROPEWALK_INLINED {
            const V seed = load(seeds, x), old = load(row, x);
            moved = fma(seed, hn::Sub(v2[x], old), moved);
            seen = fma(o[x], old, seen);
            v2_adjoint[x] = fma(write_here, seed, v2_adjoint[x]);
            store(fma(stays, seed, hn::Mul(read_here, o[x])), seeds, x);
        });
        read_sum = fma(address, seen, read_sum);
        moved_sum = fma(address, moved, moved_sum);
        store(fma(kept_write, moved, hn::Mul(read, seen)), address_adjoint, a);
    }
    store_row<B>(v2_adjoint, sizes.base, w.value2);
    shared.keep_adjoint = fma(write, moved_sum, shared.keep_adjoint);
    if (sizes.at(Opcode::write) >= 0)
        store(hn::Mul(shared.keep, moved_sum), adjoint.instruction, sizes.at(Opcode::write));
    if (sizes.at(Opcode::read) >= 0) add_to(read_sum, adjoint.instruction, sizes.at(Opcode::read));
}

/// Adjoint of `halt`.
HWY_INLINE void halt_adjoint(const Sizes& sizes, const Slot<const Real>& s, const Slot<Real>& adjoint,
                             const Shared& shared) {
    const V seed = sizes.switches.freeze ? hn::Sub(load(adjoint.halted, 0), shared.keep_adjoint)
                                         : load(adjoint.halted, 0);
    const V old = load(s.halted, 0);
    const V now = probability(sizes, s.instruction, Opcode::halt);
    const V one_ = constant(1.0f);
    V by_now = hn::Sub(one_, old), by_old = hn::Sub(one_, now);
    if (sizes.switches.halting == Halting::maximum) {
        // On a tie the derivative of the maximum is split half and half.
        by_old =
            hn::IfThenElse(hn::Gt(old, now), one_, hn::IfThenElse(hn::Lt(old, now), zero(), constant(0.5f)));
        by_now = hn::Sub(one_, by_old);
    }
    store(hn::Mul(seed, by_old), adjoint.halted, 0);
    if (sizes.at(Opcode::halt) >= 0)
        store(hn::Mul(seed, by_now), adjoint.instruction, sizes.at(Opcode::halt));
}

/// Adjoint of `look_up`, and of the old value in `write_registers`: a1, a2 and the registers in place.
template<class Known>
HWY_NOINLINE void look_up_adjoint(const Plan& plan, const Workspace& w, const Real* slot, V keep) {
    constexpr int B = Known::base;
    const Sizes& sizes = Known::of(plan);
    const Slot<const Real> s(sizes, slot);
    const Slot<Real> adjoint(sizes, w.adjoint, w.heads);
    Row<B> v1, v2;
    load_row<B>(w.value1, sizes.base, v1);
    load_row<B>(w.value2, sizes.base, v2);
    const V share = hn::Mul(keep, register_share(sizes, s));
    for (int r = 0; r < sizes.registers; ++r) {
        const V a1 = load(s.first, r), a2 = load(s.second, r);
        const V stays = fnma(share, load(s.destination, r), constant(1.0f));
        V sum1 = zero(), sum2 = zero();
        Real* seeds = adjoint.registers + r * row_size<B>(sizes);
        const Real* row = s.registers + r * row_size<B>(sizes);
        each<B>(sizes.base, [&](auto x) ROPEWALK_INLINED {
            const V old = load(row, x);
            sum1 = fma(v1[x], old, sum1);
            sum2 = fma(v2[x], old, sum2);
            store(fma(stays, load_once(seeds, x), fma(a1, v1[x], hn::Mul(a2, v2[x]))), seeds, x);
        });
        store(sum1, adjoint.first, r);
        if (sizes.switches.target == Target::second_operand)
            add_to(sum2, adjoint.second, r);
        else
            store(sum2, adjoint.second, r);
    }
}

/// Adjoint of the jump condition and of where operands name the target.
HWY_INLINE void target_adjoint(const Sizes& sizes, const Workspace& w, const Slot<const Real>& s,
                               const Slot<Real>& adjoint, const Shared& shared) {
    const V jump = probability(sizes, s.instruction, Opcode::jump);
    add_to(hn::Mul(shared.jump_adjoint, jump), w.value1, 0);
    if (sizes.at(Opcode::jump) >= 0)
        store(hn::Mul(shared.jump_adjoint, load(s.value1, 0)), adjoint.instruction, sizes.at(Opcode::jump));
    if (sizes.switches.target == Target::register_value)
        fold_adjoint(w.value2, sizes.base, adjoint.target, sizes.lines);
    if (sizes.switches.target == Target::second_operand) {
        clear(adjoint.second, sizes.registers);
        fold_adjoint(adjoint.second, sizes.registers, adjoint.target, sizes.lines);
    }
}

/// The derivative by the instruction head begins with the one by the probability of producing a value.
HWY_INLINE void share_adjoint(const Sizes& sizes, const Slot<Real>& adjoint, const Shared& shared) {
    for (int k = 0; k < sizes.instructions; ++k)
        store(sizes.produces_value[static_cast<std::size_t>(k)] ? shared.share_adjoint : zero(),
              adjoint.instruction, k);
}

/// Reverse of `step`: turns w.adjoint from the derivative by the state of `next` into the one by the state of
/// `slot`, whose heads give way to what the gradient needs.
template<class Known>
HWY_INLINE void step_adjoint(const Plan& plan, const Workspace& w, Real* slot, const Real* next) {
    const Sizes& sizes = Known::of(plan);
    const Slot<const Real> s(sizes, slot), after(sizes, next);
    const Slot<Real> adjoint(sizes, w.adjoint, w.heads);
    const bool address_is_value1 = sizes.slot.address == sizes.slot.value1;

    Shared shared;
    shared.keep = sizes.switches.freeze ? hn::Sub(constant(1.0f), load(after.halted, 0)) : constant(1.0f);
    advance_adjoint<Known>(sizes, w, s, adjoint, shared);
    registers_adjoint<Known>(plan, w, slot, shared);
    share_adjoint(sizes, adjoint, shared);
    memory_adjoint<Known>(plan, w, slot, shared);
    if (!address_is_value1) clear(w.value1, sizes.base);
    halt_adjoint(sizes, s, adjoint, shared);
    target_adjoint(sizes, w, s, adjoint, shared);
    values_adjoint<Known>(plan, w, slot, adjoint.instruction);
    if (!address_is_value1) fold_adjoint(w.value1, sizes.base, w.address, sizes.cells);
    look_up_adjoint<Known>(plan, w, slot, shared.keep);
    heads_adjoint<Known>(plan, w, slot + sizes.slot.heads * lane_count);
}

} // namespace ropewalk::machine::lanes::HWY_NAMESPACE::inline ROPEWALK_LANES_NUMBERS
HWY_AFTER_NAMESPACE();

#endif
