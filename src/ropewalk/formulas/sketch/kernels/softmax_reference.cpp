// The plain kernels of the relaxation.
#include <algorithm>
#include <cmath>

#include "ropewalk/formulas/sketch/kernels/softmax.hpp"

namespace ropewalk::formula::plain {

namespace {

template<class Real>
void forward(const SketchShape& shape, Real factor, const Real* logits, const Real* noise, Real* soft) {
    for_each_row(shape, [&](std::size_t begin, std::size_t count) {
        Real sum = 0;
        for (std::size_t i = begin; i < begin + count; ++i)
            soft[i] = factor * (noise == nullptr ? logits[i] : logits[i] + noise[i]);
        const Real largest = *std::max_element(soft + begin, soft + begin + count);
        for (std::size_t i = begin; i < begin + count; ++i) {
            // Infinite entries must not pass for small ones.
            const Real poison = soft[i] * Real{0};
            soft[i] = std::exp(soft[i] - largest);
            sum += soft[i] + poison;
        }
        for (std::size_t i = begin; i < begin + count; ++i) soft[i] /= sum;
    });
}

template<class Real>
void adjoint(const SketchShape& shape, Real factor, const Real* soft, const Real* gradient,
             Real* logit_gradient) {
    for_each_row(shape, [&](std::size_t begin, std::size_t count) {
        Real mean = 0;
        for (std::size_t i = begin; i < begin + count; ++i) mean += soft[i] * gradient[i];
        for (std::size_t i = begin; i < begin + count; ++i)
            logit_gradient[i] += factor * soft[i] * (gradient[i] - mean);
    });
}

template<class Real>
void gumbel(const std::uint32_t* numbers, std::size_t count, Real* noise) {
    for (std::size_t i = 0; i < count; ++i) {
        const double u = ((numbers[i] >> 9) + 0.5) * 0x1p-23;
        noise[i] = static_cast<Real>(-std::log(-std::log(u)));
    }
}

} // namespace

template<>
SoftmaxKernels<float> softmax_kernels<float>() {
    return {&forward<float>, &adjoint<float>, &gumbel<float>};
}

template<>
SoftmaxKernels<double> softmax_kernels<double>() {
    return {&forward<double>, &adjoint<double>, &gumbel<double>};
}

} // namespace ropewalk::formula::plain
