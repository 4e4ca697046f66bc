// The kernel of descent, plain and in vectors.
#include "ropewalk/base/vector_targets.hpp"
#include "ropewalk/formulas/sketch/kernels/adam.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ropewalk/formulas/sketch/kernels/adam_lanes.cpp"
#include <hwy/foreach_target.h>

#include <cmath>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ropewalk::formula::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

HWY_ATTR void adam_in_vectors(const AdamStep& step, const float* gradient, std::size_t count,
                              float* HWY_RESTRICT parameters, float* HWY_RESTRICT first,
                              float* HWY_RESTRICT second) {
    const hn::ScalableTag<float> d;
    const std::size_t lanes = hn::MaxLanes(d), whole = count / lanes * lanes;
    auto even = hn::Zero(d), odd = hn::Zero(d);
    for (std::size_t i = 0; i < whole; i += 2 * lanes) {
        const auto g = hn::LoadU(d, gradient + i);
        even = hn::MulAdd(g, g, even);
        if (i + lanes == whole) break;
        const auto h = hn::LoadU(d, gradient + i + lanes);
        odd = hn::MulAdd(h, h, odd);
    }
    float squares = hn::GetLane(hn::SumOfLanes(d, hn::Add(even, odd)));
    for (std::size_t i = whole; i < count; ++i) squares += gradient[i] * gradient[i];
    const float norm = step.scale * std::sqrt(squares);
    if (!std::isfinite(norm)) return;
    const float factor = norm > step.largest ? step.scale * step.largest / norm : step.scale;
    const auto by = hn::Set(d, factor), rate = hn::Set(d, step.rate), epsilon = hn::Set(d, step.epsilon);
    const auto keep_first = hn::Set(d, step.keep_first), take_first = hn::Set(d, 1 - step.keep_first);
    const auto keep_second = hn::Set(d, step.keep_second), take_second = hn::Set(d, 1 - step.keep_second);
    for (std::size_t i = 0; i < whole; i += lanes) {
        const auto g = hn::Mul(by, hn::LoadU(d, gradient + i));
        const auto m = hn::MulAdd(keep_first, hn::LoadU(d, first + i), hn::Mul(take_first, g));
        const auto v = hn::MulAdd(keep_second, hn::LoadU(d, second + i), hn::Mul(take_second, hn::Mul(g, g)));
        hn::StoreU(m, d, first + i);
        hn::StoreU(v, d, second + i);
        const auto change = hn::Div(hn::Mul(rate, m), hn::Add(hn::Sqrt(v), epsilon));
        hn::StoreU(hn::Sub(hn::LoadU(d, parameters + i), change), d, parameters + i);
    }
    for (std::size_t i = whole; i < count; ++i) {
        const float g = factor * gradient[i];
        first[i] = step.keep_first * first[i] + (1 - step.keep_first) * g;
        second[i] = step.keep_second * second[i] + (1 - step.keep_second) * g * g;
        parameters[i] -= step.rate * first[i] / (std::sqrt(second[i]) + step.epsilon);
    }
}

AdamKernel describe_adam() { return &adam_in_vectors; }

} // namespace ropewalk::formula::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ropewalk::formula {

HWY_EXPORT(describe_adam);

AdamKernel adam_lanes(std::int64_t target) {
    return HWY_DISPATCH_TABLE(describe_adam)[base::table_index(target)]();
}

void plain::adam(const AdamStep& step, const float* gradient, std::size_t count, float* parameters,
                 float* first, float* second) {
    float squares = 0;
    for (std::size_t i = 0; i < count; ++i) squares += gradient[i] * gradient[i];
    const float norm = step.scale * std::sqrt(squares);
    if (!std::isfinite(norm)) return;
    const float factor = norm > step.largest ? step.scale * step.largest / norm : step.scale;
    for (std::size_t i = 0; i < count; ++i) {
        const float g = factor * gradient[i];
        first[i] = step.keep_first * first[i] + (1 - step.keep_first) * g;
        second[i] = step.keep_second * second[i] + (1 - step.keep_second) * g * g;
        parameters[i] -= step.rate * first[i] / (std::sqrt(second[i]) + step.epsilon);
    }
}

} // namespace ropewalk::formula
#endif
