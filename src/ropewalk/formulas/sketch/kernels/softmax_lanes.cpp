// The fast kernels of the relaxation. Rows are short (4 to V+L-1 entries) and lie behind one another, so
// vectors run over a row's end: what they read there is masked, and what they write there belongs to rows
// that come later and are written then. Rows too close to the end of the array for that go the plain way.
#include "ropewalk/base/vector_targets.hpp"
#include "ropewalk/formulas/sketch/kernels/softmax.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ropewalk/formulas/sketch/kernels/softmax_lanes.cpp"
#include <hwy/foreach_target.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ropewalk::formula::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

template<class Real>
struct Softmax {
    using D = hn::ScalableTag<Real>;
    using V = hn::Vec<D>;
    static constexpr std::size_t lanes = hn::MaxLanes(D());

    static void forward(const SketchShape& shape, Real factor, const Real* logits, const Real* noise,
                        Real* soft) {
        const std::size_t end = shape.choices();
        for_rows(shape, [&](std::size_t begin, std::size_t count) HWY_ATTR {
            if (begin + (count + lanes - 1) / lanes * lanes <= end)
                row(factor, logits + begin, noise == nullptr ? nullptr : noise + begin, soft + begin, count);
            else
                last_row(factor, logits + begin, noise == nullptr ? nullptr : noise + begin, soft + begin,
                         count);
        });
    }

    static void adjoint(const SketchShape& shape, Real factor, const Real* soft, const Real* gradient,
                        Real* logit_gradient) {
        const std::size_t end = shape.choices();
        for_rows(shape, [&](std::size_t begin, std::size_t count) HWY_ATTR {
            const Real* const z = soft + begin;
            const Real* const g = gradient + begin;
            Real* const to = logit_gradient + begin;
            if (begin + (count + lanes - 1) / lanes * lanes > end) {
                Real mean = 0;
                for (std::size_t i = 0; i < count; ++i) mean += z[i] * g[i];
                for (std::size_t i = 0; i < count; ++i) to[i] += factor * z[i] * (g[i] - mean);
                return;
            }
            const D d;
            V sum = hn::Zero(d);
            for (std::size_t i = 0; i < count; i += lanes)
                sum = hn::Add(sum, hn::IfThenElseZero(hn::FirstN(d, count - i),
                                                      hn::Mul(hn::LoadU(d, z + i), hn::LoadU(d, g + i))));
            const V mean = hn::SumOfLanes(d, sum), by = hn::Set(d, factor);
            for (std::size_t i = 0; i < count; i += lanes) {
                const V value = hn::Mul(hn::Mul(by, hn::LoadU(d, z + i)), hn::Sub(hn::LoadU(d, g + i), mean));
                const V added = hn::IfThenElseZero(hn::FirstN(d, count - i), value);
                hn::StoreU(hn::Add(hn::LoadU(d, to + i), added), d, to + i);
            }
        });
    }

private:
    template<class Body>
    static HWY_INLINE void for_rows(const SketchShape& shape, const Body& body) {
        constexpr std::size_t operators = sketch_operators;
        const std::size_t lines = static_cast<std::size_t>(shape.lines);
        std::size_t begin = 0;
        for (std::size_t l = 0; l < lines; ++l, begin += operators) body(begin, operators);
        for (std::size_t l = 0; l < lines; ++l) {
            const std::size_t count = static_cast<std::size_t>(shape.variables) + l;
            body(begin, count);
            body(begin + count, count);
            begin += 2 * count;
        }
    }

    static HWY_INLINE void row(Real factor, const Real* logits, const Real* noise, Real* soft,
                               std::size_t count) {
        const D d;
        const V by = hn::Set(d, factor), lowest = hn::Set(d, std::numeric_limits<Real>::lowest());
        V largest = lowest, poison = hn::Zero(d);
        for (std::size_t i = 0; i < count; i += lanes) {
            V x = hn::LoadU(d, logits + i);
            if (noise != nullptr) x = hn::Add(x, hn::LoadU(d, noise + i));
            x = hn::Mul(by, x);
            hn::StoreU(x, d, soft + i);
            const auto inside = hn::FirstN(d, count - i);
            largest = hn::Max(largest, hn::IfThenElse(inside, x, lowest));
            // Not a number as soon as one entry is not finite.
            poison = hn::MulAdd(hn::IfThenElseZero(inside, x), hn::Zero(d), poison);
        }
        const V most = hn::MaxOfLanes(d, largest);
        V sum = poison;
        for (std::size_t i = 0; i < count; i += lanes) {
            const V power = hn::Exp(d, hn::Sub(hn::LoadU(d, soft + i), most));
            hn::StoreU(power, d, soft + i);
            sum = hn::Add(sum, hn::IfThenElseZero(hn::FirstN(d, count - i), power));
        }
        const V share = hn::Div(hn::Set(d, Real{1}), hn::SumOfLanes(d, sum));
        for (std::size_t i = 0; i < count; i += lanes)
            hn::StoreU(hn::Mul(share, hn::LoadU(d, soft + i)), d, soft + i);
    }

    static void last_row(Real factor, const Real* logits, const Real* noise, Real* soft, std::size_t count) {
        Real sum = 0;
        for (std::size_t i = 0; i < count; ++i)
            soft[i] = factor * (noise == nullptr ? logits[i] : logits[i] + noise[i]);
        const Real largest = *std::max_element(soft, soft + count);
        for (std::size_t i = 0; i < count; ++i) {
            const Real poison = soft[i] * Real{0};
            soft[i] = std::exp(soft[i] - largest);
            sum += soft[i] + poison;
        }
        for (std::size_t i = 0; i < count; ++i) soft[i] /= sum;
    }
};

HWY_ATTR void gumbel(const std::uint32_t* numbers, std::size_t count, float* noise) {
    const hn::ScalableTag<float> d;
    const hn::RebindToUnsigned<decltype(d)> bits;
    const hn::RebindToSigned<decltype(d)> whole;
    const std::size_t lanes = hn::MaxLanes(d);
    const auto of = [&](const std::uint32_t* from) HWY_ATTR {
        const auto b = hn::ConvertTo(d, hn::BitCast(whole, hn::ShiftRight<9>(hn::LoadU(bits, from))));
        const auto u = hn::Mul(hn::Add(b, hn::Set(d, 0.5f)), hn::Set(d, 0x1p-23f));
        return hn::Neg(hn::Log(d, hn::Neg(hn::Log(d, u))));
    };
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) hn::StoreU(of(numbers + i), d, noise + i);
    if (i == count) return;
    std::uint32_t last[hn::MaxLanes(d)] = {};
    float results[hn::MaxLanes(d)];
    std::copy(numbers + i, numbers + count, last);
    hn::StoreU(of(last), d, results);
    std::copy_n(results, count - i, noise + i);
}

SoftmaxKernels<float> softmax_float() {
    return {&Softmax<float>::forward, &Softmax<float>::adjoint, &gumbel};
}

SoftmaxKernels<double> softmax_double() {
    return {&Softmax<double>::forward, &Softmax<double>::adjoint, nullptr};
}

} // namespace ropewalk::formula::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ropewalk::formula {

HWY_EXPORT(softmax_float);
HWY_EXPORT(softmax_double);

SoftmaxKernels<float> softmax_lanes_float(std::int64_t target) {
    return HWY_DISPATCH_TABLE(softmax_float)[base::table_index(target)]();
}

SoftmaxKernels<double> softmax_lanes_double(std::int64_t target) {
    SoftmaxKernels<double> kernels = HWY_DISPATCH_TABLE(softmax_double)[base::table_index(target)]();
    // Noise in double precision serves tests and comparisons only.
    kernels.gumbel = plain::softmax_kernels<double>().gumbel;
    return kernels;
}

} // namespace ropewalk::formula
#endif
