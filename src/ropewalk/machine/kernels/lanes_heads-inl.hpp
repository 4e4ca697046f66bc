// The controller (eq. 1-2): every head of every line mixed by the line distribution l, and its adjoint.
// Plain version: reference::Machine::head and head_adjoint.
//
// The weights are prepared so that a step is one product of l with [L, columns]: times log2(e) when logits
// are mixed (softmax follows, with 2^x), softmax of every line when probabilities are mixed (nothing
// follows). They lie in the order in which both directions read them, see weight_index; the gradient
// likewise.
//
// The gradient, an outer product per step, is not added at every step: a few steps wait and are added
// together, so that the gradient passes through the first-level cache once for all of them.
#if defined(ROPEWALK_LANES_HEADS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ROPEWALK_LANES_HEADS_INL
#undef ROPEWALK_LANES_HEADS_INL
#else
#define ROPEWALK_LANES_HEADS_INL
#endif

#include "ropewalk/machine/kernels/lanes_plan.hpp"
#include "ropewalk/machine/kernels/lanes_vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ropewalk::machine::lanes::HWY_NAMESPACE {

constexpr float log2_of_e = 1.44269504f;
constexpr float log_of_2 = 0.69314718f;

/// In place: base-2 logits to probabilities. Entries are `stride` vectors apart; `W` is the width where it is
/// known, else 0.
template<int W>
HWY_INLINE void softmax(float* values, int width, int stride = 1) {
    V largest = load(values, 0);
    each<W>(width, [&](auto c) ROPEWALK_INLINED { largest = hn::Max(largest, load(values, c * stride)); });
    V sum = zero();
    each<W>(width, [&](auto c) ROPEWALK_INLINED {
        const V e = exp2_of_nonpositive(hn::Sub(load(values, c * stride), largest));
        sum = hn::Add(sum, e);
        store(e, values, c * stride);
    });
    const V scale = hn::Div(constant(1.0f), sum);
    each<W>(width, [&](auto c) ROPEWALK_INLINED {
        store(hn::Mul(load(values, c * stride), scale), values, c * stride);
    });
}

/// In place: derivative by the probabilities to derivative by the (natural) logits.
template<int W>
HWY_INLINE void softmax_adjoint(const float* probabilities, float* adjoint, int width, int stride = 1) {
    V mean = zero();
    each<W>(width, [&](auto c) ROPEWALK_INLINED {
        mean = fma(load(probabilities, c * stride), load(adjoint, c * stride), mean);
    });
    each<W>(width, [&](auto c) ROPEWALK_INLINED {
        store(hn::Mul(load(probabilities, c * stride), hn::Sub(load(adjoint, c * stride), mean)), adjoint,
              c * stride);
    });
}

/// Calls body(integral_constant, head) for every head that there is, with the width as with_count has it.
template<class Body>
HWY_INLINE void each_head(const Layout& layout, const Body& body) {
    with_count(layout.instruction.width,
               [&](auto width) ROPEWALK_INLINED { body(width, layout.instruction); });
    with_count(layout.first.width, [&](auto width) ROPEWALK_INLINED {
        body(width, layout.first);
        body(width, layout.second);
        body(width, layout.destination);
    });
    if (layout.target.width > 0)
        with_count(layout.target.width, [&](auto width) ROPEWALK_INLINED { body(width, layout.target); });
}

/// Calls body(start, stride) for every head of every line: where it lies in weights or gradient.
template<class Body>
HWY_INLINE void each_line_head(const Plan& plan, const Body& body) {
    for (int l = 0; l < plan.lines; ++l)
        for (const Head& head : plan.layout.heads())
            if (head.width > 0)
                body(weight_index(plan, l, head.offset) * lane_count, head.width, line_tile(plan, l).width);
}

/// Weights as a step wants them, see above.
inline HWY_ATTR void prepare(const Plan& plan, float* weights) {
    const V scale = constant(log2_of_e);
    for (int i = 0; i < plan.lines * plan.columns; ++i) store(hn::Mul(load(weights, i), scale), weights, i);
    if (plan.switches.mix == Mix::logits) return;
    each_line_head(plan, [&](auto start, int width, int stride)
                             ROPEWALK_INLINED { softmax<0>(weights + start, width, stride); });
}

/// Gradient by the prepared weights to gradient by the program's own.
inline HWY_ATTR void finish(const Plan& plan, const float* weights, float* gradient) {
    if (plan.switches.mix == Mix::logits) return;
    each_line_head(plan, [&](auto start, int width, int stride) ROPEWALK_INLINED {
        softmax_adjoint<0>(weights + start, gradient + start, width, stride);
    });
}

/// Calls body(integral_constant width, first line) for the tiles of lines, see line_tile.
template<class Body>
HWY_INLINE void each_line_tile(const Plan& plan, const Body& body) {
    for (int first = 0; first < plan.lines;) {
        const int width = line_tile(plan, first).width;
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

/// Adds the lines of a tile of l W to some columns, or begins with them.
template<int width, int columns>
HWY_INLINE void mix_columns(const float* weights, const Row<width>& share, bool begins, float* values) {
    Row<columns> sum;
    each<columns>(columns, [&](auto c) ROPEWALK_INLINED { sum[c] = begins ? zero() : load(values, c); });
    each<width>(width, [&](auto l) ROPEWALK_INLINED {
        each<columns>(columns, [&](auto c) ROPEWALK_INLINED {
            sum[c] = fma(share[l], load(weights, c * width + l), sum[c]);
        });
    });
    store_row<columns>(sum, columns, values);
}

/// Adds lines `first` .. `first + width - 1` of l W to all columns, a few at a time: one column alone is a
/// chain of multiply-adds that wait for each other.
template<int width>
HWY_INLINE void mix_lines(const Plan& plan, const float* weights, const float* line, int first,
                          float* values) {
    constexpr int together = 3;
    Row<width> share;
    load_row<width>(line + first * lane_count, width, share);
    weights += first * plan.columns * lane_count;
    const bool begins = first == 0;
    int c = 0;
    for (; c + together <= plan.columns; c += together, weights += together * width * lane_count)
        mix_columns<width, together>(weights, share, begins, values + c * lane_count);
    for (; c < plan.columns; ++c, weights += width * lane_count)
        mix_columns<width, 1>(weights, share, begins, values + c * lane_count);
}

/// f, a1, a2, a3 and, where it has a head, the target.
inline HWY_NOINLINE void heads(const Plan& plan, const Workspace& w, const float* line, float* values) {
    each_line_tile(plan, [&](auto width, int first) ROPEWALK_INLINED {
        mix_lines<width.value>(plan, w.weights, line, first, values);
    });
    if (plan.switches.mix == Mix::probabilities) return;
    each_head(plan.layout, [&](auto width, const Head& head) ROPEWALK_INLINED {
        softmax<width.value>(values + head.offset * lane_count, head.width);
    });
}

/// Adds W times the derivative by l W to the derivative by l, for some lines. Even and odd columns are summed
/// apart, so that twice as many chains of multiply-adds run.
template<int width>
HWY_INLINE void lines_adjoint(const Plan& plan, const float* weights, const float* seeds, int first, V scale,
                              float* line_adjoint) {
    Row<width> even, odd;
    clear<width>(width, even);
    clear<width>(width, odd);
    weights += first * plan.columns * lane_count;
    const auto add = [&](int c, Row<width>& sum) ROPEWALK_INLINED {
        const V seed = load(seeds, c);
        each<width>(width, [&](auto l) ROPEWALK_INLINED { sum[l] = fma(seed, load(weights, l), sum[l]); });
        weights += width * lane_count;
    };
    for (int c = 0; c + 1 < plan.columns; c += 2) add(c, even), add(c + 1, odd);
    if (plan.columns % 2 == 1) add(plan.columns - 1, even);
    each<width>(width, [&](auto l) ROPEWALK_INLINED {
        store(fma(hn::Add(even[l], odd[l]), scale, load(line_adjoint, first + l)), line_adjoint, first + l);
    });
}

/// The past steps whose derivatives by l W wait to be added to the gradient: [derivative by the heads, l]
/// each.
struct Pending {
    const float* steps;
    int count;
    int stride; ///< vectors from step to step
    int line;   ///< where l begins
};

/// Adds the outer products of l and the derivative by l W of all pending steps to a tile of the gradient. The
/// tile stays in registers meanwhile.
template<int width, int columns>
HWY_INLINE void gradient_tile(const Pending& pending, int first_line, int first_column, float* gradient) {
    V sum[width * columns];
    each<width * columns>(0, [&](auto i) ROPEWALK_INLINED { sum[i] = load(gradient, i); });
    const float* step = pending.steps;
    for (int k = 0; k < pending.count; ++k, step += pending.stride * lane_count) {
        Row<columns> seed;
        load_row<columns>(step + first_column * lane_count, columns, seed);
        each<width>(width, [&](auto l) ROPEWALK_INLINED {
            const V share = load(step, pending.line + first_line + l);
            each<columns>(columns, [&](auto c) ROPEWALK_INLINED {
                const int i = c * width + l;
                sum[i] = fma(share, seed[c], sum[i]);
            });
        });
    }
    each<width * columns>(0, [&](auto i) ROPEWALK_INLINED { store(sum[i], gradient, i); });
}

/// Adds all pending steps to the gradient.
inline HWY_NOINLINE void add_pending(const Plan& plan, const Workspace& w, const Pending& pending) {
    constexpr int together = 3; // 8 x 3 sums, 3 seeds and 1 share fit 32 registers
    each_line_tile(plan, [&](auto width, int first) ROPEWALK_INLINED {
        float* gradient = w.gradient + first * plan.columns * lane_count;
        int c = 0;
        for (; c + together <= plan.columns; c += together, gradient += width.value * together * lane_count)
            gradient_tile<width.value, together>(pending, first, c, gradient);
        for (; c < plan.columns; ++c, gradient += width.value * lane_count)
            gradient_tile<width.value, 1>(pending, first, c, gradient);
    });
}

/// Adjoint of `heads` but for the gradient: `seeds` holds the derivative by the probabilities and receives
/// the one by l W.
inline HWY_NOINLINE void heads_adjoint(const Plan& plan, const Workspace& w, const float* values,
                                       float* seeds) {
    const bool mixes_logits = plan.switches.mix == Mix::logits;
    if (mixes_logits)
        each_head(plan.layout, [&](auto width, const Head& head) ROPEWALK_INLINED {
            softmax_adjoint<width.value>(values + head.offset * lane_count, seeds + head.offset * lane_count,
                                         head.width);
        });
    const V scale = constant(mixes_logits ? log_of_2 : 1.0f);
    each_line_tile(plan, [&](auto width, int first) ROPEWALK_INLINED {
        lines_adjoint<width.value>(plan, w.weights, seeds, first, scale,
                                   w.adjoint); // the state starts with l
    });
}

} // namespace ropewalk::machine::lanes::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
