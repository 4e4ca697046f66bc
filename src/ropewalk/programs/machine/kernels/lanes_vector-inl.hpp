// Vectors of one number per lane: load and store, loops that unroll, exp2. Included once per target.
#if defined(ROPEWALK_LANES_VECTOR_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef ROPEWALK_LANES_VECTOR_INL
#undef ROPEWALK_LANES_VECTOR_INL
#else
#define ROPEWALK_LANES_VECTOR_INL
#endif

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

#include "ropewalk/base/vector_targets.hpp" // before highway.h

#include <hwy/highway.h>

#include <hwy/contrib/math/math-inl.h>

#include "ropewalk/programs/assembly/assembly.hpp"
#include "ropewalk/programs/machine/kernels/lanes_plan.hpp"
#include "ropewalk/programs/machine/kernels/lanes_real.hpp"

/// Follows the parameters of a lambda that is a loop body: compilers leave large bodies out of line
/// otherwise, and then arrays live in memory: 144 ns instead of 82 ns in values_adjoint at b = 8
/// (step_samples/forward_backward/b8_n4_m8_L8_T32).
#ifndef ROPEWALK_INLINED
#define ROPEWALK_INLINED HWY_ATTR __attribute__((always_inline))
#endif

HWY_BEFORE_NAMESPACE();
namespace ropewalk::machine::lanes::HWY_NAMESPACE::inline ROPEWALK_LANES_NUMBERS {

namespace hn = hwy::HWY_NAMESPACE;

using Real = ROPEWALK_LANES_REAL;
using Workspace = BasicWorkspace<Real>;
using Tag = hn::ScalableTag<Real>;
using V = hn::Vec<Tag>;
constexpr std::ptrdiff_t lane_count = static_cast<std::ptrdiff_t>(hn::MaxLanes(Tag()));

HWY_INLINE V load(const Real* from, int index) {
    V value = hn::Load(Tag(), from + index * lane_count);
#if HWY_TARGET <= HWY_AVX3 && HWY_COMPILER_GCC_ACTUAL
    // GCC otherwise reads the value from memory again at every use: 685 instead of 628 ns per step
    // (step_samples/forward_backward/b8_n4_m8_L8_T32).
    asm("" : "+v"(value.raw));
#endif
    return value;
}
/// The same of a value that is used once, which the instruction that uses it can read: 845 instead of 857 ns
/// per step (step_samples/forward_backward/b8_n4_m8_L8_T32).
HWY_INLINE V load_once(const Real* from, int index) { return hn::Load(Tag(), from + index * lane_count); }
HWY_INLINE void store(V value, Real* to, int index) { hn::Store(value, Tag(), to + index * lane_count); }
HWY_INLINE void add_to(V value, Real* to, int index) { store(hn::Add(load(to, index), value), to, index); }
HWY_INLINE V constant(Real value) { return hn::Set(Tag(), value); }
HWY_INLINE V zero() { return hn::Zero(Tag()); }
/// a * b + c, c - a * b
HWY_INLINE V fma(V a, V b, V c) { return hn::MulAdd(a, b, c); }
HWY_INLINE V fnma(V a, V b, V c) { return hn::NegMulAdd(a, b, c); }

/// Length of a local array over a base: the base itself where it is known, else the largest.
constexpr int capacity(int base) { return base > 0 ? base : assembly::largest_base; }

template<class Body, int... i>
HWY_INLINE void each_of(std::integer_sequence<int, i...>, const Body& body) {
    (body(std::integral_constant<int, i>{}), ...);
}

/// body(0) .. body(count - 1); unrolled, with indices as constants, when `size` is not 0 (then size = count).
/// Compilers do not unroll b * b walks on their own, and arrays stay in registers only when they do.
template<int size, class Body>
HWY_INLINE void each(int count, const Body& body) {
    if constexpr (size > 0)
        each_of(std::make_integer_sequence<int, size>{}, body);
    else
        for (int i = 0; i < count; ++i) body(i);
}

/// Calls body(integral_constant) with a count as `each` takes it: itself where it is known at compile time, else
/// 0.
template<int known, class Body>
HWY_INLINE void with_count(const Body& body) {
    body(std::integral_constant < int, ROPEWALK_UNROLLS ? known : 0 > {});
}

/// body(integral_constant size, first) for chunks of up to four of `count` entries; `first` is a constant,
/// too, where the count is known (`known` is not 0).
template<int known, class Body>
HWY_INLINE void each_chunk(int count, const Body& body) {
    constexpr int most = 4;
    if constexpr (known > 0) {
        constexpr int chunks = (known + most - 1) / most;
        each<chunks>(chunks, [&](auto k) ROPEWALK_INLINED {
            constexpr int first = known * k.value / chunks, end = known * (k.value + 1) / chunks;
            body(std::integral_constant<int, end - first>{}, std::integral_constant<int, first>{});
        });
    } else {
        int first = 0;
        for (; first + most <= count; first += most) body(std::integral_constant<int, most>{}, first);
        for (; first < count; ++first) body(std::integral_constant<int, 1>{}, first);
    }
}

/// Row of distribution entries held in registers (or on the stack when the base is not known).
template<int B>
struct Row {
    V entry[capacity(B)];

    HWY_INLINE V& operator[](int x) { return entry[x]; }
    HWY_INLINE const V& operator[](int x) const { return entry[x]; }
};

template<int B>
HWY_INLINE void load_row(const Real* from, int base, Row<B>& row) {
    each<B>(base, [&](auto x) ROPEWALK_INLINED { row[x] = load(from, x); });
}

template<int B>
HWY_INLINE void store_row(const Row<B>& row, int base, Real* to) {
    each<B>(base, [&](auto x) ROPEWALK_INLINED { store(row[x], to, x); });
}

template<int B>
HWY_INLINE void clear(int base, Row<B>& row) {
    each<B>(base, [&](auto x) ROPEWALK_INLINED { row[x] = zero(); });
}

using Floats = hn::ScalableTag<float>;
using Doubles = hn::ScalableTag<double>;

/// 2^r: minimax fits with an error of 1e-7 of the value.
struct Exp2Fit {
    float c0, c1, c2, c3, c4, c5;

    HWY_INLINE hn::Vec<Floats> operator()(hn::Vec<Floats> r) const {
        const Floats d;
        auto p = hn::Set(d, c5);
        p = hn::MulAdd(p, r, hn::Set(d, c4));
        p = hn::MulAdd(p, r, hn::Set(d, c3));
        p = hn::MulAdd(p, r, hn::Set(d, c2));
        p = hn::MulAdd(p, r, hn::Set(d, c1));
        return hn::MulAdd(p, r, hn::Set(d, c0));
    }
};
/// For |r| <= 1/2 and for 0 <= r <= 1.
constexpr Exp2Fit exp2_near_0{1.0f,          6.9314687e-1f, 2.4022245e-1f,
                              5.5508540e-2f, 9.6714126e-3f, 1.3232206e-3f};
constexpr Exp2Fit exp2_above_0{1.0f,          6.9315131e-1f, 2.4016445e-1f,
                               5.5799913e-2f, 9.0170300e-3f, 1.8671302e-3f};

/// 2^x; results below 2^-126 become something from 0 to 2^-126, above 2^127 something from there to infinity.
/// NaN stays NaN.
HWY_INLINE hn::Vec<Floats> exp2(hn::Vec<Floats> x) {
#if HWY_TARGET <= HWY_AVX3
    // One instruction leaves x - floor(x), one scales by 2^floor(x): 834 against 841 ns per step with the
    // integer next to x, and 10 more with shifts (step_samples/forward_backward/b8_n4_m8_L8_T32).
    // Of -infinity the first is 0, and 1 scaled by 2^-infinity is 0.
    const hn::Vec<Floats> r{
        _mm512_maskz_reduce_ps(0xffff, x.raw, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC)};
    return hn::Vec<Floats>{_mm512_maskz_scalef_ps(0xffff, exp2_above_0(r).raw, x.raw)};
#else
    // x = n + r; adding 1.5 * 2^23 leaves n in the low bits.
    const Floats d;
    const hn::RebindToUnsigned<Floats> bits;
    const auto magic = hn::Set(d, 12582912.0f);
    const auto lowest = hn::Set(d, -126.0f), highest = hn::Set(d, 127.0f);
    const auto from_below = hn::IfThenElse(hn::Lt(x, lowest), lowest, x); // Max would lose a NaN
    const auto clamped = hn::IfThenElse(hn::Gt(from_below, highest), highest, from_below);
    const auto shifted = hn::Add(clamped, magic);
    const auto r = hn::Sub(clamped, hn::Sub(shifted, magic));
    const auto exponent = hn::ShiftLeft<23>(hn::Add(hn::BitCast(bits, shifted), hn::Set(bits, 127u)));
    return hn::Mul(exp2_near_0(r), hn::BitCast(d, exponent));
#endif
}

/// The same in double precision, to the last digits; what is not a number becomes 0.
HWY_INLINE hn::Vec<Doubles> exp2(hn::Vec<Doubles> x) {
    return hn::Exp(Doubles(), hn::Mul(x, hn::Set(Doubles(), 0.69314718055994530942)));
}

} // namespace ropewalk::machine::lanes::HWY_NAMESPACE::inline ROPEWALK_LANES_NUMBERS
HWY_AFTER_NAMESPACE();

#endif
