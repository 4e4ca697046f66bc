// From logits to relaxed choices and back: Gumbel-softmax in the readings of the paper, and the paper's loss.
#pragma once

#include <cstdint>
#include <span>

#include "ropewalk/formulas/sketch/executor.hpp"
#include "ropewalk/formulas/sketch/expected_length.hpp"

namespace ropewalk::formula {

/// How the paper's "temperature" of 1, later 3, enters the softmax. G is Gumbel noise.
enum class Sharpness {
    inverse_temperature, ///< softmax(b (logit + G)): raising b to 3 sharpens the choices
    temperature,         ///< softmax((logit + G) / b), the literal reading: raising b blurs them
};

struct Relaxation {
    Sharpness sharpness = Sharpness::inverse_temperature;
    double beta = 1;   ///< positive
    bool noise = true; ///< false: G = 0, the paper's baseline without Gumbel noise
    /// Choices are the one-hot vectors of the largest entries, gradients those of the softmax.
    bool straight_through = false;

    /// What logits plus noise are multiplied by.
    double factor() const { return sharpness == Sharpness::inverse_temperature ? beta : 1 / beta; }
};

/// Gumbel noise for one sketch: G = -log(-log u) with u = (b + 1/2) / 2^23, b the upper 23 bits of one number
/// of stream (seed, gumbel, index) per entry, so that -2.8 < G < 16.7.
template<class Real>
void gumbel_noise(std::uint64_t seed, std::uint64_t index, std::span<Real> noise);

/// soft = softmax of factor * (logits + noise) over every row of the shape; an empty `noise` is zero. Logits
/// that are not finite make their row not a number.
template<class Real>
void relaxed(const SketchShape& shape, double factor, std::span<const Real> logits,
             std::span<const Real> noise, std::span<Real> soft);

/// choices = 1 at the largest entry of every row of `soft` (the first of equals), 0 elsewhere. A row with an
/// entry that is not a number stays as it is.
template<class Real>
void hardened(const SketchShape& shape, std::span<const Real> soft, std::span<Real> choices);

/// Adds the gradient by logits, given the probabilities of `relaxed` and the gradient by them:
/// logit_gradient += factor * soft * (soft_gradient - sum over the row of soft * soft_gradient).
template<class Real>
void relaxed_adjoint(const SketchShape& shape, double factor, std::span<const Real> soft,
                     std::span<const Real> soft_gradient, std::span<Real> logit_gradient);

/// The prior's part of the loss: lambda E[length] on softmax(logits), without noise and sharpness.
struct LengthPrior {
    double lambda = 0;
    LengthMeasure measure = LengthMeasure::tree;
    LengthCosts costs;
};

/// A batch of tasks with logits of their own. Data as in Execution and Differentiated.
template<class Real>
struct SketchTasks {
    SketchShape shape;
    std::size_t tasks = 0;
    std::size_t rows = 0;
    std::span<const Real> logits;  ///< [tasks, shape.choices()]
    std::span<const Real> symbols; ///< [rows, V], or [tasks, rows, V] with private_symbols
    bool private_symbols = false;
    std::span<const Real> targets; ///< [tasks, rows]
    std::span<const Real> sigma;   ///< [tasks], positive: standard deviation of a task's targets
    std::span<const Real> noise;   ///< [tasks, shape.choices()], or empty: none
    Real limit = Real{1'000'000};
    int threads = 0;
};

/// Where the loss goes; losses, errors and gradients are overwritten.
template<class Real>
struct SketchLosses {
    std::span<Real> outputs;         ///< [tasks, rows] or empty
    std::span<Real> data;            ///< [tasks]: mean over rows of (y - yhat)^2 / (2 sigma^2)
    std::span<Real> length;          ///< [tasks]: E[length]; zero where lambda is zero
    std::span<Real> logit_gradient;  ///< [tasks, shape.choices()], of the batch's loss
    std::span<Real> symbol_gradient; ///< as the symbols, of the batch's loss; or empty
    std::span<unsigned char> finite; ///< [tasks]
};

/// The paper's loss: the mean over tasks of data + lambda E[length], its parts by task and its gradient.
/// Tasks that are not finite are left out of the mean's sum, which is still divided by all tasks, and have
/// zero gradients. Fails when a size does not fit, or a factor is not positive and finite.
template<class Real>
base::Result<Real> sketch_loss(const SketchTasks<Real>& tasks, const Relaxation& relaxation,
                               const LengthPrior& prior, const SketchLosses<Real>& losses);

extern template void gumbel_noise(std::uint64_t, std::uint64_t, std::span<float>);
extern template void gumbel_noise(std::uint64_t, std::uint64_t, std::span<double>);
extern template void relaxed(const SketchShape&, double, std::span<const float>, std::span<const float>,
                             std::span<float>);
extern template void relaxed(const SketchShape&, double, std::span<const double>, std::span<const double>,
                             std::span<double>);
extern template void hardened(const SketchShape&, std::span<const float>, std::span<float>);
extern template void hardened(const SketchShape&, std::span<const double>, std::span<double>);
extern template void relaxed_adjoint(const SketchShape&, double, std::span<const float>,
                                     std::span<const float>, std::span<float>);
extern template void relaxed_adjoint(const SketchShape&, double, std::span<const double>,
                                     std::span<const double>, std::span<double>);
extern template base::Result<float> sketch_loss(const SketchTasks<float>&, const Relaxation&,
                                                const LengthPrior&, const SketchLosses<float>&);
extern template base::Result<double> sketch_loss(const SketchTasks<double>&, const Relaxation&,
                                                 const LengthPrior&, const SketchLosses<double>&);

} // namespace ropewalk::formula
