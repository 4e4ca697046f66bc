// The value of an instruction (eq. 6) without the table T: its structure instead, and the adjoint.
// Plain version: reference::Machine::output and output_adjoint.
//
// `B` is the base where it is known at compile time, else 0; `Known` is what is known, see lanes_plan.hpp.
// Unary instructions are shifts of v1, times the mass of v2 because T sums over both operands; min, max, eq
// and lt need running sums only; add, sub, mul, div and mod walk all pairs (x, y). `read` needs the memory
// and is in lanes_step-inl.hpp.
#if defined(ROPEWALK_LANES_VALUES_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ROPEWALK_LANES_VALUES_INL
#undef ROPEWALK_LANES_VALUES_INL
#else
#define ROPEWALK_LANES_VALUES_INL
#endif

#include <array>

#include "ropewalk/programs/machine/kernels/lanes_plan.hpp"
#include "ropewalk/programs/machine/kernels/lanes_vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ropewalk::machine::lanes::HWY_NAMESPACE::inline ROPEWALK_LANES_NUMBERS {

using assembly::Opcode;

HWY_INLINE V mass(const Real* row, int base) {
    V sum = zero();
    for (int x = 0; x < base; ++x) sum = hn::Add(sum, load_once(row, x));
    return sum;
}

/// The value of eq and lt when they hold; bases start at 2.
constexpr int one = 1;

/// Value of a pair instruction; a constant of the unrolled code where the base is known.
template<int kind, int B>
constexpr int pair_value(int x, int y) {
    return assembly::info(pair_opcodes[static_cast<std::size_t>(kind)]).value(x, y, B);
}

/// Values of a pair instruction where the base is not known: [x * b + y] of the pair instruction at `index`
/// of the set.
HWY_INLINE const int* pair_result(const Plan& plan, std::size_t index) {
    const auto b = static_cast<std::size_t>(plan.sizes.base);
    return plan.pair_results.data() + index * b * b;
}

/// Pair instructions as bits, see Sizes::pair_mask.
constexpr unsigned add_sub = 0b00011, mul_div = 0b01100;

/// sum over x, y with value(x, y) = z of v1[x] v2[y]
template<int B, int kind>
HWY_INLINE void push_forward(const Real* v1, const Real* v2, Row<B>& sum) {
    each<B>(B, [&](auto x) ROPEWALK_INLINED {
        each<B>(B, [&](auto y) ROPEWALK_INLINED {
            constexpr int z = pair_value<kind, B>(x.value, y.value);
            sum[z] = fma(load(v1, x), load(v2, y), sum[z]);
        });
    });
}

/// Whether a walk for one pair instruction alone is unrolled. Sets with add, sub, mul and div, which most are, do
/// without; at b = 16 ten such walks cost the compiler half a gigabyte.
template<int B>
constexpr bool unrolls_one_pair = B > 0 && B <= 10;

/// The same of the pair instruction at `index` of the set.
template<class Known, int B = Known::base>
HWY_INLINE void push_forward(const Plan& plan, std::size_t index, const Real* v1, const Real* v2,
                             Row<B>& sum) {
    if constexpr (unrolls_one_pair<B>) {
        switch (Known::of(plan).pair_list[index].kind) {
        case 0: return push_forward<B, 0>(v1, v2, sum);
        case 1: return push_forward<B, 1>(v1, v2, sum);
        case 2: return push_forward<B, 2>(v1, v2, sum);
        case 3: return push_forward<B, 3>(v1, v2, sum);
        default: return push_forward<B, 4>(v1, v2, sum);
        }
    } else {
        // A result after the other, so that no sum passes through memory, in two chains of multiply-adds.
        const int* start = plan.result_starts.data() + index * static_cast<std::size_t>(plan.sizes.base + 1);
        const Plan::Pair* const pairs = plan.pairs_by_result.data();
        for (int z = 0; z < plan.sizes.base; ++z) {
            V even = zero(), odd = zero();
            int i = start[z];
            for (; i + 1 < start[z + 1]; i += 2) {
                even = fma(load(v1, pairs[i].x), load(v2, pairs[i].y), even);
                odd = fma(load(v1, pairs[i + 1].x), load(v2, pairs[i + 1].y), odd);
            }
            if (i < start[z + 1]) even = fma(load(v1, pairs[i].x), load(v2, pairs[i].y), even);
            sum[z] = hn::Add(even, odd);
        }
    }
}

/// The pairs (x, y) sorted by what two pair instructions make of them: class c is the pairs from start[c] on.
template<int B, int first, int second>
struct PairClasses {
    int count = 0;
    std::array<int, B * B> first_value{}, second_value{}; ///< by class
    /// By class: whether it is the first with that value, and where its pairs start.
    std::array<bool, B * B> begins_first{}, begins_second{};
    std::array<int, B * B + 1> start{};
    std::array<int, B * B> x{}, y{};

    constexpr PairClasses() {
        std::array<int, B * B> pairs_of{}; ///< by values of both, how many pairs have them
        for (int i = 0; i < B * B; ++i) ++pairs_of[both(i)];
        std::size_t classes = 0;
        std::array<std::size_t, B * B> next{}; ///< likewise, where their next pair goes
        std::array<bool, B> first_seen{}, second_seen{};
        for (std::size_t z = 0; z < B * B; ++z) {
            if (pairs_of[z] == 0) continue;
            const std::size_t z1 = z / B, z2 = z % B;
            first_value[classes] = static_cast<int>(z1), second_value[classes] = static_cast<int>(z2);
            begins_first[classes] = !first_seen[z1], begins_second[classes] = !second_seen[z2];
            first_seen[z1] = second_seen[z2] = true;
            next[z] = static_cast<std::size_t>(start[classes]);
            start[classes + 1] = start[classes] + pairs_of[z];
            ++classes;
        }
        for (int i = 0; i < B * B; ++i) {
            const std::size_t place = next[both(i)]++;
            x[place] = i / B, y[place] = i % B;
        }
        count = static_cast<int>(classes);
    }

private:
    /// What both make of pair i, as one number.
    static constexpr std::size_t both(int i) {
        return static_cast<std::size_t>(pair_value<first, B>(i / B, i % B) * B + pair_value<second, B>(i / B, i % B));
    }
};

/// Two push-forwards in one walk. Pairs of which both instructions make the same are summed first, and sums
/// are added, not multiplied: a core adds beside its multiply-adds. 628 against 639 ns per step
/// (step_samples/forward_backward/b8_n4_m8_L8_T32).
template<int B, int first, int second>
HWY_INLINE void push_forward(const Real* v1, const Real* v2, Row<B>& first_sum, Row<B>& second_sum) {
    static constexpr PairClasses<B, first, second> classes;
    each<classes.count>(classes.count, [&](auto c) ROPEWALK_INLINED {
        constexpr int begin = classes.start[c.value], size = classes.start[c.value + 1] - begin;
        V p;
        each<size>(size, [&](auto i) ROPEWALK_INLINED {
            const V left = load(v1, classes.x[begin + i.value]), right = load(v2, classes.y[begin + i.value]);
            p = i.value == 0 ? hn::Mul(left, right) : fma(left, right, p);
        });
        const auto add = [&](bool begins, V& entry)
                             ROPEWALK_INLINED { entry = begins ? p : hn::Add(entry, p); };
        add(classes.begins_first[c.value], first_sum[classes.first_value[c.value]]);
        add(classes.begins_second[c.value], second_sum[classes.second_value[c.value]]);
    });
}

/// Adds what a pair instruction contributes to o and leaves its push-forward on the tape.
template<int B>
HWY_INLINE void add_pair(const Sizes& sizes, const Real* f, std::size_t index, const Row<B>& sum,
                         Real* tape, Row<B>& o) {
    store_row<B>(sum, sizes.base, tape + static_cast<int>(index) * sizes.base * lane_count);
    const V share = load(f, sizes.pair_list[index].position);
    each<B>(sizes.base, [&](auto z) ROPEWALK_INLINED { o[z] = fma(share, sum[z], o[z]); });
}

/// Pair instructions of the set, one after the other from `begin` on.
template<class Known, int B = Known::base>
HWY_INLINE void add_single_pairs(const Plan& plan, const Real* f, std::size_t begin, const Real* v1,
                                 const Real* v2, Real* tape, Row<B>& o) {
    const Sizes& sizes = Known::of(plan);
    for (std::size_t i = begin; i < sizes.pair_count; ++i) {
        Row<B> sum;
        clear<B>(sizes.base, sum);
        push_forward<Known>(plan, i, v1, v2, sum);
        add_pair<B>(sizes, f, i, sum, tape, o);
    }
}

/// Adds pair instructions to o and leaves their push-forwards on the tape: in twos, in the sets people use.
template<class Known, int B = Known::base>
HWY_INLINE void add_pairs(const Plan& plan, const Real* f, const Real* v1, const Real* v2, Real* tape,
                          Row<B>& o) {
    if constexpr (B > 0) {
        const Sizes& sizes = Known::of(plan);
        const auto add_two = [&](auto first, auto second) ROPEWALK_INLINED {
            Row<B> first_sum, second_sum;
            clear<B>(B, first_sum);
            clear<B>(B, second_sum);
            push_forward<B, first.value, second.value>(v1, v2, first_sum, second_sum);
            add_pair<B>(sizes, f, first.value, first_sum, tape, o);
            add_pair<B>(sizes, f, second.value, second_sum, tape, o);
        };
        const bool has_add_sub = (sizes.pair_mask & add_sub) == add_sub;
        const bool has_mul_div = has_add_sub && (sizes.pair_mask & mul_div) == mul_div;
        if (has_add_sub) add_two(std::integral_constant<int, 0>{}, std::integral_constant<int, 1>{});
        if (has_mul_div) add_two(std::integral_constant<int, 2>{}, std::integral_constant<int, 3>{});
        add_single_pairs<Known>(plan, f, has_mul_div ? 4 : has_add_sub ? 2 : 0, v1, v2, tape, o);
    } else {
        add_single_pairs<Known>(plan, f, 0, v1, v2, tape, o);
    }
}

/// Adds zero, mov, inc, dec to o.
template<int B>
HWY_INLINE void add_unary(const Sizes& sizes, const Real* f, const Real* v1, V mass1, V mass2, Row<B>& o) {
    const int b = B > 0 ? B : sizes.base;
    const auto add = [&](Opcode opcode, auto value) ROPEWALK_INLINED {
        if (sizes.at(opcode) < 0) return;
        const V share = hn::Mul(load(f, sizes.at(opcode)), mass2);
        each<B>(b, [&](auto x) ROPEWALK_INLINED { o[value(x)] = fma(share, load_once(v1, x), o[value(x)]); });
    };
    add(Opcode::mov, [](int x) ROPEWALK_INLINED { return x; });
    add(Opcode::inc, [b](int x) ROPEWALK_INLINED { return x + 1 == b ? 0 : x + 1; });
    add(Opcode::dec, [b](int x) ROPEWALK_INLINED { return x == 0 ? b - 1 : x - 1; });
    if (sizes.at(Opcode::zero) >= 0) o[0] = fma(load(f, sizes.at(Opcode::zero)), hn::Mul(mass1, mass2), o[0]);
}

/// Adds min and max to o: min is z when one operand is z and the other at least z.
template<int B>
HWY_INLINE void add_extrema(const Sizes& sizes, const Real* f, const Real* v1, const Real* v2, Row<B>& o) {
    const int b = B > 0 ? B : sizes.base;
    const auto add = [&](int position, auto order) ROPEWALK_INLINED {
        if (position < 0) return;
        const V share = load(f, position);
        V beyond1 = zero(), from2 = zero(); // mass of v1 beyond z, of v2 from z on
        each<B>(b, [&](auto i) ROPEWALK_INLINED {
            const int z = order(i);
            from2 = hn::Add(from2, load(v2, z));
            o[z] = fma(share, fma(load(v1, z), from2, hn::Mul(load(v2, z), beyond1)), o[z]);
            beyond1 = hn::Add(beyond1, load(v1, z));
        });
    };
    add(sizes.at(Opcode::min), [b](int i) ROPEWALK_INLINED { return b - 1 - i; });
    add(sizes.at(Opcode::max), [](int i) ROPEWALK_INLINED { return i; });
}

/// P(v1 = v2)
template<int B>
HWY_INLINE V probability_equal(const Sizes& sizes, const Real* v1, const Real* v2) {
    V sum = zero();
    each<B>(sizes.base, [&](auto x) ROPEWALK_INLINED { sum = fma(load(v1, x), load(v2, x), sum); });
    return sum;
}

/// P(v1 < v2)
template<int B>
HWY_INLINE V probability_less(const Sizes& sizes, const Real* v1, const Real* v2) {
    V sum = zero(), below = zero();
    each<B>(sizes.base, [&](auto y) ROPEWALK_INLINED {
        sum = fma(below, load(v2, y), sum);
        below = hn::Add(below, load(v1, y));
    });
    return sum;
}

/// Adds eq and lt to o.
template<int B>
HWY_INLINE void add_comparisons(const Sizes& sizes, const Real* f, const Real* v1, const Real* v2, V both,
                                Row<B>& o) {
    const auto add = [&](int position, V truth) ROPEWALK_INLINED {
        const V share = load(f, position);
        o[one] = fma(share, truth, o[one]);
        o[0] = fma(share, hn::Sub(both, truth), o[0]);
    };
    if (sizes.at(Opcode::eq) >= 0) add(sizes.at(Opcode::eq), probability_equal<B>(sizes, v1, v2));
    if (sizes.at(Opcode::lt) >= 0) add(sizes.at(Opcode::lt), probability_less<B>(sizes, v1, v2));
}

/// o without `read`, from the f, v1 and v2 of a tape slot, into its output.
template<class Known>
HWY_NOINLINE void values(const Plan& plan, Real* slot) {
    constexpr int B = Known::base;
    const Sizes& sizes = Known::of(plan);
    const Real* f = slot + sizes.slot.heads * lane_count;
    const Real* const v1 = slot + sizes.slot.value1 * lane_count;
    const Real* const v2 = slot + sizes.slot.value2 * lane_count;
    Row<B> o;
    clear<B>(sizes.base, o);
    add_pairs<Known>(plan, f, v1, v2, slot + sizes.slot.pairs * lane_count, o);
    add_extrema<B>(sizes, f, v1, v2, o);
    const V mass1 = mass(v1, sizes.base), mass2 = mass(v2, sizes.base);
    add_unary<B>(sizes, f, v1, mass1, mass2, o);
    add_comparisons<B>(sizes, f, v1, v2, hn::Mul(mass1, mass2), o);
    store_row<B>(o, sizes.base, slot + sizes.slot.output * lane_count);
}

/// What the adjoint of eq. 6 reads (f, v1, v2 and the derivative by o) and adds to (derivatives by f, v1,
/// v2).
template<int B>
struct ValueAdjoint {
    const Real *f, *value1, *value2;
    Real* f_adjoint;
    Row<B> o, v1_adjoint, v2_adjoint;
    V mass1, mass2, mass1_adjoint, mass2_adjoint;

    HWY_INLINE V v1(int x) const { return load(value1, x); }
    HWY_INLINE V v2(int x) const { return load(value2, x); }
};

/// Sum over the pair instructions in `mask` of seeds[kind][value(x, y)].
template<int B, unsigned mask, int x, int y>
HWY_INLINE V seed_sum(const Real* seeds) {
    V sum = zero();
    each<static_cast<int>(pair_opcodes.size())>(0, [&](auto kind) ROPEWALK_INLINED {
        if constexpr ((mask >> kind.value & 1u) != 0) {
            const V seed = load(seeds, kind.value * B + pair_value<kind.value, B>(x, y));
            constexpr bool is_first = (mask & ((1u << kind.value) - 1)) == 0;
            sum = is_first ? seed : hn::Add(sum, seed);
        }
    });
    return sum;
}

/// The pair instructions in `mask` in one walk: their seeds are summed before they are multiplied by v1 and
/// v2, which takes 2 multiply-adds per pair instead of 2 per pair and instruction. The seeds
/// of add and sub are the same for (x, y) and (x + b / 2, y + b / 2): the sum of the operands grows by b, the
/// difference stays.
///
/// Everything but v2 and its derivative stays in memory, where a multiply-add can read it: the compiler
/// spends more on moving rows out of its registers than the processor on reading them.
template<int B, unsigned mask>
HWY_INLINE void walk_pairs(const Real* seeds, const Real* v1, const Real* v2, Real* v1_adjoint,
                           Real* v2_adjoint) {
    static_assert(B % 2 == 0, "(x, y) and (x + B / 2, y + B / 2) have one sum and one difference");
    constexpr int half = B / 2;
    constexpr unsigned common = mask & add_sub, others = mask & ~add_sub;
    Row<B> by, sum2;
    load_row<B>(v2, B, by);
    load_row<B>(v2_adjoint, B, sum2);
    each<half>(half, [&](auto x) ROPEWALK_INLINED {
        constexpr int near_x = x.value, far_x = near_x + half;
        const V near_v1 = load(v1, near_x), far_v1 = load(v1, far_x);
        V near_sum1 = load(v1_adjoint, near_x), far_sum1 = load(v1_adjoint, far_x);
        each<B>(B, [&](auto y) ROPEWALK_INLINED {
            constexpr int near_y = y.value, far_y = (near_y + half) % B;
            V near_seed = seed_sum<B, common, near_x, near_y>(seeds), far_seed = near_seed;
            if constexpr (others != 0) {
                near_seed = hn::Add(near_seed, seed_sum<B, others, near_x, near_y>(seeds));
                far_seed = hn::Add(far_seed, seed_sum<B, others, far_x, far_y>(seeds));
            }
            near_sum1 = fma(near_seed, by[near_y], near_sum1);
            far_sum1 = fma(far_seed, by[far_y], far_sum1);
            sum2[near_y] = fma(near_seed, near_v1, sum2[near_y]);
            sum2[far_y] = fma(far_seed, far_v1, sum2[far_y]);
        });
        store(near_sum1, v1_adjoint, near_x);
        store(far_sum1, v1_adjoint, far_x);
    });
    store_row<B>(sum2, B, v2_adjoint);
}

/// Some rows of a walk over the pairs of an instruction, from x = first on, which share what is loaded for y.
template<int rows>
HWY_INLINE void walk_rows(int base, const int* z, const Real* seeds, const Real* v1, const Real* v2, int first,
                          Real* v1_adjoint, Real* v2_adjoint) {
    Row<rows> factor, sum1;
    load_row<rows>(v1 + first * lane_count, rows, factor);
    load_row<rows>(v1_adjoint + first * lane_count, rows, sum1);
    for (int y = 0; y < base; ++y) {
        const V by = load(v2, y);
        V sum2 = load(v2_adjoint, y);
        each<rows>(rows, [&](auto x) ROPEWALK_INLINED {
            const V seed = load(seeds, z[x * base + y]);
            sum1[x] = fma(seed, by, sum1[x]);
            sum2 = fma(seed, factor[x], sum2);
        });
        store(sum2, v2_adjoint, y);
    }
    store_row<rows>(sum1, rows, v1_adjoint + first * lane_count);
}

/// The pair instruction at `index` of the set in loops, four rows at a time.
HWY_INLINE void walk_one_pair(const Plan& plan, std::size_t index, const Real* seeds, const Real* v1,
                              const Real* v2, Real* v1_adjoint, Real* v2_adjoint) {
    const Sizes& sizes = plan.sizes;
    const int* const z = pair_result(plan, index);
    const Real* const of_kind = seeds + sizes.pair_list[index].kind * sizes.base * lane_count;
    int x = 0;
    for (; x + 4 <= sizes.base; x += 4)
        walk_rows<4>(sizes.base, z + x * sizes.base, of_kind, v1, v2, x, v1_adjoint, v2_adjoint);
    for (; x < sizes.base; ++x)
        walk_rows<1>(sizes.base, z + x * sizes.base, of_kind, v1, v2, x, v1_adjoint, v2_adjoint);
}

/// The four or two that most sets have in one walk; others one instruction after the other.
template<class Known>
HWY_INLINE void walk_pairs(const Plan& plan, const Real* seeds, const Real* v1, const Real* v2,
                           Real* v1_adjoint, Real* v2_adjoint) {
    constexpr int B = Known::base;
    const Sizes& sizes = Known::of(plan);
    unsigned rest = sizes.pair_mask;
    if constexpr (B > 0) {
        const auto walk = [&](auto mask) ROPEWALK_INLINED {
            walk_pairs<B, mask.value>(seeds, v1, v2, v1_adjoint, v2_adjoint);
            rest &= ~mask.value;
        };
        if ((rest & add_sub) == add_sub && (rest & mul_div) == mul_div) // paper13
            walk(std::integral_constant<unsigned, add_sub | mul_div>{});
        else if ((rest & add_sub) == add_sub) // anc11
            walk(std::integral_constant<unsigned, add_sub>{});
        if constexpr (unrolls_one_pair<B>)
            each<static_cast<int>(pair_opcodes.size())>(0, [&](auto kind) ROPEWALK_INLINED {
                constexpr unsigned mask = 1u << kind.value;
                if ((rest & mask) != 0) walk(std::integral_constant<unsigned, mask>{});
            });
    }
    for (std::size_t i = 0; i < sizes.pair_count; ++i)
        if ((rest >> sizes.pair_list[i].kind & 1u) != 0)
            walk_one_pair(plan, i, seeds, v1, v2, v1_adjoint, v2_adjoint);
}

/// Adds the pair instructions to the derivatives by f, w.value1 and w.value2, given w.output.
template<class Known>
HWY_NOINLINE void pairs_adjoint(const Plan& plan, const Workspace& w, const Real* slot, Real* f_adjoint) {
    constexpr int B = Known::base;
    const Sizes& sizes = Known::of(plan);
    const Real* f = slot + sizes.slot.heads * lane_count;
    const Real* push_forward = slot + sizes.slot.pairs * lane_count;
    Real* const all_seeds = w.seeds;
    Row<B> o;
    load_row<B>(w.output, sizes.base, o);
    for (const PairInstruction& pair : sizes.pairs()) {
        const V share = load(f, pair.position);
        Real* const seeds = all_seeds + pair.kind * sizes.base * lane_count;
        V sum = load(f_adjoint, pair.position);
        each<B>(sizes.base, [&](auto z) ROPEWALK_INLINED {
            sum = fma(o[z], load_once(push_forward, z), sum);
            store(hn::Mul(share, o[z]), seeds, z);
        });
        store(sum, f_adjoint, pair.position);
        push_forward += sizes.base * lane_count;
    }
    walk_pairs<Known>(plan, all_seeds, slot + sizes.slot.value1 * lane_count,
                      slot + sizes.slot.value2 * lane_count, w.value1, w.value2);
}

template<int B>
HWY_INLINE void unary_adjoint(const Sizes& sizes, ValueAdjoint<B>& a) {
    const int b = B > 0 ? B : sizes.base;
    const auto add = [&](Opcode opcode, auto value) ROPEWALK_INLINED {
        const int position = sizes.at(opcode);
        if (position < 0) return;
        const V share = load(a.f, position);
        const V scale = hn::Mul(share, a.mass2);
        V sum = zero();
        each<B>(b, [&](auto x) ROPEWALK_INLINED {
            const V seed = a.o[value(x)];
            sum = fma(seed, load_once(a.value1, x), sum);
            a.v1_adjoint[x] = fma(scale, seed, a.v1_adjoint[x]);
        });
        a.mass2_adjoint = fma(share, sum, a.mass2_adjoint);
        store(fma(a.mass2, sum, load(a.f_adjoint, position)), a.f_adjoint, position);
    };
    add(Opcode::mov, [](int x) ROPEWALK_INLINED { return x; });
    add(Opcode::inc, [b](int x) ROPEWALK_INLINED { return x + 1 == b ? 0 : x + 1; });
    add(Opcode::dec, [b](int x) ROPEWALK_INLINED { return x == 0 ? b - 1 : x - 1; });
    const int position = sizes.at(Opcode::zero);
    if (position < 0) return;
    const V seed = hn::Mul(load(a.f, position), a.o[0]);
    a.mass1_adjoint = fma(seed, a.mass2, a.mass1_adjoint);
    a.mass2_adjoint = fma(seed, a.mass1, a.mass2_adjoint);
    add_to(hn::Mul(a.o[0], hn::Mul(a.mass1, a.mass2)), a.f_adjoint, position);
}

template<int B>
HWY_INLINE void extrema_adjoint(const Sizes& sizes, ValueAdjoint<B>& a) {
    const int b = B > 0 ? B : sizes.base;
    const auto add = [&](int position, auto order) ROPEWALK_INLINED {
        if (position < 0) return;
        const V share = load(a.f, position);
        V sum = load(a.f_adjoint, position);
        V from1 = a.mass1, from2 = a.mass2;   // mass from x on
        V before1 = zero(), before2 = zero(); // sum before x of seed times v1, v2
        each<B>(b, [&](auto i) ROPEWALK_INLINED {
            const int x = order(i);
            const V seed = a.o[x];
            const V by_v1 = fma(seed, from2, before2);
            const V by_v2 = fma(seed, from1, before1);
            a.v1_adjoint[x] = fma(share, by_v1, a.v1_adjoint[x]);
            a.v2_adjoint[x] = fma(share, by_v2, a.v2_adjoint[x]);
            const V v1 = a.v1(x), v2 = a.v2(x);
            sum = fma(v1, by_v1, sum);
            before1 = fma(seed, v1, before1);
            before2 = fma(seed, v2, before2);
            from1 = hn::Sub(from1, v1);
            from2 = hn::Sub(from2, v2);
        });
        store(sum, a.f_adjoint, position);
    };
    add(sizes.at(Opcode::min), [](int i) ROPEWALK_INLINED { return i; });
    add(sizes.at(Opcode::max), [b](int i) ROPEWALK_INLINED { return b - 1 - i; });
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
HWY_INLINE void comparisons_adjoint(const Sizes& sizes, ValueAdjoint<B>& a) {
    const int b = sizes.base;
    if (sizes.at(Opcode::eq) >= 0)
        comparison_adjoint<B>(sizes.at(Opcode::eq), probability_equal<B>(sizes, a.value1, a.value2), a,
                              [&](V seed) ROPEWALK_INLINED {
                                  each<B>(b, [&](auto x) ROPEWALK_INLINED {
                                      a.v1_adjoint[x] = fma(seed, a.v2(x), a.v1_adjoint[x]);
                                      a.v2_adjoint[x] = fma(seed, a.v1(x), a.v2_adjoint[x]);
                                  });
                              });
    if (sizes.at(Opcode::lt) >= 0)
        comparison_adjoint<B>(sizes.at(Opcode::lt), probability_less<B>(sizes, a.value1, a.value2), a,
                              [&](V seed) ROPEWALK_INLINED {
                                  V below = zero(), above = a.mass2; // mass of v1 below x, of v2 above x
                                  each<B>(b, [&](auto x) ROPEWALK_INLINED {
                                      above = hn::Sub(above, a.v2(x));
                                      a.v1_adjoint[x] = fma(seed, above, a.v1_adjoint[x]);
                                      a.v2_adjoint[x] = fma(seed, below, a.v2_adjoint[x]);
                                      below = hn::Add(below, a.v1(x));
                                  });
                              });
}

/// Adjoint of `values`: adds to the derivatives by f, w.value1 and w.value2, given w.output.
template<class Known>
HWY_NOINLINE void values_adjoint(const Plan& plan, const Workspace& w, const Real* slot, Real* f_adjoint) {
    constexpr int B = Known::base;
    const Sizes& sizes = Known::of(plan);
    pairs_adjoint<Known>(plan, w, slot, f_adjoint);
    ValueAdjoint<B> a;
    a.f = slot + sizes.slot.heads * lane_count;
    a.f_adjoint = f_adjoint;
    a.value1 = slot + sizes.slot.value1 * lane_count;
    a.value2 = slot + sizes.slot.value2 * lane_count;
    load_row<B>(w.output, sizes.base, a.o);
    load_row<B>(w.value1, sizes.base, a.v1_adjoint);
    load_row<B>(w.value2, sizes.base, a.v2_adjoint);
    a.mass1 = mass(a.value1, sizes.base);
    a.mass2 = mass(a.value2, sizes.base);
    a.mass1_adjoint = a.mass2_adjoint = zero();
    extrema_adjoint<B>(sizes, a);
    unary_adjoint<B>(sizes, a);
    comparisons_adjoint<B>(sizes, a);
    Real *const value1 = w.value1, *const value2 = w.value2;
    each<B>(sizes.base, [&](auto x) ROPEWALK_INLINED {
        store(hn::Add(a.v1_adjoint[x], a.mass1_adjoint), value1, x);
        store(hn::Add(a.v2_adjoint[x], a.mass2_adjoint), value2, x);
    });
}

} // namespace ropewalk::machine::lanes::HWY_NAMESPACE::inline ROPEWALK_LANES_NUMBERS
HWY_AFTER_NAMESPACE();

#endif
