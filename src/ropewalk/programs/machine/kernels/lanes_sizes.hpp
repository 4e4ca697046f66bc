// What a kernel knows of a machine: its sizes, its switches and where everything lies. A literal type, so
// that kernels of common sizes are compiled with all of it known: offsets then are part of the instructions
// that use them, loops unroll and branches on switches disappear.
#pragma once

#include <array>
#include <span>

#include "ropewalk/programs/assembly/assembly.hpp"
#include "ropewalk/programs/machine/configuration.hpp"

namespace ropewalk::machine::lanes {

/// Instructions whose value combines both operands in a way that only a b x b walk gets right. Their
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

    friend bool operator==(const SlotOffsets&, const SlotOffsets&) = default;
};

/// A pair instruction of the set.
struct PairInstruction {
    int kind = 0;     ///< index into pair_opcodes
    int position = 0; ///< in the instruction set

    friend bool operator==(const PairInstruction&, const PairInstruction&) = default;
};

struct Sizes {
    int base = 0, cells = 0, registers = 0, lines = 0, instructions = 0;
    /// Columns of the weights, and the width of the heads on the tape: L more when jumps take their target
    /// from an operand.
    int columns = 0, heads_width = 0;
    Layout layout;
    Switches switches;
    /// Position in the instruction set by opcode, -1 where it is absent.
    std::array<int, assembly::instruction_count> position{};
    /// Whether the instruction at a position produces a value.
    std::array<bool, assembly::instruction_count> produces_value{};
    std::array<PairInstruction, pair_opcodes.size()> pair_list{}; ///< pair_count of them
    std::size_t pair_count = 0;
    unsigned pair_mask = 0; ///< bit k: pair_opcodes[k] occurs
    SlotOffsets slot{};

    constexpr int at(assembly::Opcode opcode) const { return position[static_cast<std::size_t>(opcode)]; }
    constexpr std::span<const PairInstruction> pairs() const { return {pair_list.data(), pair_count}; }
    /// Registers and cells, the rows that can be scored.
    constexpr int rows() const { return cells + registers; }

    friend bool operator==(const Sizes&, const Sizes&) = default;
};

constexpr SlotOffsets slot_offsets(const Sizes& sizes) {
    SlotOffsets slot{};
    int size = 0;
    const auto next = [&size](int count) {
        const int offset = size;
        size += count;
        return offset;
    };
    slot.line = next(sizes.lines);
    slot.memory = next(sizes.cells * sizes.base);
    slot.registers = next(sizes.registers * sizes.base);
    slot.halted = next(1);
    slot.state_size = size;
    slot.heads = next(sizes.heads_width);
    slot.value1 = next(sizes.base);
    slot.value2 = next(sizes.base);
    slot.address = sizes.cells == sizes.base ? slot.value1 : next(sizes.cells);
    slot.output = next(sizes.base);
    slot.share = next(1);
    slot.pairs = next(static_cast<int>(sizes.pair_count) * sizes.base);
    slot.size = size;
    return slot;
}

/// For sizes in range and a set without repeats, see `validated`.
constexpr Sizes sizes_of(int base, int cells, int registers, int lines, std::span<const assembly::Opcode> set,
                         const Switches& switches) {
    Sizes sizes;
    sizes.base = base, sizes.cells = cells, sizes.registers = registers, sizes.lines = lines;
    sizes.instructions = static_cast<int>(set.size());
    sizes.switches = switches;
    sizes.layout = layout_of(sizes.instructions, registers, lines, switches.target);
    sizes.columns = sizes.layout.columns;
    sizes.heads_width = sizes.layout.target.offset + lines;
    sizes.position.fill(-1);
    for (std::size_t k = 0; k < set.size(); ++k) {
        sizes.position[static_cast<std::size_t>(set[k])] = static_cast<int>(k);
        sizes.produces_value[k] = assembly::info(set[k]).produces_value;
    }
    for (std::size_t kind = 0; kind < pair_opcodes.size(); ++kind) {
        const int position = sizes.at(pair_opcodes[kind]);
        if (position < 0) continue;
        sizes.pair_mask |= 1u << kind;
        sizes.pair_list[sizes.pair_count++] = {.kind = static_cast<int>(kind), .position = position};
    }
    sizes.slot = slot_offsets(sizes);
    return sizes;
}

/// Lines that are mixed together: eight at a time keep as many chains of dependent multiply-adds running,
/// which is what two units of latency four need; the rest in fours, twos and ones.
struct LineTile {
    int first, width;
};

constexpr LineTile line_tile(int lines, int line) {
    const int first = line / 8 * 8;
    const int rest = lines - first;
    if (rest >= 8) return {first, 8};
    const int after_four = rest & 4, after_two = rest & 6, within = line - first;
    if (within < after_four) return {first, 4};
    if (within < after_two) return {first + after_four, 2};
    return {first + after_two, 1};
}

/// Where the weight of a line and column lies in a workspace: [tile of lines, columns, lines of the tile], so
/// that l W and its adjoint both read forward. Benchmark: step_samples/forward_backward/b8_n4_m8_L8_T32, 19.6
/// against 16.7 M/s, together with pending_steps.
constexpr int weight_index(const Sizes& sizes, int line, int column) {
    const LineTile tile = line_tile(sizes.lines, line);
    return tile.first * sizes.columns + column * tile.width + line - tile.first;
}

/// Sizes that have a kernel of their own, with default switches and paper13: a middling machine, and those of
/// the six tasks (`tasks`; docs/results/sdp-table1.md). Others run a kernel that knows the base, or none.
/// 472 instead of 578 ns per step (step_samples/forward_backward/b8_n4_m8_L8_T32).
inline constexpr std::array common_sizes{
    sizes_of(8, 8, 4, 8, assembly::paper13_opcodes, {}),
    sizes_of(8, 4, 4, 8, assembly::paper13_opcodes, {}),
    sizes_of(4, 4, 8, 16, assembly::paper13_opcodes, {}),
    sizes_of(4, 4, 10, 20, assembly::paper13_opcodes, {}),
    sizes_of(10, 8, 6, 8, assembly::paper13_opcodes, {}),
};

/// Bases that have a kernel of their own, for all other sizes.
inline constexpr std::array common_bases{4, 8, 10, 16};

} // namespace ropewalk::machine::lanes
