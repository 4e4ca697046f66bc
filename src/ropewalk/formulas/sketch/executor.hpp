// The differentiable executor of sketches (Figure 3, Tang & Ellis), for many tasks at once, and its adjoint.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "ropewalk/base/base.hpp"
#include "ropewalk/formulas/sketch/sketch_shape.hpp"

namespace ropewalk::formula {

/// What to execute: a batch of tasks, each with choices of its own, on rows of symbols.
///
/// Slot v of a row is its symbol v. Line l computes
///
///     A = sum_a zL[l][a] slot[a],   B = sum_b zR[l][b] slot[b],
///     slot[V+l] = zO[l][add] (A + B) + zO[l][subtract] (A - B) + zO[l][multiply] A B + zO[l][no_operation] A
///
/// and the output is the last slot. Nothing requires the entries of a choice to sum to 1.
///
/// Values can grow doubly exponentially in L. Every line is therefore clamped to [-limit, limit], and a
/// clamped value passes no gradient on, which is the derivative of the clamp. Below the limit nothing
/// changes.
template<class Real>
struct Execution {
    SketchShape shape;
    std::size_t tasks = 0;
    std::size_t rows = 0;
    std::span<const Real> choices; ///< [tasks, shape.choices()]
    std::span<const Real> symbols; ///< [rows, V], or [tasks, rows, V] with private_symbols
    bool private_symbols = false;  ///< every task has rows of its own
    Real limit = Real{1'000'000};  ///< positive; its square must be finite
    int threads = 0;               ///< results are the same at any number
};

/// What is differentiated: the sum over tasks and rows of output_gradient * output where that is given,
/// otherwise the sum of the losses of the tasks, weights[t] / 2 * sum over rows of (output - target)^2. With
/// weights 1 / (rows sigma_t^2 tasks) that sum is the data term of the paper's loss.
template<class Real>
struct Differentiated {
    std::span<const Real> output_gradient; ///< [tasks, rows] or empty
    std::span<const Real> targets;         ///< [tasks, rows]
    std::span<const Real> weights;         ///< [tasks]
};

/// Where results go; everything is overwritten. Spans other than `finite` may be empty when nobody wants
/// them.
///
/// A task is finite when its choices, symbols, outputs, loss and gradients are. The others have outputs and a
/// loss that are not numbers and zero gradients, and add nothing to the gradient of shared symbols.
template<class Real>
struct ExecutionResults {
    std::span<Real> outputs;         ///< [tasks, rows]
    std::span<Real> losses;          ///< [tasks]
    std::span<Real> choice_gradient; ///< [tasks, shape.choices()]
    std::span<Real> symbol_gradient; ///< shape of the symbols; summed over tasks where they are shared
    std::span<unsigned char> finite; ///< [tasks]: 1 or 0
};

/// Outputs only. Fails when a size does not fit the shape; values that are not finite are no failure.
template<class Real>
base::Status execute(const Execution<Real>& execution, const ExecutionResults<Real>& results);

/// Outputs, losses and gradients in one pass; fails like `execute`.
template<class Real>
base::Status execute(const Execution<Real>& execution, const Differentiated<Real>& differentiated,
                     const ExecutionResults<Real>& results);

extern template base::Status execute(const Execution<float>&, const ExecutionResults<float>&);
extern template base::Status execute(const Execution<double>&, const ExecutionResults<double>&);
extern template base::Status execute(const Execution<float>&, const Differentiated<float>&,
                                     const ExecutionResults<float>&);
extern template base::Status execute(const Execution<double>&, const Differentiated<double>&,
                                     const ExecutionResults<double>&);

} // namespace ropewalk::formula
