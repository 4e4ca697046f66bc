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
//   lanes_run-inl       T steps, tape and checkpoints
//   lanes_transpose-inl weights and gradients from programs to lanes and back
//   lanes_specialised   kernels of common sizes (lanes_sizes*.cpp) and bases (lanes_base*.cpp)
//   flush_denormals     arithmetic without denormal numbers
//   lanes.cpp           the general kernel, and the loop over programs and examples
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "ropewalk/programs/machine/evaluate.hpp"
#include "ropewalk/programs/machine/kernels/lanes_plan.hpp"

namespace ropewalk::machine::lanes {

/// One run for a vector of lanes.
using Run = void (*)(const Plan& plan, const Workspace& workspace);

/// The kernels of one instruction set of the processor.
struct Kernel {
    std::string_view name; ///< scalar, sse4, avx2, avx512 or neon
    int lane_count = 1;
    /// Program weights [L, columns] to what a run reads, in place.
    void (*prepare)(const Plan& plan, float* weights) = nullptr;
    /// Gradient by the prepared weights to gradient by the program's own, in place.
    void (*finish)(const Plan& plan, const float* weights, float* gradient) = nullptr;
    /// Between [programs, entries] and [entries, lanes], and sums over lanes: see lanes_transpose-inl.hpp.
    void (*to_lanes)(const float* programs, std::size_t count, std::size_t entries, const std::size_t* place,
                     float* lanes) = nullptr;
    void (*from_lanes)(const float* lanes, const std::size_t* place, std::size_t count, std::size_t entries,
                       float factor, float* programs) = nullptr;
    void (*add_lane_sums)(const float* vectors, std::size_t count, float* sums) = nullptr;
    Run general = nullptr; ///< for any base
    std::int64_t highway_target = 0;
};

/// Targets that are compiled in and that this processor can run, best first; the last is `scalar`.
const std::vector<Kernel>& kernels();

/// machine::evaluate by the given kernel. Reentrant. Cutting the run into segments by a smaller tape does not
/// change a bit of the result.
void evaluate(const Kernel& kernel, const EvaluationRequest& request, std::span<const float> weights,
              std::span<const Example> examples, std::span<float> losses, std::span<float> gradient,
              std::size_t tape_bytes = largest_tape);

} // namespace ropewalk::machine::lanes
