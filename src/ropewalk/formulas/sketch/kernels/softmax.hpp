// Kernels of the relaxation: softmax over the rows of a sketch, its adjoint, and Gumbel noise.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ropewalk/formulas/sketch/sketch_shape.hpp"

namespace ropewalk::formula {

/// The three kernels for one Real. Arrays have shape.choices() entries and do not overlap.
template<class Real>
struct SoftmaxKernels {
    /// soft = softmax of factor * (logits + noise) over every row; a null `noise` is zero. A row with an
    /// entry that is not finite becomes not a number.
    void (*forward)(const SketchShape& shape, Real factor, const Real* logits, const Real* noise,
                    Real* soft) = nullptr;
    /// logit_gradient += factor * soft * (gradient - sum over the row of soft * gradient).
    void (*adjoint)(const SketchShape& shape, Real factor, const Real* soft, const Real* gradient,
                    Real* logit_gradient) = nullptr;
    /// noise = -log(-log u) with u = (b + 1/2) / 2^23, b the upper 23 bits of a number.
    void (*gumbel)(const std::uint32_t* numbers, std::size_t count, Real* noise) = nullptr;
};

namespace plain {

/// The plain kernels: every row as the equations say.
template<class Real>
SoftmaxKernels<Real> softmax_kernels();

template<>
SoftmaxKernels<float> softmax_kernels<float>();
template<>
SoftmaxKernels<double> softmax_kernels<double>();

} // namespace plain

/// The fast kernels for a Highway target that this machine can run.
SoftmaxKernels<float> softmax_lanes_float(std::int64_t target);
SoftmaxKernels<double> softmax_lanes_double(std::int64_t target);

} // namespace ropewalk::formula
