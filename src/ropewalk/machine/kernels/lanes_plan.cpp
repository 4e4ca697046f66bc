#include "ropewalk/machine/kernels/lanes_plan.hpp"

#include <algorithm>
#include <cmath>

namespace ropewalk::machine::lanes {

using assembly::Opcode;

namespace {

SlotOffsets slot_offsets(const Plan& plan) {
    SlotOffsets slot;
    int size = 0;
    const auto next = [&size](int count) {
        const int offset = size;
        size += count;
        return offset;
    };
    slot.line = next(plan.lines);
    slot.memory = next(plan.cells * plan.base);
    slot.registers = next(plan.registers * plan.base);
    slot.halted = next(1);
    slot.state_size = size;
    slot.heads = next(plan.heads_width);
    slot.value1 = next(plan.base);
    slot.value2 = next(plan.base);
    slot.address = plan.cells == plan.base ? slot.value1 : next(plan.cells);
    slot.output = next(plan.base);
    slot.share = next(1);
    slot.pairs = next(static_cast<int>(plan.pairs.size()) * plan.base);
    slot.size = size;
    return slot;
}

void plan_instructions(const assembly::InstructionSet& set, Plan& plan) {
    plan.position.fill(-1);
    for (std::size_t k = 0; k < set.size(); ++k) {
        plan.position[static_cast<std::size_t>(set[k])] = static_cast<int>(k);
        if (info(set[k]).produces_value) plan.value_positions.push_back(static_cast<int>(k));
    }
    plan.pair_mask = 0;
    for (std::size_t kind = 0; kind < pair_opcodes.size(); ++kind) {
        if (plan.at(pair_opcodes[kind]) < 0) continue;
        plan.pair_mask |= 1u << kind;
        PairInstruction pair{.kind = static_cast<int>(kind), .position = plan.at(pair_opcodes[kind])};
        for (int x = 0; x < plan.base; ++x)
            for (int y = 0; y < plan.base; ++y)
                pair.result.push_back(info(pair_opcodes[kind]).value(x, y, plan.base));
        plan.pairs.push_back(std::move(pair));
    }
}

/// One segment when the tape is small enough; else at least sqrt(T) steps per segment, so that the states
/// kept at segment starts do not outgrow the tape.
void plan_segments(Plan& plan, int lane_count, std::size_t tape_bytes) {
    const std::size_t slot_bytes =
        static_cast<std::size_t>(plan.slot.size) * static_cast<std::size_t>(lane_count) * sizeof(float);
    const long fitting = std::max(1L, static_cast<long>(tape_bytes / slot_bytes));
    const long root = static_cast<long>(std::ceil(std::sqrt(static_cast<double>(plan.steps))));
    plan.segment_steps = plan.wants_gradient ? std::min(std::max(1L, plan.steps), std::max(fitting, root))
                                             : std::max(1L, plan.steps);
    plan.segments = std::max(1L, (plan.steps + plan.segment_steps - 1) / plan.segment_steps);
}

/// States alternate between two slots when no tape is kept.
long slot_count(const Plan& plan) { return plan.wants_gradient ? plan.segment_steps + 1 : 2; }

/// Hands out pieces of a workspace, or only counts them when there is no memory yet.
class Pieces {
public:
    Pieces(float* memory, int lane_count)
        : memory_(memory), lane_count_(static_cast<std::size_t>(lane_count)) {}

    float* next(long vectors) {
        const std::size_t cache_line = 16;
        float* const piece = memory_ == nullptr ? nullptr : memory_ + used_;
        used_ += (static_cast<std::size_t>(vectors) * lane_count_ + cache_line - 1) / cache_line * cache_line;
        return piece;
    }

    std::size_t used() const { return used_; }

private:
    float* memory_;
    std::size_t lane_count_;
    std::size_t used_ = 0;
};

Workspace lay_out(const Plan& plan, Pieces& pieces) {
    const long weights = static_cast<long>(plan.lines) * plan.columns;
    const bool g = plan.wants_gradient;
    Workspace w{};
    w.weights = pieces.next(weights);
    w.gradient = pieces.next(g ? weights : 0);
    w.adjoint = pieces.next(g ? plan.slot.state_size : 0);
    w.pending = pieces.next(pending_steps * (plan.heads_width + plan.lines));
    w.value1 = pieces.next(plan.base);
    w.value2 = pieces.next(plan.base);
    w.address = pieces.next(plan.cells);
    w.output = pieces.next(plan.base);
    w.seeds = pieces.next(static_cast<long>(pair_opcodes.size()) * plan.base);
    w.start = pieces.next(plan.slot.state_size);
    w.expected = pieces.next(static_cast<long>(plan.rows()) * plan.base);
    w.row_weight = pieces.next(plan.rows());
    w.lane_weight = pieces.next(1);
    w.loss = pieces.next(1);
    w.tape = pieces.next(slot_count(plan) * plan.slot.size);
    w.checkpoints = pieces.next((plan.segments - 1) * plan.slot.state_size);
    return w;
}

} // namespace

Plan make_plan(const EvaluationRequest& request, bool wants_gradient, int lane_count,
               std::size_t tape_bytes) {
    const Configuration& c = request.configuration;
    Plan plan{.base = c.base,
              .cells = c.cells,
              .registers = c.registers,
              .lines = c.lines,
              .instructions = static_cast<int>(c.instruction_set.size()),
              .layout = layout_of(c),
              .switches = c.switches,
              .loss = request.loss,
              .steps = request.steps,
              .wants_gradient = wants_gradient};
    plan.columns = plan.layout.columns;
    plan.heads_width = plan.layout.target.offset + plan.lines;
    plan_instructions(c.instruction_set, plan);
    plan.slot = slot_offsets(plan);
    plan_segments(plan, lane_count, tape_bytes);
    return plan;
}

LineTile line_tile(const Plan& plan, int line) {
    const int first = line / 8 * 8;
    const int rest = plan.lines - first;
    if (rest >= 8) return {first, 8};
    const int after_four = rest & 4, after_two = rest & 6, within = line - first;
    if (within < after_four) return {first, 4};
    if (within < after_two) return {first + after_four, 2};
    return {first + after_two, 1};
}

int weight_index(const Plan& plan, int line, int column) {
    const LineTile tile = line_tile(plan, line);
    return tile.first * plan.columns + column * tile.width + line - tile.first;
}

std::size_t workspace_size(const Plan& plan, int lane_count) {
    Pieces pieces(nullptr, lane_count);
    lay_out(plan, pieces);
    return pieces.used();
}

Workspace lay_out(const Plan& plan, int lane_count, float* memory, bool* row_is_scored) {
    Pieces pieces(memory, lane_count);
    Workspace workspace = lay_out(plan, pieces);
    workspace.row_is_scored = row_is_scored;
    return workspace;
}

} // namespace ropewalk::machine::lanes
