// The fast kernels of the differentiable machine: one program per lane of a vector register, or one example
// of the same program, every operation vertical. reference.hpp says what they compute and is the place to
// start reading.
//
//   lanes_sizes         sizes, positions, layout of a tape slot; which sizes have a kernel of their own
//   lanes_plan          a run: sizes, loss, length, workspace
//   lanes_vector-inl    vectors, unrolled loops, exp2, log
//   lanes_heads-inl     the controller
//   lanes_values-inl    the value of an instruction
//   lanes_step-inl      one machine step
//   lanes_loss-inl      the loss
//   lanes_tape-inl      tape and checkpoints
//   lanes_run-inl       T steps under a loss
//   lanes_layer-inl     T steps as a layer of a network
//   lanes_transpose-inl weights and gradients from programs to lanes and back
//   lanes_specialised   kernels of common sizes (lanes_sizes*.cpp) and bases (lanes_base*.cpp)
//   flush_denormals     arithmetic without denormal numbers
//   lanes_real          float or double
//   lanes_scratch       memory of a thread
//   lanes.cpp           the general kernel, and the loop over programs and examples
//   lanes_layer.cpp     the loop over the examples of a layer
//   lanes_double.cpp    the general kernel in double precision
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "ropewalk/programs/machine/evaluate.hpp"
#include "ropewalk/programs/machine/kernels/lanes_plan.hpp"

namespace ropewalk::machine::lanes {

/// One run for a vector of lanes.
template<class Real>
using RunOf = void (*)(const Plan& plan, const BasicWorkspace<Real>& workspace);
using Run = RunOf<float>;

/// What a kernel runs for some sizes.
template<class Real>
struct RunsOf {
    RunOf<Real> run = nullptr; ///< a loss and its gradient; null in double precision
    RunOf<Real> layer = nullptr;
};
using Runs = RunsOf<float>;

/// The kernels of one instruction set of the processor.
template<class Real>
struct KernelOf {
    std::string_view name; ///< scalar, sse4, avx2, avx512 or neon
    int lane_count = 1;
    /// Program weights [L, columns] to what a run reads, in place.
    void (*prepare)(const Plan& plan, Real* weights) = nullptr;
    /// Gradient by the prepared weights to gradient by the program's own, in place.
    void (*finish)(const Plan& plan, const Real* weights, Real* gradient) = nullptr;
    /// Between [programs, entries] and [entries, lanes], and sums over lanes: see lanes_transpose-inl.hpp.
    void (*to_lanes)(const Real* programs, std::size_t count, std::size_t entries, const std::size_t* place,
                     Real* lanes) = nullptr;
    void (*from_lanes)(const Real* lanes, const std::size_t* place, std::size_t count, std::size_t entries,
                       Real factor, Real* programs) = nullptr;
    void (*add_lane_sums)(const Real* vectors, std::size_t count, Real* sums) = nullptr;
    RunsOf<Real> general; ///< for any base
    std::int64_t highway_target = 0;
};
using Kernel = KernelOf<float>;

/// Targets that are compiled in and that this processor can run, best first; the last is `scalar`.
const std::vector<Kernel>& kernels();

/// The same in double precision, in the same order; layers alone run on them.
const std::vector<KernelOf<double>>& double_kernels();

/// What knows most about these sizes.
Runs find_runs(const Kernel& kernel, const Sizes& sizes);
RunsOf<double> find_runs(const KernelOf<double>& kernel, const Sizes& sizes);

/// Where each weight of a program [L, columns] lies in a workspace.
std::vector<std::size_t> weight_places(const Sizes& sizes);

/// machine::evaluate by the given kernel. Reentrant. Cutting the run into segments by a smaller tape does not
/// change a bit of the result.
void evaluate(const Kernel& kernel, const EvaluationRequest& request, std::span<const float> weights,
              std::span<const Example> examples, std::span<float> losses, std::span<float> gradient,
              std::size_t tape_bytes = largest_tape);

/// machine::run_layer by the given kernel.
template<class Real>
void run_layer(const KernelOf<Real>& kernel, const LayerRequest& request, std::span<const Real> weights,
               std::span<const Real> memory, std::span<Real> result);

/// machine::run_layer_adjoint by the given kernel.
template<class Real>
void run_layer_adjoint(const KernelOf<Real>& kernel, const LayerRequest& request,
                       std::span<const Real> weights, std::span<const Real> memory,
                       std::span<const Real> result_adjoint, std::span<Real> weight_adjoint,
                       std::span<Real> memory_adjoint, std::size_t tape_bytes = largest_tape);

} // namespace ropewalk::machine::lanes
