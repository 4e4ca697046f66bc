// The controller (eq. 1-2): every head of every line mixed by the line distribution l, and its adjoint.
// Plain version: reference::Machine::head and head_adjoint.
//
// The weights are prepared so that a step is one product of l with [L, columns]: times log2(e) when logits
// are mixed (softmax follows, with 2^x), softmax of every line when probabilities are mixed (nothing
// follows). The largest logit of every head of every line is 0: that moves all mixed logits of a head alike,
// and none is above 0 while l is a distribution. They lie in the order in which both directions read them,
// see weight_index; the gradient likewise.
//
// The gradient, an outer product per step, is not added at every step: the derivatives by l W wait in the
// tape, where the heads were, and those of many steps are added together, so that the gradient passes through
// the first-level cache once for all of them. 857 against 905 ns per step with a buffer for 8 steps
// (step_samples/forward_backward/b8_n4_m8_L8_T32).
#if defined(ROPEWALK_LANES_HEADS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ROPEWALK_LANES_HEADS_INL
#undef ROPEWALK_LANES_HEADS_INL
#else
#define ROPEWALK_LANES_HEADS_INL
#endif

#include "ropewalk/programs/machine/kernels/lanes_plan.hpp"
#include "ropewalk/programs/machine/kernels/lanes_vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ropewalk::machine::lanes::HWY_NAMESPACE::inline ROPEWALK_LANES_NUMBERS {

/// Prepared weights of one program per lane, from an index on.
struct LaneWeights {
    const Real* first;

    HWY_INLINE V at(int index) const { return load_once(first, index); }
    HWY_INLINE LaneWeights from(int index) const { return {first + index * lane_count}; }
};

/// Those of one program for all lanes. 773 against 818 ns per step: an operand that is read for all lanes
/// costs a multiply-add less than a vector does, and 1 KB leaves more of the first-level cache to the tape
/// (step_samples/forward_backward/b8_n4_m8_L8_T32 and its programs_in_lanes).
struct SharedWeights {
    const Real* first;

    HWY_INLINE V at(int index) const { return constant(first[index]); }
    HWY_INLINE SharedWeights from(int index) const { return {first + index}; }
};

constexpr Real log2_of_e = static_cast<Real>(1.44269504088896340736);
constexpr Real log_of_2 = static_cast<Real>(0.69314718055994530942);

/// In place: x to 2^(x - shift); returns their sum. Entries are `stride` vectors apart.
HWY_INLINE V exponentials(Real* values, int width, int stride, V shift) {
    V sum = zero();
    for (int c = 0; c < width; ++c) {
        const V e = exp2(hn::Sub(load(values, c * stride), shift));
        sum = hn::Add(sum, e);
        store(e, values, c * stride);
    }
    return sum;
}

HWY_INLINE void scale_by(V factor, Real* values, int width, int stride) {
    for (int c = 0; c < width; ++c) store(hn::Mul(load(values, c * stride), factor), values, c * stride);
}

/// In place: base-2 logits, the largest of them 0, to probabilities.
HWY_INLINE void softmax(Real* values, int width, int stride) {
    const V sum = exponentials(values, width, stride, zero());
    scale_by(hn::Div(constant(1.0f), sum), values, width, stride);
}

/// Derivative by the probabilities to derivative by the (natural) logits, in place of either.
HWY_INLINE void softmax_adjoint(const Real* probabilities, const Real* adjoint, int width, int stride,
                                Real* result) {
    V mean = zero();
    for (int c = 0; c < width; ++c)
        mean = fma(load(probabilities, c * stride), load(adjoint, c * stride), mean);
    for (int c = 0; c < width; ++c)
        store(hn::Mul(load(probabilities, c * stride), hn::Sub(load(adjoint, c * stride), mean)), result,
              c * stride);
}

/// The same with everything in registers.
template<int W>
HWY_INLINE void softmax_adjoint(const Real* probabilities, const Real* adjoint, Real* result) {
    Row<W> p, a;
    load_row<W>(probabilities, W, p);
    load_row<W>(adjoint, W, a);
    V even = zero(), odd = zero();
    each<W>(W, [&](auto c) ROPEWALK_INLINED {
        V& sum = c % 2 == 0 ? even : odd;
        sum = fma(p[c], a[c], sum);
    });
    const V mean = hn::Add(even, odd);
    each<W>(W, [&](auto c) ROPEWALK_INLINED { store(hn::Mul(p[c], hn::Sub(a[c], mean)), result, c); });
}

/// Calls body(integral_constant, head) for every head that there is, with the width as with_count has it.
template<class Known, class Body>
HWY_INLINE void each_head(const Sizes& sizes, const Body& body) {
    const Layout& layout = sizes.layout;
    with_count<Known::instructions>([&](auto width) ROPEWALK_INLINED { body(width, layout.instruction); });
    with_count<Known::registers>([&](auto width) ROPEWALK_INLINED {
        body(width, layout.first);
        body(width, layout.second);
        body(width, layout.destination);
    });
    if (layout.target.width > 0)
        with_count<Known::lines>([&](auto width) ROPEWALK_INLINED { body(width, layout.target); });
}

/// Calls body(start, width, stride) for every head of every line: where it lies in weights or gradient.
template<class Body>
HWY_INLINE void each_line_head(const Sizes& sizes, const Body& body) {
    for (int l = 0; l < sizes.lines; ++l)
        for (const Head& head : sizes.layout.heads())
            if (head.width > 0)
                body(weight_index(sizes, l, head.offset) * lane_count, head.width,
                     line_tile(sizes.lines, l).width);
}

/// Weights as a step wants them, see above.
inline HWY_ATTR void prepare(const Plan& plan, Real* weights) {
    const V scale = constant(log2_of_e);
    const bool mixes_logits = plan.sizes.switches.mix == Mix::logits;
    each_line_head(plan.sizes, [&](auto start, int width, int stride) ROPEWALK_INLINED {
        Real* const head = weights + start;
        V largest = load(head, 0);
        for (int c = 1; c < width; ++c) largest = hn::Max(largest, load(head, c * stride));
        for (int c = 0; c < width; ++c)
            store(hn::Mul(hn::Sub(load(head, c * stride), largest), scale), head, c * stride);
        if (!mixes_logits) softmax(head, width, stride);
    });
}

/// Gradient by the prepared weights to gradient by the program's own.
inline HWY_ATTR void finish(const Plan& plan, const Real* weights, Real* gradient) {
    if (plan.sizes.switches.mix == Mix::logits) return;
    each_line_head(plan.sizes, [&](auto start, int width, int stride) ROPEWALK_INLINED {
        softmax_adjoint(weights + start, gradient + start, width, stride, gradient + start);
    });
}

/// Calls body(integral_constant width, first line) for the tiles of lines, see line_tile. `lines` where it is
/// known, else 0.
template<int lines, int first, class Body>
HWY_INLINE void each_known_line_tile(const Body& body) {
    if constexpr (first < lines) {
        constexpr int width = line_tile(lines, first).width;
        body(std::integral_constant<int, width>{}, first);
        each_known_line_tile<lines, first + width>(body);
    }
}
template<int lines, class Body>
HWY_INLINE void each_line_tile(int count, const Body& body) {
    if constexpr (lines > 0) {
        each_known_line_tile<lines, 0>(body);
    } else {
        for (int first = 0; first < count;) {
            const int width = line_tile(count, first).width;
            if (width == 8)
                body(std::integral_constant<int, 8>{}, first);
            else if (width == 4)
                body(std::integral_constant<int, 4>{}, first);
            else if (width == 2)
                body(std::integral_constant<int, 2>{}, first);
            else
                body(std::integral_constant<int, 1>{}, first);
            first += width;
        }
    }
}

/// Some columns of l W from `column` on. Even and odd lines are summed apart: one column alone is a chain of
/// multiply-adds that wait for each other. 567 against 578 ns per step with one chain a column
/// (step_samples/forward_backward/b8_n4_m8_L8_T32).
template<class Known, int columns, class Weights>
HWY_INLINE Row<columns> mix_columns(const Sizes& sizes, Weights weights, const Real* line, int column) {
    Row<columns> even, odd;
    clear<columns>(columns, even);
    clear<columns>(columns, odd);
    each_line_tile<Known::lines>(sizes.lines, [&](auto width, int first) ROPEWALK_INLINED {
        const Weights tile = weights.from(first * sizes.columns + column * width);
        each<width.value>(width, [&](auto l) ROPEWALK_INLINED {
            const V share = load(line, first + l);
            Row<columns>& sum = l % 2 == 0 ? even : odd;
            const bool begins = Known::lines > 0 && first == 0 && l <= 1;
            each<columns>(columns, [&](auto c) ROPEWALK_INLINED {
                const V weight = tile.at(c * width + l);
                sum[c] = begins ? hn::Mul(share, weight) : fma(share, weight, sum[c]);
            });
        });
    });
    each<columns>(columns, [&](auto c) ROPEWALK_INLINED { even[c] = hn::Add(even[c], odd[c]); });
    return even;
}

/// A head of l W.
template<class Known, int W, class Weights>
HWY_INLINE void mix(const Sizes& sizes, Weights weights, const Real* line, const Head& head, Real* values) {
    each_chunk<W>(head.width, [&](auto columns, auto first) ROPEWALK_INLINED {
        store_row<columns.value>(mix_columns<Known, columns.value>(sizes, weights, line, head.offset + first),
                                 columns, values + first * lane_count);
    });
}

/// 2^(x - shift) of a head of l W into `values`, and their sum; in lanes whose sum fits, shift is 0, in the
/// others the largest x.
template<class Known, class Weights>
HWY_NOINLINE V shifted_exponentials(const Sizes& sizes, Weights weights, const Real* line, const Head& head,
                                    hn::Mask<Tag> fits, Real* values) {
    mix<Known, 0>(sizes, weights, line, head, values);
    V largest = load(values, 0);
    for (int c = 1; c < head.width; ++c) largest = hn::Max(largest, load(values, c));
    return exponentials(values, head.width, 1, hn::IfThenElseZero(hn::Not(fits), largest));
}

/// Softmax of a head of l W. Mixed logits are at most 0, so their powers need no largest logit first. Only
/// where lines contradict each other by many powers of two do all powers of a head vanish, and only where
/// rounding has made l no distribution do they explode. 578 against 600
/// ns per step (step_samples/forward_backward/b8_n4_m8_L8_T32).
template<class Known, int W, class Weights>
HWY_INLINE void mixed_softmax(const Sizes& sizes, Weights weights, const Real* line, const Head& head,
                              Real* values) {
    Row<W> e; // of a width that is known; else they wait in `values`
    V sum = zero();
    each_chunk<W>(head.width, [&](auto columns, auto first) ROPEWALK_INLINED {
        Row<columns.value> mixed =
            mix_columns<Known, columns.value>(sizes, weights, line, head.offset + first);
        each<columns.value>(columns, [&](auto c) ROPEWALK_INLINED {
            const V power = exp2(mixed[c]);
            sum = hn::Add(sum, power);
            if constexpr (W > 0)
                e[first + c] = power;
            else
                store(power, values, first + c);
        });
    });
    constexpr Real smallest = 0x1p-60f, largest = 0x1p60f;
    const auto fits = hn::And(hn::Ge(sum, constant(smallest)), hn::Le(sum, constant(largest)));
    bool is_stored = W == 0;
    if (HWY_UNLIKELY(!hn::AllTrue(Tag(), fits))) {
        sum = shifted_exponentials<Known>(sizes, weights, line, head, fits, values);
        is_stored = true;
    }
    const V scale = hn::Div(constant(1.0f), sum);
    if (is_stored)
        scale_by(scale, values, head.width, 1);
    else
        each<W>(W, [&](auto c) ROPEWALK_INLINED { store(hn::Mul(e[c], scale), values, c); });
}

/// f, a1, a2, a3 and, where it has a head, the target.
template<class Known, class Weights>
HWY_NOINLINE void heads(const Plan& plan, Weights weights, const Real* line, Real* values) {
    const Sizes& sizes = Known::of(plan);
    each_head<Known>(sizes, [&](auto width, const Head& head) ROPEWALK_INLINED {
        Real* const to = values + head.offset * lane_count;
        if (sizes.switches.mix == Mix::logits)
            mixed_softmax<Known, width.value>(sizes, weights, line, head, to);
        else
            mix<Known, width.value>(sizes, weights, line, head, to);
    });
}

/// Known where kernels are for layers alone, which saves a third of their code.
HWY_INLINE bool has_examples_in_lanes(const Plan& plan) {
    return std::is_same_v<Real, double> || plan.examples_in_lanes;
}

template<class Known>
HWY_INLINE void heads(const Plan& plan, const Workspace& w, const Real* line, Real* values) {
    if (has_examples_in_lanes(plan))
        heads<Known>(plan, SharedWeights{w.weights}, line, values);
    else
        heads<Known>(plan, LaneWeights{w.weights}, line, values);
}

/// Adds W times the derivative by l W to the derivative by l, for some lines. Even and odd columns are summed
/// apart, so that twice as many chains of multiply-adds run.
template<int width, class Weights>
HWY_INLINE void lines_adjoint(const Sizes& sizes, Weights weights, const Real* seeds, int first, V scale,
                              Real* line_adjoint) {
    Row<width> even, odd;
    clear<width>(width, even);
    clear<width>(width, odd);
    weights = weights.from(first * sizes.columns);
    const auto add = [&](int c, Row<width>& sum) ROPEWALK_INLINED {
        const V seed = load(seeds, c);
        each<width>(width, [&](auto l) ROPEWALK_INLINED { sum[l] = fma(seed, weights.at(l), sum[l]); });
        weights = weights.from(width);
    };
    for (int c = 0; c + 1 < sizes.columns; c += 2) add(c, even), add(c + 1, odd);
    if (sizes.columns % 2 == 1) add(sizes.columns - 1, even);
    each<width>(width, [&](auto l) ROPEWALK_INLINED {
        store(fma(hn::Add(even[l], odd[l]), scale, load(line_adjoint, first + l)), line_adjoint, first + l);
    });
}

/// Past steps whose derivatives by l W wait in the tape to be added to the gradient.
struct Pending {
    const Real* last; ///< its slot; the others are before it
    int count;
    bool are_first; ///< what the gradient holds is not of this run and is replaced
};

/// Adds the outer products of l and the derivative by l W of all pending steps to a tile of the gradient. The
/// tile stays in registers meanwhile.
template<int width, int columns>
HWY_INLINE void gradient_tile(const Sizes& sizes, const Pending& pending, int first_line, int first_column,
                              Real* gradient) {
    V sum[width * columns];
    each<width * columns>(
        0, [&](auto i) ROPEWALK_INLINED { sum[i] = pending.are_first ? zero() : load(gradient, i); });
    const Real* slot = pending.last;
    for (int k = 0; k < pending.count; ++k, slot -= sizes.slot.size * lane_count) {
        Row<columns> seed;
        load_row<columns>(slot + (sizes.slot.heads + first_column) * lane_count, columns, seed);
        each<width>(width, [&](auto l) ROPEWALK_INLINED {
            const V share = load(slot, sizes.slot.line + first_line + l);
            each<columns>(columns, [&](auto c) ROPEWALK_INLINED {
                const int i = c * width + l;
                sum[i] = fma(share, seed[c], sum[i]);
            });
        });
    }
    each<width * columns>(0, [&](auto i) ROPEWALK_INLINED { store(sum[i], gradient, i); });
}

/// Adds all pending steps to the gradient.
template<class Known>
HWY_NOINLINE void add_pending(const Plan& plan, const Workspace& w, const Pending& pending) {
    constexpr int together = 3; // 8 x 3 sums, 3 seeds and 1 share fit 32 registers
    const Sizes& sizes = Known::of(plan);
    each_line_tile<Known::lines>(sizes.lines, [&](auto width, int first) ROPEWALK_INLINED {
        Real* gradient = w.gradient + first * sizes.columns * lane_count;
        int c = 0;
        for (; c + together <= sizes.columns; c += together, gradient += width.value * together * lane_count)
            gradient_tile<width.value, together>(sizes, pending, first, c, gradient);
        for (; c < sizes.columns; ++c, gradient += width.value * lane_count)
            gradient_tile<width.value, 1>(sizes, pending, first, c, gradient);
    });
}

/// Adjoint of `heads` but for the gradient: w.heads has the derivative by the probabilities `values`, which
/// the one by l W replaces.
template<class Known>
HWY_NOINLINE void heads_adjoint(const Plan& plan, const Workspace& w, Real* values) {
    const Sizes& sizes = Known::of(plan);
    const bool mixes_logits = sizes.switches.mix == Mix::logits;
    each_head<Known>(sizes, [&](auto width, const Head& head) ROPEWALK_INLINED {
        const Real* const by_head = w.heads + head.offset * lane_count;
        Real* const to = values + head.offset * lane_count;
        if (!mixes_logits)
            for (int c = 0; c < head.width; ++c) store(load(by_head, c), to, c);
        else if constexpr (width.value > 0)
            softmax_adjoint<width.value>(to, by_head, to);
        else
            softmax_adjoint(to, by_head, head.width, 1, to);
    });
    const V scale = constant(mixes_logits ? log_of_2 : 1.0f);
    const auto all_lines = [&](auto weights) ROPEWALK_INLINED {
        each_line_tile<Known::lines>(sizes.lines, [&](auto width, int first) ROPEWALK_INLINED {
            // The state starts with l.
            lines_adjoint<width.value>(sizes, weights, values, first, scale, w.adjoint);
        });
    };
    if (has_examples_in_lanes(plan))
        all_lines(SharedWeights{w.weights});
    else
        all_lines(LaneWeights{w.weights});
}

} // namespace ropewalk::machine::lanes::HWY_NAMESPACE::inline ROPEWALK_LANES_NUMBERS
HWY_AFTER_NAMESPACE();

#endif
