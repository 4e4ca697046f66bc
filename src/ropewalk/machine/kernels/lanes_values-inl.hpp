// The value of an instruction (eq. 6) without the table T: its structure instead, and the adjoint.
// Plain version: reference::Machine::output and output_adjoint.
//
// `B` is the base where it is known at compile time, else 0. Unary instructions are shifts of v1, times the
// mass of v2 because T sums over both operands; min, max, eq and lt need running sums only; add, sub, mul,
// div and mod walk all pairs (x, y). `read` needs the memory and is in lanes_step-inl.hpp.
#if defined(ROPEWALK_LANES_VALUES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ROPEWALK_LANES_VALUES_INL
#undef ROPEWALK_LANES_VALUES_INL
#else
#define ROPEWALK_LANES_VALUES_INL
#endif

#include "ropewalk/machine/kernels/lanes_plan.hpp"
#include "ropewalk/machine/kernels/lanes_vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ropewalk::machine::lanes::HWY_NAMESPACE {

using assembly::Opcode;

template<int B>
HWY_INLINE V mass(const Row<B>& row, int base) {
    V sum = zero();
    each<B>(base, [&](auto x) ROPEWALK_INLINED { sum = hn::Add(sum, row[x]); });
    return sum;
}

/// The value of eq and lt when they hold; bases start at 2.
constexpr int one = 1;

/// Value of a pair instruction; a constant of the unrolled code where the base is known.
template<int kind, int B>
constexpr int pair_value(int x, int y) {
    return assembly::info(pair_opcodes[static_cast<std::size_t>(kind)]).value(x, y, B);
}

/// sum over x, y with value(x, y) = z of v1[x] v2[y]
template<int B, int kind>
HWY_INLINE void push_forward(const Row<B>& v1, const Row<B>& v2, Row<B>& sum) {
    each<B>(B, [&](auto x) ROPEWALK_INLINED {
        each<B>(B, [&](auto y) ROPEWALK_INLINED {
            constexpr int z = pair_value<kind, B>(x.value, y.value);
            sum[z] = fma(v1[x], v2[y], sum[z]);
        });
    });
}

template<int B>
HWY_INLINE void push_forward(const Plan& plan, const PairInstruction& pair, const Row<B>& v1,
                             const Row<B>& v2, Row<B>& sum) {
    if constexpr (B > 0) {
        switch (pair.kind) {
        case 0: return push_forward<B, 0>(v1, v2, sum);
        case 1: return push_forward<B, 1>(v1, v2, sum);
        case 2: return push_forward<B, 2>(v1, v2, sum);
        case 3: return push_forward<B, 3>(v1, v2, sum);
        default: return push_forward<B, 4>(v1, v2, sum);
        }
    } else {
        const int* z = pair.result.data();
        for (int x = 0; x < plan.base; ++x)
            for (int y = 0; y < plan.base; ++y, ++z) sum[*z] = fma(v1[x], v2[y], sum[*z]);
    }
}

/// Adds pair instructions to o and leaves their push-forwards on the tape.
template<int B>
HWY_INLINE void add_pairs(const Plan& plan, const float* f, const Row<B>& v1, const Row<B>& v2, float* tape,
                          Row<B>& o) {
    for (const PairInstruction& pair : plan.pairs) {
        Row<B> sum;
        clear<B>(plan.base, sum);
        push_forward<B>(plan, pair, v1, v2, sum);
        store_row<B>(sum, plan.base, tape);
        tape += plan.base * lane_count;
        const V share = load(f, pair.position);
        each<B>(plan.base, [&](auto z) ROPEWALK_INLINED { o[z] = fma(share, sum[z], o[z]); });
    }
}

/// Adds zero, mov, inc, dec to o.
template<int B>
HWY_INLINE void add_unary(const Plan& plan, const float* f, const Row<B>& v1, V mass1, V mass2, Row<B>& o) {
    const int b = B > 0 ? B : plan.base;
    const auto add = [&](Opcode opcode, auto value) ROPEWALK_INLINED {
        if (plan.at(opcode) < 0) return;
        const V share = hn::Mul(load(f, plan.at(opcode)), mass2);
        each<B>(b, [&](auto x) ROPEWALK_INLINED { o[value(x)] = fma(share, v1[x], o[value(x)]); });
    };
    add(Opcode::mov, [](int x) ROPEWALK_INLINED { return x; });
    add(Opcode::inc, [b](int x) ROPEWALK_INLINED { return x + 1 == b ? 0 : x + 1; });
    add(Opcode::dec, [b](int x) ROPEWALK_INLINED { return x == 0 ? b - 1 : x - 1; });
    if (plan.at(Opcode::zero) >= 0) o[0] = fma(load(f, plan.at(Opcode::zero)), hn::Mul(mass1, mass2), o[0]);
}

/// Adds min and max to o: min is z when one operand is z and the other at least z.
template<int B>
HWY_INLINE void add_extrema(const Plan& plan, const float* f, const Row<B>& v1, const Row<B>& v2, Row<B>& o) {
    const int b = B > 0 ? B : plan.base;
    const auto add = [&](int position, auto order) ROPEWALK_INLINED {
        if (position < 0) return;
        const V share = load(f, position);
        V beyond1 = zero(), from2 = zero(); // mass of v1 beyond z, of v2 from z on
        each<B>(b, [&](auto i) ROPEWALK_INLINED {
            const int z = order(i);
            from2 = hn::Add(from2, v2[z]);
            o[z] = fma(share, fma(v1[z], from2, hn::Mul(v2[z], beyond1)), o[z]);
            beyond1 = hn::Add(beyond1, v1[z]);
        });
    };
    add(plan.at(Opcode::min), [b](int i) ROPEWALK_INLINED { return b - 1 - i; });
    add(plan.at(Opcode::max), [](int i) ROPEWALK_INLINED { return i; });
}

/// P(v1 = v2)
template<int B>
HWY_INLINE V probability_equal(const Plan& plan, const Row<B>& v1, const Row<B>& v2) {
    V sum = zero();
    each<B>(plan.base, [&](auto x) ROPEWALK_INLINED { sum = fma(v1[x], v2[x], sum); });
    return sum;
}

/// P(v1 < v2)
template<int B>
HWY_INLINE V probability_less(const Plan& plan, const Row<B>& v1, const Row<B>& v2) {
    V sum = zero(), below = zero();
    each<B>(plan.base, [&](auto y) ROPEWALK_INLINED {
        sum = fma(below, v2[y], sum);
        below = hn::Add(below, v1[y]);
    });
    return sum;
}

/// Adds eq and lt to o.
template<int B>
HWY_INLINE void add_comparisons(const Plan& plan, const float* f, const Row<B>& v1, const Row<B>& v2, V both,
                                Row<B>& o) {
    const auto add = [&](int position, V truth) ROPEWALK_INLINED {
        const V share = load(f, position);
        o[one] = fma(share, truth, o[one]);
        o[0] = fma(share, hn::Sub(both, truth), o[0]);
    };
    if (plan.at(Opcode::eq) >= 0) add(plan.at(Opcode::eq), probability_equal<B>(plan, v1, v2));
    if (plan.at(Opcode::lt) >= 0) add(plan.at(Opcode::lt), probability_less<B>(plan, v1, v2));
}

/// o without `read`, from the f, v1 and v2 of a tape slot, into its output.
template<int B>
inline HWY_NOINLINE void values(const Plan& plan, float* slot) {
    const float* f = slot + plan.slot.heads * lane_count;
    Row<B> v1, v2, o;
    load_row<B>(slot + plan.slot.value1 * lane_count, plan.base, v1);
    load_row<B>(slot + plan.slot.value2 * lane_count, plan.base, v2);
    clear<B>(plan.base, o);
    add_pairs<B>(plan, f, v1, v2, slot + plan.slot.pairs * lane_count, o);
    add_extrema<B>(plan, f, v1, v2, o);
    const V mass1 = mass<B>(v1, plan.base), mass2 = mass<B>(v2, plan.base);
    add_unary<B>(plan, f, v1, mass1, mass2, o);
    add_comparisons<B>(plan, f, v1, v2, hn::Mul(mass1, mass2), o);
    store_row<B>(o, plan.base, slot + plan.slot.output * lane_count);
}

/// What the adjoint of eq. 6 reads (f, v1, v2 and the derivative by o) and adds to (derivatives by f, v1,
/// v2).
template<int B>
struct ValueAdjoint {
    const float* f;
    Row<B> v1, v2, o;
    float* f_adjoint;
    Row<B> v1_adjoint, v2_adjoint;
    V mass1, mass2, mass1_adjoint, mass2_adjoint;
};

/// seed[kind][z] = f_kind * derivative by o[z], for the pair instructions that occur.
template<int B>
using Seeds = Row<B>[pair_opcodes.size()];

/// The pair instructions in `mask` in one walk: their seeds are summed before they are multiplied by v1 and
/// v2, which takes 2 multiply-adds per pair instead of 2 per pair and instruction.
template<int B, unsigned mask>
HWY_INLINE void walk_pairs(const Seeds<B>& seeds, ValueAdjoint<B>& a) {
    each<B>(B, [&](auto x) ROPEWALK_INLINED {
        V sum1 = a.v1_adjoint[x];
        each<B>(B, [&](auto y) ROPEWALK_INLINED {
            V seed = zero();
            each<static_cast<int>(pair_opcodes.size())>(0, [&](auto kind) ROPEWALK_INLINED {
                if constexpr ((mask >> kind.value & 1u) != 0) {
                    constexpr int z = pair_value<kind.value, B>(x.value, y.value);
                    constexpr bool is_first = (mask & ((1u << kind.value) - 1)) == 0;
                    if constexpr (is_first)
                        seed = seeds[kind][z];
                    else
                        seed = hn::Add(seed, seeds[kind][z]);
                }
            });
            sum1 = fma(seed, a.v2[y], sum1);
            a.v2_adjoint[y] = fma(seed, a.v1[x], a.v2_adjoint[y]);
        });
        a.v1_adjoint[x] = sum1;
    });
}

/// The sets people use in one walk; any other set one instruction after the other.
template<int B>
HWY_INLINE void walk_pairs(const Plan& plan, const Seeds<B>& seeds, ValueAdjoint<B>& a) {
    if constexpr (B > 0) {
        switch (plan.pair_mask) {
        case 0b00011: return walk_pairs<B, 0b00011>(seeds, a); // anc11
        case 0b01111: return walk_pairs<B, 0b01111>(seeds, a); // paper13
        case 0b11111: return walk_pairs<B, 0b11111>(seeds, a); // all
        default: break;
        }
        each<static_cast<int>(pair_opcodes.size())>(0, [&](auto kind) ROPEWALK_INLINED {
            if ((plan.pair_mask >> kind.value & 1u) != 0) walk_pairs<B, 1u << kind.value>(seeds, a);
        });
    } else {
        for (const PairInstruction& pair : plan.pairs) {
            const int* z = pair.result.data();
            for (int x = 0; x < plan.base; ++x)
                for (int y = 0; y < plan.base; ++y, ++z) {
                    const V seed = seeds[pair.kind][*z];
                    a.v1_adjoint[x] = fma(seed, a.v2[y], a.v1_adjoint[x]);
                    a.v2_adjoint[y] = fma(seed, a.v1[x], a.v2_adjoint[y]);
                }
        }
    }
}

template<int B>
HWY_INLINE void pairs_adjoint(const Plan& plan, const float* tape, ValueAdjoint<B>& a) {
    Seeds<B> seeds;
    for (const PairInstruction& pair : plan.pairs) {
        const V share = load(a.f, pair.position);
        V sum = zero();
        each<B>(plan.base, [&](auto z) ROPEWALK_INLINED {
            sum = fma(a.o[z], load(tape, z), sum);
            seeds[pair.kind][z] = hn::Mul(share, a.o[z]);
        });
        add_to(sum, a.f_adjoint, pair.position);
        tape += plan.base * lane_count;
    }
    walk_pairs<B>(plan, seeds, a);
}

template<int B>
HWY_INLINE void unary_adjoint(const Plan& plan, ValueAdjoint<B>& a) {
    const int b = B > 0 ? B : plan.base;
    const auto add = [&](Opcode opcode, auto value) ROPEWALK_INLINED {
        const int position = plan.at(opcode);
        if (position < 0) return;
        const V share = load(a.f, position);
        const V scale = hn::Mul(share, a.mass2);
        V sum = zero();
        each<B>(b, [&](auto x) ROPEWALK_INLINED {
            const V seed = a.o[value(x)];
            sum = fma(seed, a.v1[x], sum);
            a.v1_adjoint[x] = fma(scale, seed, a.v1_adjoint[x]);
        });
        a.mass2_adjoint = fma(share, sum, a.mass2_adjoint);
        add_to(hn::Mul(a.mass2, sum), a.f_adjoint, position);
    };
    add(Opcode::mov, [](int x) ROPEWALK_INLINED { return x; });
    add(Opcode::inc, [b](int x) ROPEWALK_INLINED { return x + 1 == b ? 0 : x + 1; });
    add(Opcode::dec, [b](int x) ROPEWALK_INLINED { return x == 0 ? b - 1 : x - 1; });
    const int position = plan.at(Opcode::zero);
    if (position < 0) return;
    const V seed = hn::Mul(load(a.f, position), a.o[0]);
    a.mass1_adjoint = fma(seed, a.mass2, a.mass1_adjoint);
    a.mass2_adjoint = fma(seed, a.mass1, a.mass2_adjoint);
    add_to(hn::Mul(a.o[0], hn::Mul(a.mass1, a.mass2)), a.f_adjoint, position);
}

template<int B>
HWY_INLINE void extrema_adjoint(const Plan& plan, ValueAdjoint<B>& a) {
    const int b = B > 0 ? B : plan.base;
    const auto add = [&](int position, auto order) ROPEWALK_INLINED {
        if (position < 0) return;
        const V share = load(a.f, position);
        V sum = zero();
        V from1 = a.mass1, from2 = a.mass2;   // mass from x on
        V before1 = zero(), before2 = zero(); // sum before x of seed times v1, v2
        each<B>(b, [&](auto i) ROPEWALK_INLINED {
            const int x = order(i);
            const V seed = a.o[x];
            const V by_v1 = fma(seed, from2, before2);
            const V by_v2 = fma(seed, from1, before1);
            a.v1_adjoint[x] = fma(share, by_v1, a.v1_adjoint[x]);
            a.v2_adjoint[x] = fma(share, by_v2, a.v2_adjoint[x]);
            sum = fma(a.v1[x], by_v1, sum);
            before1 = fma(seed, a.v1[x], before1);
            before2 = fma(seed, a.v2[x], before2);
            from1 = hn::Sub(from1, a.v1[x]);
            from2 = hn::Sub(from2, a.v2[x]);
        });
        add_to(sum, a.f_adjoint, position);
    };
    add(plan.at(Opcode::min), [](int i) ROPEWALK_INLINED { return i; });
    add(plan.at(Opcode::max), [b](int i) ROPEWALK_INLINED { return b - 1 - i; });
}

/// `truth` is the probability that the comparison holds; `by_operands` adds its derivative, times a factor.
template<int B, class Body>
HWY_INLINE void comparison_adjoint(int position, V truth, ValueAdjoint<B>& a, const Body& by_operands) {
    const V share = load(a.f, position);
    const V difference = hn::Sub(a.o[one], a.o[0]);
    add_to(fma(difference, truth, hn::Mul(a.o[0], hn::Mul(a.mass1, a.mass2))), a.f_adjoint, position);
    const V seed = hn::Mul(share, a.o[0]);
    a.mass1_adjoint = fma(seed, a.mass2, a.mass1_adjoint);
    a.mass2_adjoint = fma(seed, a.mass1, a.mass2_adjoint);
    by_operands(hn::Mul(share, difference));
}

template<int B>
HWY_INLINE void comparisons_adjoint(const Plan& plan, ValueAdjoint<B>& a) {
    const int b = plan.base;
    if (plan.at(Opcode::eq) >= 0)
        comparison_adjoint<B>(plan.at(Opcode::eq), probability_equal<B>(plan, a.v1, a.v2), a,
                              [&](V seed) ROPEWALK_INLINED {
                                  each<B>(b, [&](auto x) ROPEWALK_INLINED {
                                      a.v1_adjoint[x] = fma(seed, a.v2[x], a.v1_adjoint[x]);
                                      a.v2_adjoint[x] = fma(seed, a.v1[x], a.v2_adjoint[x]);
                                  });
                              });
    if (plan.at(Opcode::lt) >= 0)
        comparison_adjoint<B>(plan.at(Opcode::lt), probability_less<B>(plan, a.v1, a.v2), a,
                              [&](V seed) ROPEWALK_INLINED {
                                  V below = zero(), above = a.mass2; // mass of v1 below x, of v2 above x
                                  each<B>(b, [&](auto x) ROPEWALK_INLINED {
                                      above = hn::Sub(above, a.v2[x]);
                                      a.v1_adjoint[x] = fma(seed, above, a.v1_adjoint[x]);
                                      a.v2_adjoint[x] = fma(seed, below, a.v2_adjoint[x]);
                                      below = hn::Add(below, a.v1[x]);
                                  });
                              });
}

/// Adjoint of `values`: adds to the derivatives by f, w.value1 and w.value2, given w.output.
template<int B>
inline HWY_NOINLINE void values_adjoint(const Plan& plan, const Workspace& w, const float* slot,
                                        float* f_adjoint) {
    ValueAdjoint<B> a;
    a.f = slot + plan.slot.heads * lane_count;
    a.f_adjoint = f_adjoint;
    load_row<B>(slot + plan.slot.value1 * lane_count, plan.base, a.v1);
    load_row<B>(slot + plan.slot.value2 * lane_count, plan.base, a.v2);
    load_row<B>(w.output, plan.base, a.o);
    load_row<B>(w.value1, plan.base, a.v1_adjoint);
    load_row<B>(w.value2, plan.base, a.v2_adjoint);
    a.mass1 = mass<B>(a.v1, plan.base);
    a.mass2 = mass<B>(a.v2, plan.base);
    a.mass1_adjoint = a.mass2_adjoint = zero();
    pairs_adjoint<B>(plan, slot + plan.slot.pairs * lane_count, a);
    extrema_adjoint<B>(plan, a);
    unary_adjoint<B>(plan, a);
    comparisons_adjoint<B>(plan, a);
    each<B>(plan.base, [&](auto x) ROPEWALK_INLINED {
        store(hn::Add(a.v1_adjoint[x], a.mass1_adjoint), w.value1, x);
        store(hn::Add(a.v2_adjoint[x], a.mass2_adjoint), w.value2, x);
    });
}

} // namespace ropewalk::machine::lanes::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
