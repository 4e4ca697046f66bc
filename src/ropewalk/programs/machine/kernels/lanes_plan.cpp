#include "ropewalk/programs/machine/kernels/lanes_plan.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

namespace ropewalk::machine::lanes {

namespace {

std::vector<int> pair_results(const Sizes& sizes) {
    std::vector<int> results;
    for (const PairInstruction& pair : sizes.pairs()) {
        const auto value = info(pair_opcodes[static_cast<std::size_t>(pair.kind)]).value;
        for (int x = 0; x < sizes.base; ++x)
            for (int y = 0; y < sizes.base; ++y) results.push_back(value(x, y, sizes.base));
    }
    return results;
}

/// By counting, once through the pairs of each instruction: bases have hundreds of values.
void sort_pairs(Plan& plan) {
    const auto base = static_cast<std::size_t>(plan.sizes.base), pairs = base * base;
    plan.pairs_by_result.resize(plan.pair_results.size());
    for (std::size_t first = 0; first < plan.pair_results.size(); first += pairs) {
        const std::span results(plan.pair_results.data() + first, pairs);
        std::vector<std::size_t> starts(base + 1, 0);
        for (const int z : results) ++starts[static_cast<std::size_t>(z) + 1];
        std::partial_sum(starts.begin(), starts.end(), starts.begin());
        for (const std::size_t start : starts) plan.result_starts.push_back(static_cast<int>(first + start));
        for (std::size_t xy = 0; xy < pairs; ++xy)
            plan.pairs_by_result[first + starts[static_cast<std::size_t>(results[xy])]++] = {
                static_cast<int>(xy / base), static_cast<int>(xy % base)};
    }
}

/// One segment when the tape is small enough; else at least sqrt(T) steps per segment, so that the states
/// kept at segment starts do not outgrow the tape.
void plan_segments(Plan& plan, std::size_t vector_bytes, std::size_t tape_bytes) {
    const std::size_t slot_bytes = static_cast<std::size_t>(plan.sizes.slot.size) * vector_bytes;
    const long fitting = std::max(1L, static_cast<long>(tape_bytes / slot_bytes));
    const long root = static_cast<long>(std::ceil(std::sqrt(static_cast<double>(plan.steps))));
    plan.segment_steps = plan.wants_gradient ? std::min(std::max(1L, plan.steps), std::max(fitting, root))
                                             : std::max(1L, plan.steps);
    plan.segments = std::max(1L, (plan.steps + plan.segment_steps - 1) / plan.segment_steps);
}

/// States alternate between two slots when no tape is kept.
long slot_count(const Plan& plan) { return plan.wants_gradient ? plan.segment_steps + 1 : 2; }

/// Hands out pieces of a workspace, or only counts them when there is no memory yet.
template<class Real>
class Pieces {
public:
    Pieces(Real* memory, int lane_count)
        : memory_(memory), lane_count_(static_cast<std::size_t>(lane_count)) {}

    Real* next(long vectors) {
        const std::size_t cache_line = 64 / sizeof(Real);
        Real* const piece = memory_ == nullptr ? nullptr : memory_ + used_;
        used_ += (static_cast<std::size_t>(vectors) * lane_count_ + cache_line - 1) / cache_line * cache_line;
        return piece;
    }

    std::size_t used() const { return used_; }

private:
    Real* memory_;
    std::size_t lane_count_;
    std::size_t used_ = 0;
};

template<class Real>
BasicWorkspace<Real> lay_out(const Plan& plan, Pieces<Real>& pieces) {
    const Sizes& sizes = plan.sizes;
    const long weights = static_cast<long>(sizes.lines) * sizes.columns;
    const bool g = plan.wants_gradient, by_weights = plan.wants_weight_gradient;
    BasicWorkspace<Real> w{};
    w.weights = w.block = pieces.next(weights);
    w.gradient = pieces.next(by_weights ? weights : 0);
    w.programs = pieces.next(plan.examples_in_lanes ? weights : 0);
    w.lane_sums = pieces.next(plan.examples_in_lanes && by_weights ? weights : 0);
    w.adjoint = pieces.next(g ? sizes.slot.state_size : 0);
    w.heads = pieces.next(sizes.heads_width);
    w.value1 = pieces.next(sizes.base);
    w.value2 = pieces.next(sizes.base);
    w.address = sizes.slot.address == sizes.slot.value1 ? w.value1 : pieces.next(sizes.cells);
    w.output = pieces.next(sizes.base);
    w.seeds = pieces.next(static_cast<long>(pair_opcodes.size()) * sizes.base);
    w.start = pieces.next(sizes.slot.state_size);
    w.expected = pieces.next(static_cast<long>(sizes.rows()) * sizes.base);
    w.row_weight = pieces.next(sizes.rows());
    w.lane_weight = pieces.next(1);
    w.loss = pieces.next(1);
    w.tape = pieces.next(slot_count(plan) * sizes.slot.size);
    w.checkpoints = pieces.next((plan.segments - 1) * sizes.slot.state_size);
    return w;
}

} // namespace

Plan make_plan(const EvaluationRequest& request, bool wants_gradient, bool examples_in_lanes, int lane_count,
               std::size_t tape_bytes) {
    const Configuration& c = request.configuration;
    Plan plan{.sizes = sizes_of(c.base, c.cells, c.registers, c.lines, c.instruction_set, c.switches),
              .loss = request.loss,
              .steps = request.steps,
              .wants_gradient = wants_gradient,
              .wants_weight_gradient = wants_gradient,
              .examples_in_lanes = examples_in_lanes,
              .step_efficiency = static_cast<float>(request.loss.efficiency) /
                                 static_cast<float>(std::max(1L, request.steps))};
    plan.pair_results = pair_results(plan.sizes);
    sort_pairs(plan);
    plan_segments(plan, static_cast<std::size_t>(lane_count) * sizeof(float), tape_bytes);
    return plan;
}

Plan make_layer_plan(const LayerRequest& request, bool wants_gradient, bool wants_weight_gradient,
                     std::size_t vector_bytes, std::size_t tape_bytes) {
    const Configuration& c = request.configuration;
    Plan plan{.sizes = sizes_of(c.base, c.cells, c.registers, c.lines, c.instruction_set, c.switches),
              .loss = {},
              .steps = request.steps,
              .wants_gradient = wants_gradient,
              .wants_weight_gradient = wants_weight_gradient,
              .examples_in_lanes = true,
              .step_efficiency = 0};
    plan.pair_results = pair_results(plan.sizes);
    sort_pairs(plan);
    plan_segments(plan, vector_bytes, tape_bytes);
    return plan;
}

template<class Real>
std::size_t workspace_size(const Plan& plan, int lane_count) {
    Pieces<Real> pieces(nullptr, lane_count);
    lay_out(plan, pieces);
    return pieces.used();
}

template<class Real>
BasicWorkspace<Real> lay_out(const Plan& plan, int lane_count, Real* memory, bool* row_is_scored) {
    Pieces<Real> pieces(memory, lane_count);
    BasicWorkspace<Real> workspace = lay_out(plan, pieces);
    workspace.row_is_scored = row_is_scored;
    return workspace;
}

template std::size_t workspace_size<float>(const Plan&, int);
template std::size_t workspace_size<double>(const Plan&, int);
template BasicWorkspace<float> lay_out(const Plan&, int, float*, bool*);
template BasicWorkspace<double> lay_out(const Plan&, int, double*, bool*);

} // namespace ropewalk::machine::lanes
