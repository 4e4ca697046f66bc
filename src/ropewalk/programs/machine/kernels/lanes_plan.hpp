// What a fast kernel knows before it runs: sizes, loss, length of the run, and where everything lies in
// memory. Independent of the instruction set of the processor; the arithmetic is in the lanes_*-inl.hpp
// files.
#pragma once

#include <cstddef>
#include <vector>

#include "ropewalk/programs/machine/evaluate.hpp"
#include "ropewalk/programs/machine/kernels/lanes_sizes.hpp"
#include "ropewalk/programs/machine/layer.hpp"

namespace ropewalk::machine::lanes {

struct Plan {
    Sizes sizes;
    Loss loss;
    long steps;
    bool wants_gradient;
    /// By the weights too, not by the start alone, as layers whose weights are frozen ask.
    bool wants_weight_gradient;
    /// Every lane runs another example of one program; else every lane runs another program.
    bool examples_in_lanes;
    float step_efficiency; ///< weight of one step's 1 - H in the loss
    /// Steps whose tape is kept at once, and how many such segments make up the run.
    long segment_steps, segments;
    /// What the pair instructions make of x and y: [sizes.pairs(), x * b + y]; for kernels that do not know
    /// the base.
    std::vector<int> pair_results;
    /// The same pairs by what is made of them: those of a pair instruction that make z are pairs_by_result from
    /// result_starts[z] to result_starts[z + 1], with b + 1 starts for each instruction.
    struct Pair {
        int x, y;
    };
    std::vector<Pair> pairs_by_result;
    std::vector<int> result_starts;
};

/// What a kernel is compiled for: a base, 0 for any. Numbers that are not known at compile time are 0.
template<int known_base>
struct KnownBase {
    static constexpr int base = known_base, registers = 0, lines = 0, instructions = 0;
    static const Sizes& of(const Plan& plan) { return plan.sizes; }
};

/// All of common_sizes[index].
template<std::size_t index>
struct KnownSizes {
    static constexpr Sizes sizes = common_sizes[index];
    static constexpr int base = sizes.base, registers = sizes.registers, lines = sizes.lines,
                         instructions = sizes.instructions;
    static constexpr const Sizes& of(const Plan&) { return sizes; }
};

/// Steps that wait before they are added to the gradient, see lanes_heads-inl.hpp: 850 ns per step with 32,
/// 857 with 16, 875 with 8 (step_samples/forward_backward/b8_n4_m8_L8_T32).
constexpr int pending_steps = 32;

/// Largest tape a thread keeps; longer runs are cut into segments. A tape in the third-level cache costs less
/// than running every segment twice: at b = 8, n = 4, m = 8, L = 8, T = 512 the gradient takes 823 ns per
/// step with 8 MiB and 986 ns with 640 KiB, which stay in the second level
/// (step_samples/forward_backward/b8_n4_m8_L8_T512).
constexpr std::size_t largest_tape = 8 * 1024 * 1024;

/// `lane_count` is the number of floats in a vector of the kernel that will run.
Plan make_plan(const EvaluationRequest& request, bool wants_gradient, bool examples_in_lanes, int lane_count,
               std::size_t tape_bytes = largest_tape);

/// The plan of a layer's run, whose derivative by the last memory is given and which has no loss of its own.
/// Vectors are of `vector_bytes`.
Plan make_layer_plan(const LayerRequest& request, bool wants_gradient, bool wants_weight_gradient,
                     std::size_t vector_bytes, std::size_t tape_bytes = largest_tape);

/// Scratch memory of one thread; every pointer is aligned to 64 bytes and every entry is one vector of float or
/// double, where nothing else is said.
template<class Real>
struct BasicWorkspace {
    /// What a run reads, [L, columns] by weight_index: the block, or with examples in lanes a program of
    /// `programs`.
    const Real* weights;
    Real* gradient; ///< [L, columns] by weight_index
    Real* block; ///< [L, columns] by weight_index, a program per lane; times log2(e), or probabilities, see
                  ///< `prepare`
    Real* programs;     ///< with examples in lanes, the block by programs: [lanes, L, columns] numbers
    Real* lane_sums;    ///< with examples in lanes, gradients by programs: [lanes, L, columns] numbers
    Real* tape;         ///< [slots, slot.size]
    Real* checkpoints;  ///< [segments - 1, slot.state_size]
    Real* adjoint;      ///< [slot.state_size] derivative by the state, in place
    Real* heads;        ///< [heads_width] derivative by the heads
    Real* value1;       ///< [b] derivative by v1
    Real* value2;       ///< [b] derivative by v2
    Real* address;      ///< [m] derivative by the address; the same place as value1 when m = b
    Real* output;       ///< [b] derivative by o
    Real* seeds;        ///< [pair_opcodes, b] derivative by o times f of a pair instruction
    Real* start;        ///< [slot.state_size] the state before the first step
    Real* expected;     ///< [m + n, b] one-hot expected values
    Real* row_weight;   ///< [m + n] weight of a row in the loss, 0 when it is not scored
    Real* lane_weight;  ///< [1] 1, or 0 in lanes that only fill up the vector
    Real* loss;         ///< [1] sum over the examples so far
    bool* row_is_scored; ///< [m + n] in any lane
};

using Workspace = BasicWorkspace<float>;

/// Numbers a workspace needs in total.
template<class Real = float>
std::size_t workspace_size(const Plan& plan, int lane_count);

/// Lays a workspace out over `memory`, `workspace_size` numbers aligned to 64 bytes. `row_is_scored` has
/// plan.sizes.rows() entries; null where nothing is scored.
template<class Real>
BasicWorkspace<Real> lay_out(const Plan& plan, int lane_count, Real* memory, bool* row_is_scored);

} // namespace ropewalk::machine::lanes
