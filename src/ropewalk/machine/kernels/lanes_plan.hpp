// What a fast kernel knows before it runs: sizes, positions, switches and where everything lies in memory.
// Independent of the instruction set of the processor; the arithmetic is in the lanes_*-inl.hpp files.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "ropewalk/machine/evaluate.hpp"

namespace ropewalk::machine::lanes {

/// Instructions whose value depends on both operands in a way that only a b x b walk gets right. Their
/// push-forwards of v1 x v2 are kept on the tape.
inline constexpr std::array pair_opcodes{assembly::Opcode::add, assembly::Opcode::sub, assembly::Opcode::mul,
                                         assembly::Opcode::div, assembly::Opcode::mod};

/// Offsets inside one slot of the tape, counted in vectors of one float per lane. A slot is the state before
/// a step, then what the step computes on its way. The state comes first so that it can be copied as a whole.
struct SlotOffsets {
    int line;       ///< l [L]
    int memory;     ///< M [m, b]
    int registers;  ///< R [n, b]
    int halted;     ///< H
    int state_size; ///< everything above
    int heads;      ///< f [F], a1, a2, a3 [n], target [L], in the order of the weight columns
    int value1;     ///< v1 [b]
    int value2;     ///< v2 [b]
    int address;    ///< v1 folded modulo cells [m]; the same place as v1 when m = b
    int output;     ///< o [b], what is written to registers
    int share;      ///< s, the probability that the instruction produces a value
    int pairs;      ///< push-forwards of the pair instructions that occur [count, b]
    int size;
};

/// A pair instruction of the set.
struct PairInstruction {
    int kind = 0;     ///< index into pair_opcodes
    int position = 0; ///< in the instruction set
    /// result[x * b + y], for bases that have no kernel of their own.
    std::vector<int> result;
};

struct Plan {
    int base, cells, registers, lines, instructions;
    /// Columns of the weights, and the width of the heads on the tape: L more when jumps take their target
    /// from an operand.
    int columns, heads_width;
    Layout layout;
    Switches switches;
    Loss loss;
    long steps;
    bool wants_gradient;
    /// Position in the instruction set by opcode, -1 where it is absent.
    std::array<int, assembly::instruction_count> position;
    std::vector<int> value_positions; ///< of the instructions that produce a value
    std::vector<PairInstruction> pairs;
    unsigned pair_mask; ///< bit k: pair_opcodes[k] occurs
    SlotOffsets slot;
    /// Steps whose tape is kept at once, and how many such segments make up the run.
    long segment_steps, segments;

    int at(assembly::Opcode opcode) const { return position[static_cast<std::size_t>(opcode)]; }
    /// Registers and cells, the rows that can be scored.
    int rows() const { return cells + registers; }
};

/// Lines that are mixed together: eight at a time keep as many chains of dependent multiply-adds running,
/// which is what two units of latency four need; the rest in fours, twos and ones.
struct LineTile {
    int first, width;
};
LineTile line_tile(const Plan& plan, int line);

/// Where the weight of a line and column lies in a workspace: [tile of lines, columns, lines of the tile], so
/// that l W and its adjoint both read forward. Benchmark: step_samples/forward_backward/b8_n4_m8_L8_T32, 19.6
/// against 16.7 M/s, together with the pending steps below.
int weight_index(const Plan& plan, int line, int column);

/// Steps that wait before they are added to the gradient, see lanes_heads-inl.hpp.
constexpr int pending_steps = 8;

/// Largest tape a thread keeps; longer runs are cut into segments. A tape in the third-level cache costs less
/// than running every segment twice: at b = 8, n = 4, m = 8, L = 8, T = 512 the gradient takes 823 ns per
/// step with 8 MiB and 986 ns with 640 KiB, which stay in the second level
/// (step_samples/forward_backward/b8_n4_m8_L8_T512).
constexpr std::size_t largest_tape = 8 * 1024 * 1024;

/// `lane_count` is the number of floats in a vector of the kernel that will run.
Plan make_plan(const EvaluationRequest& request, bool wants_gradient, int lane_count,
               std::size_t tape_bytes = largest_tape);

/// Scratch memory of one thread; every pointer is aligned to 64 bytes and every entry is one vector.
struct Workspace {
    float* weights;      ///< [L, columns] by weight_index; times log2(e), or probabilities, see `prepare`
    float* gradient;     ///< [L, columns] by weight_index
    float* tape;         ///< [slots, slot.size]
    float* checkpoints;  ///< [segments - 1, slot.state_size]
    float* adjoint;      ///< [slot.state_size] derivative by the state, in place
    float* pending;      ///< [pending_steps, heads_width + L] derivative by the heads, and l
    float* value1;       ///< [b] derivative by v1
    float* value2;       ///< [b] derivative by v2
    float* address;      ///< [m] derivative by the address
    float* output;       ///< [b] derivative by o
    float* seeds;        ///< [pair_opcodes, b] derivative by o times f of a pair instruction
    float* start;        ///< [slot.state_size] the state before the first step
    float* expected;     ///< [m + n, b] one-hot expected values
    float* row_weight;   ///< [m + n] weight of a row in the loss, 0 when it is not scored
    float* lane_weight;  ///< [1] 1, or 0 in lanes that only fill up the vector
    float* loss;         ///< [1] sum over the examples so far
    bool* row_is_scored; ///< [m + n] in any lane
};

/// Floats a workspace needs in total.
std::size_t workspace_size(const Plan& plan, int lane_count);

/// Lays a workspace out over `memory`, `workspace_size` floats aligned to 64 bytes. `row_is_scored` has
/// plan.rows() entries.
Workspace lay_out(const Plan& plan, int lane_count, float* memory, bool* row_is_scored);

} // namespace ropewalk::machine::lanes
