// The general kernel of every target, and the loop over programs and examples around it.
#include "ropewalk/programs/machine/kernels/lanes.hpp"
#include "ropewalk/base/vector_targets.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "ropewalk/programs/machine/kernels/lanes.cpp"
#include <hwy/foreach_target.h>

#include "ropewalk/programs/machine/kernels/lanes_layer-inl.hpp"
#include "ropewalk/programs/machine/kernels/lanes_run-inl.hpp"
#include "ropewalk/programs/machine/kernels/lanes_transpose-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace ropewalk::machine::lanes::HWY_NAMESPACE::inline ROPEWALK_LANES_NUMBERS {

Kernel describe() {
    return {.lane_count = static_cast<int>(lane_count),
            .prepare = &prepare,
            .finish = &finish,
            .to_lanes = &to_lanes,
            .from_lanes = &from_lanes,
            .add_lane_sums = &add_lane_sums,
            .general = {.run = &run<KnownBase<0>>, .layer = &run_layer<KnownBase<0>>}};
}

} // namespace ropewalk::machine::lanes::HWY_NAMESPACE::inline ROPEWALK_LANES_NUMBERS
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

#include "ropewalk/programs/machine/kernels/flush_denormals.hpp"
#include "ropewalk/programs/machine/kernels/lanes_scratch.hpp"
#include "ropewalk/programs/machine/kernels/lanes_specialised.hpp"

namespace ropewalk::machine::lanes {

HWY_EXPORT(describe);

namespace {

std::vector<Kernel> find_kernels() {
    std::vector<Kernel> found;
    for (const std::int64_t target : base::usable_targets()) {
        Kernel kernel = HWY_DISPATCH_TABLE(describe)[base::table_index(target)]();
        kernel.name = base::target_name(target);
        kernel.highway_target = target;
        found.push_back(kernel);
    }
    return found;
}

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// Examples that leave at most a twentieth of the lanes empty are faster side by side than programs are, see
/// SharedWeights: by 5 % with AVX-512, by nothing with AVX2, and slower by 3 % in vectors of four.
bool has_examples_in_lanes(Lanes wanted, std::size_t programs, std::size_t examples, std::size_t lanes) {
    if (wanted == Lanes::programs) return false;
    if (wanted == Lanes::automatic && programs == 1) return true;
    const std::size_t padded = (examples + lanes - 1) / lanes * lanes;
    return lanes >= 8 && examples > 0 && (padded - examples) * 20 <= padded;
}

/// One call: programs go through the lanes in blocks, or a block's programs one by one with examples in the
/// lanes.
class Evaluation {
public:
    Evaluation(const Kernel& kernel, const EvaluationRequest& request, const Plan& plan, Scratch<float>& scratch)
        : kernel_(kernel), request_(request), plan_(plan), run_(find_runs(kernel, plan_.sizes).run),
          row_is_scored_(new bool[at(plan_.sizes.rows())]),
          w_(lay_out(plan_, kernel.lane_count, scratch.numbers(workspace_size(plan_, kernel.lane_count)),
                     row_is_scored_.get())),
          place_(weight_places(plan_.sizes)) {
        in_order_.resize(place_.size());
        std::iota(in_order_.begin(), in_order_.end(), std::size_t{0});
    }

    /// One block: lane k has program min(k, programs - 1) of `weights`.
    void run_block(std::span<const float> weights, std::span<const Example> examples, std::span<float> losses,
                   std::span<float> gradient) {
        const int programs = static_cast<int>(losses.size());
        begin(weights.data(), programs);
        const double share = 1.0 / static_cast<double>(std::max<std::size_t>(1, examples.size()));
        if (plan_.examples_in_lanes)
            examples_in_lanes(programs, examples, share, losses);
        else
            programs_in_lanes(examples, share, losses);
        if (plan_.wants_gradient) end(programs, static_cast<float>(share), gradient);
    }

private:
    int lanes() const { return kernel_.lane_count; }
    std::size_t entries() const { return at(plan_.sizes.lines) * at(plan_.sizes.columns); }

    /// Loads the weights of a block, and clears what is summed.
    void begin(const float* weights, int programs) {
        kernel_.to_lanes(weights, at(programs), entries(), place_.data(), w_.block);
        kernel_.prepare(plan_, w_.block);
        // With examples in the lanes only runs of no steps need it.
        if (plan_.wants_gradient) std::fill_n(w_.gradient, entries() * at(lanes()), 0.0f);
        std::fill_n(w_.loss, lanes(), 0.0f);
        if (!plan_.examples_in_lanes) return;
        kernel_.from_lanes(w_.block, in_order_.data(), at(programs), entries(), 1, w_.programs);
        if (plan_.wants_gradient) std::fill_n(w_.lane_sums, entries() * at(programs), 0.0f);
    }

    void programs_in_lanes(std::span<const Example> examples, double share, std::span<float> losses) {
        for (const Example& example : examples) {
            begin_examples();
            set_example({0, lanes()}, example, 1);
            run_(plan_, w_);
        }
        for (std::size_t lane = 0; lane < losses.size(); ++lane)
            losses[lane] = static_cast<float>(share) * w_.loss[lane];
    }

    void examples_in_lanes(int programs, std::span<const Example> examples, double share,
                           std::span<float> losses) {
        std::vector<double> sums(at(programs));
        for (std::size_t start = 0; start < examples.size(); start += at(lanes())) {
            const int count = static_cast<int>(std::min(at(lanes()), examples.size() - start));
            begin_examples();
            for (int lane = 0; lane < lanes(); ++lane)
                set_example({lane, 1}, examples[start + at(std::min(lane, count - 1))],
                            lane < count ? 1.0f : 0.0f);
            for (std::size_t program = 0; program < at(programs); ++program) {
                w_.weights = w_.programs + program * entries();
                run_(plan_, w_);
                for (int lane = 0; lane < count; ++lane) sums[program] += static_cast<double>(w_.loss[lane]);
                std::fill_n(w_.loss, lanes(), 0.0f);
                if (!plan_.wants_gradient) continue;
                kernel_.add_lane_sums(w_.gradient, entries(), w_.lane_sums + program * entries());
            }
        }
        for (std::size_t program = 0; program < at(programs); ++program)
            losses[program] = static_cast<float>(share * sums[program]);
        if (plan_.wants_gradient)
            kernel_.to_lanes(w_.lane_sums, at(programs), entries(), in_order_.data(), w_.gradient);
    }

    /// Hands out a block's gradient.
    void end(int programs, float share, std::span<float> gradient) {
        kernel_.finish(plan_, w_.block, w_.gradient);
        kernel_.from_lanes(w_.gradient, place_.data(), at(programs), entries(), share, gradient.data());
    }

    void begin_examples() {
        std::fill_n(w_.start, at(plan_.sizes.slot.state_size * lanes()), 0.0f);
        std::fill_n(w_.expected, at(plan_.sizes.rows() * plan_.sizes.base * lanes()), 0.0f);
        std::fill_n(w_.row_weight, at(plan_.sizes.rows() * lanes()), 0.0f);
        std::fill_n(w_.row_is_scored, plan_.sizes.rows(), false);
    }

    /// Lanes side by side.
    struct LaneRange {
        int first, count;
    };

    /// Entry `index` of a vector array, in some lanes.
    void set(float* vectors, int index, LaneRange range, float value) {
        std::fill_n(vectors + index * lanes() + range.first, range.count, value);
    }

    /// What some lanes start from and are scored by; `weight` is 0 for a lane that only fills the vector.
    void set_example(LaneRange range, const Example& example, float weight) {
        const Sizes& sizes = plan_.sizes;
        const auto& registers =
            example.registers.empty() ? request_.configuration.initial_registers : example.registers;
        set(w_.start, sizes.slot.line, range, 1);
        set(w_.lane_weight, 0, range, weight);
        set_one_hot(range, example.memory, sizes.slot.memory, sizes.cells);
        set_one_hot(range, registers, sizes.slot.registers, sizes.registers);
        expect(range, example.expected_memory, 0, sizes.cells, plan_.loss.memory, weight);
        expect(range, example.expected_registers, sizes.cells, sizes.registers, plan_.loss.registers, weight);
    }

    void set_one_hot(LaneRange range, const std::vector<int>& values, int offset, int rows) {
        for (int r = 0; r < rows; ++r) {
            const int value = at(r) < values.size() ? values[at(r)] : 0;
            set(w_.start, offset + r * plan_.sizes.base + value, range, 1);
        }
    }

    void expect(LaneRange range, const std::vector<int>& values, int first_row, int rows, double loss_weight,
                float lane_weight) {
        const auto scored =
            std::count_if(values.begin(), values.end(), [](int v) { return v != not_scored; });
        for (int r = 0; r < std::min(rows, static_cast<int>(values.size())); ++r) {
            if (values[at(r)] == not_scored) continue;
            const int row = first_row + r;
            set(w_.expected, row * plan_.sizes.base + values[at(r)], range, 1);
            set(w_.row_weight, row, range,
                lane_weight * static_cast<float>(loss_weight) / static_cast<float>(scored));
            w_.row_is_scored[row] = true;
        }
    }

    const Kernel& kernel_;
    const EvaluationRequest& request_;
    Plan plan_;
    Run run_;
    std::unique_ptr<bool[]> row_is_scored_;
    Workspace w_;
    std::vector<std::size_t> place_;    ///< of a program's weights in the workspace
    std::vector<std::size_t> in_order_; ///< 0, 1, ...: places of weights that lie there already
};

} // namespace

const std::vector<Kernel>& kernels() {
    static const std::vector<Kernel> found = find_kernels();
    return found;
}

Runs find_runs(const Kernel& kernel, const Sizes& sizes) {
    Runs runs;
    const auto try_runs = [&]<class Known>(bool fits) {
        if (runs.run == nullptr && fits) runs = runs_of<Known>(kernel.highway_target);
    };
    [&]<std::size_t... i>(std::index_sequence<i...>) {
        (try_runs.template operator()<KnownSizes<i>>(sizes == common_sizes[i]), ...);
    }
    (std::make_index_sequence<common_sizes.size()>{});
    [&]<std::size_t... i>(std::index_sequence<i...>) {
        (try_runs.template operator()<KnownBase<common_bases[i]>>(sizes.base == common_bases[i]), ...);
    }
    (std::make_index_sequence<common_bases.size()>{});
    return runs.run != nullptr ? runs : kernel.general;
}

std::vector<std::size_t> weight_places(const Sizes& sizes) {
    std::vector<std::size_t> places;
    for (int l = 0; l < sizes.lines; ++l)
        for (int c = 0; c < sizes.columns; ++c) places.push_back(at(weight_index(sizes, l, c)));
    return places;
}

void evaluate(const Kernel& kernel, const EvaluationRequest& request, std::span<const float> weights,
              std::span<const Example> examples, std::span<float> losses, std::span<float> gradient,
              std::size_t tape_bytes) {
    const FlushDenormals flush;
    thread_local Scratch<float> scratch;
    const std::size_t lanes = at(kernel.lane_count);
    const std::size_t programs = losses.size();
    const std::size_t size = weight_count(request.configuration);
    const Plan plan = make_plan(request, !gradient.empty(),
                                has_examples_in_lanes(request.lanes, programs, examples.size(), lanes),
                                kernel.lane_count, tape_bytes);
    Evaluation evaluation(kernel, request, plan, scratch);
    for (std::size_t start = 0; start < programs; start += lanes) {
        const std::size_t count = std::min(lanes, programs - start);
        evaluation.run_block(weights.subspan(start * size, count * size), examples,
                             losses.subspan(start, count),
                             plan.wants_gradient ? gradient.subspan(start * size, count * size) : gradient);
    }
    scratch.give_back_large();
}

} // namespace ropewalk::machine::lanes

#endif
