// The loop over a layer's examples, a vector of them at a time.
#include <algorithm>
#include <functional>
#include <numeric>

#include "ropewalk/base/base.hpp"
#include "ropewalk/programs/machine/kernels/flush_denormals.hpp"
#include "ropewalk/programs/machine/kernels/lanes.hpp"
#include "ropewalk/programs/machine/kernels/lanes_scratch.hpp"

namespace ropewalk::machine::lanes {

namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

/// Sums of the gradient that are formed apart: as many threads can work on a batch, and sums have one order
/// whatever the threads.
constexpr std::size_t most_sums = 64;

std::vector<std::size_t> in_order(std::size_t count) {
    std::vector<std::size_t> places(count);
    std::iota(places.begin(), places.end(), std::size_t{0});
    return places;
}

/// A layer with its weights prepared, which all threads share.
template<class Real>
class Layer {
public:
    Layer(const KernelOf<Real>& kernel, const LayerRequest& request, const Plan& plan,
          std::span<const Real> weights)
        : kernel_(kernel), request_(request), plan_(plan), run_(find_runs(kernel, plan.sizes).layer),
          place_(weight_places(plan.sizes)), order_(in_order(std::max(weights.size(), memory_size()))),
          block_(hwy::AllocateAligned<Real>(weights.size() * lanes())),
          weights_(hwy::AllocateAligned<Real>(weights.size())) {
        kernel_.to_lanes(weights.data(), 1, weights.size(), place_.data(), block_.get());
        kernel_.prepare(plan_, block_.get());
        kernel_.from_lanes(block_.get(), order_.data(), 1, weights.size(), 1, weights_.get());
    }

    std::size_t lanes() const { return at(kernel_.lane_count); }
    /// Numbers of one example's memory [cells, base].
    std::size_t memory_size() const { return at(plan_.sizes.cells) * at(plan_.sizes.base); }

    /// The results of at most a vector of examples.
    void run(std::span<const Real> memory, std::span<Real> result, Scratch<Real>& scratch) const {
        const BasicWorkspace<Real> w = begin(memory, scratch);
        run_(plan_, w);
        kernel_.from_lanes(w.start + memory_offset(), order_.data(), result.size() / memory_size(),
                           memory_size(), 1, result.data());
    }

    /// Their derivatives; those by the prepared weights are added to `sums`, where there are any.
    void adjoint(std::span<const Real> memory, std::span<const Real> result_adjoint,
                 std::span<Real> memory_adjoint, std::span<Real> sums, Scratch<Real>& scratch) const {
        const BasicWorkspace<Real> w = begin(memory, scratch);
        const std::size_t examples = memory.size() / memory_size();
        std::fill_n(w.adjoint, at(plan_.sizes.slot.state_size) * lanes(), Real{0});
        Real* const by_memory = w.adjoint + memory_offset();
        kernel_.to_lanes(result_adjoint.data(), examples, memory_size(), order_.data(), by_memory);
        // Lanes that only fill up the vector.
        for (std::size_t i = 0; i < memory_size(); ++i)
            std::fill_n(by_memory + i * lanes() + examples, lanes() - examples, Real{0});
        run_(plan_, w);
        kernel_.from_lanes(by_memory, order_.data(), examples, memory_size(), 1, memory_adjoint.data());
        if (!sums.empty() && plan_.steps > 0) kernel_.add_lane_sums(w.gradient, sums.size(), sums.data());
    }

    /// From derivatives by the prepared weights to those by the program's own.
    void finish(std::span<const Real> sums, std::span<Real> weight_adjoint) const {
        const auto gradient = hwy::AllocateAligned<Real>(sums.size() * lanes());
        kernel_.to_lanes(sums.data(), 1, sums.size(), order_.data(), gradient.get());
        kernel_.finish(plan_, block_.get(), gradient.get());
        kernel_.from_lanes(gradient.get(), place_.data(), 1, sums.size(), 1, weight_adjoint.data());
    }

private:
    std::size_t memory_offset() const { return at(plan_.sizes.slot.memory) * lanes(); }

    /// A workspace with the first state of the examples.
    BasicWorkspace<Real> begin(std::span<const Real> memory, Scratch<Real>& scratch) const {
        const Sizes& sizes = plan_.sizes;
        BasicWorkspace<Real> w = lay_out<Real>(
            plan_, kernel_.lane_count, scratch.numbers(workspace_size<Real>(plan_, kernel_.lane_count)), nullptr);
        w.weights = weights_.get();
        std::fill_n(w.start, at(sizes.slot.state_size) * lanes(), Real{0});
        std::fill_n(w.start + at(sizes.slot.line) * lanes(), lanes(), Real{1});
        const std::vector<int>& registers = request_.configuration.initial_registers;
        for (std::size_t r = 0; r < at(sizes.registers); ++r) {
            const std::size_t value = r < registers.size() ? at(registers[r]) : 0;
            std::fill_n(w.start + (at(sizes.slot.registers) + r * at(sizes.base) + value) * lanes(), lanes(),
                        Real{1});
        }
        kernel_.to_lanes(memory.data(), memory.size() / memory_size(), memory_size(), order_.data(),
                         w.start + memory_offset());
        return w;
    }

    const KernelOf<Real>& kernel_;
    const LayerRequest& request_;
    const Plan& plan_;
    RunOf<Real> run_;
    std::vector<std::size_t> place_; ///< of a program's weights in the workspace
    std::vector<std::size_t> order_; ///< 0, 1, ...
    hwy::AlignedFreeUniquePtr<Real[]> block_;   ///< prepared weights, the same in all lanes
    hwy::AlignedFreeUniquePtr<Real[]> weights_; ///< prepared weights
};

template<class Real>
Scratch<Real>& scratch_of_this_thread() {
    thread_local Scratch<Real> scratch;
    return scratch;
}

/// Calls body(first example, count) for the vectors of examples in [begin, end).
template<class Body>
void each_vector(std::size_t begin, std::size_t end, std::size_t lanes, const Body& body) {
    for (std::size_t first = begin; first < end; first += lanes) body(first, std::min(lanes, end - first));
}

/// Examples that a thread takes at once: whole vectors, and at most `most_sums` pieces.
std::size_t piece_size(std::size_t examples, std::size_t lanes) {
    const std::size_t vectors = (examples + lanes - 1) / lanes;
    return lanes * ((vectors + most_sums - 1) / most_sums);
}

} // namespace

template<class Real>
void run_layer(const KernelOf<Real>& kernel, const LayerRequest& request, std::span<const Real> weights,
               std::span<const Real> memory, std::span<Real> result) {
    if (memory.empty()) return;
    const std::size_t lanes = at(kernel.lane_count);
    const Plan plan = make_layer_plan(request, false, false, lanes * sizeof(Real));
    const FlushDenormals flush;
    const Layer<Real> layer(kernel, request, plan, weights);
    const std::size_t size = layer.memory_size(), examples = memory.size() / size;
    const std::size_t piece = piece_size(examples, lanes);
    base::parallel_for((examples + piece - 1) / piece, request.threads, [&](std::size_t p) {
        const FlushDenormals flush_here;
        each_vector(p * piece, std::min(examples, (p + 1) * piece), lanes,
                    [&](std::size_t first, std::size_t count) {
                        layer.run(memory.subspan(first * size, count * size),
                                  result.subspan(first * size, count * size), scratch_of_this_thread<Real>());
                    });
        scratch_of_this_thread<Real>().give_back_large();
    });
}

template<class Real>
void run_layer_adjoint(const KernelOf<Real>& kernel, const LayerRequest& request,
                       std::span<const Real> weights, std::span<const Real> memory,
                       std::span<const Real> result_adjoint, std::span<Real> weight_adjoint,
                       std::span<Real> memory_adjoint, std::size_t tape_bytes) {
    std::fill(weight_adjoint.begin(), weight_adjoint.end(), Real{0});
    if (memory.empty()) return;
    const std::size_t lanes = at(kernel.lane_count);
    const Plan plan =
        make_layer_plan(request, true, !weight_adjoint.empty(), lanes * sizeof(Real), tape_bytes);
    const FlushDenormals flush;
    const Layer<Real> layer(kernel, request, plan, weights);
    const std::size_t size = layer.memory_size(), examples = memory.size() / size;
    const std::size_t piece = piece_size(examples, lanes), pieces = (examples + piece - 1) / piece;
    std::vector<std::vector<Real>> sums(pieces, std::vector<Real>(weight_adjoint.size(), Real{0}));
    base::parallel_for(pieces, request.threads, [&](std::size_t p) {
        const FlushDenormals flush_here;
        each_vector(p * piece, std::min(examples, (p + 1) * piece), lanes,
                    [&](std::size_t first, std::size_t count) {
                        layer.adjoint(memory.subspan(first * size, count * size),
                                      result_adjoint.subspan(first * size, count * size),
                                      memory_adjoint.subspan(first * size, count * size), sums[p],
                                      scratch_of_this_thread<Real>());
                    });
        scratch_of_this_thread<Real>().give_back_large();
    });
    if (weight_adjoint.empty()) return;
    for (std::size_t p = 1; p < pieces; ++p)
        std::transform(sums[p].begin(), sums[p].end(), sums[0].begin(), sums[0].begin(), std::plus<>());
    layer.finish(sums[0], weight_adjoint);
}

template void run_layer(const KernelOf<float>&, const LayerRequest&, std::span<const float>,
                        std::span<const float>, std::span<float>);
template void run_layer(const KernelOf<double>&, const LayerRequest&, std::span<const double>,
                        std::span<const double>, std::span<double>);
template void run_layer_adjoint(const KernelOf<float>&, const LayerRequest&, std::span<const float>,
                                std::span<const float>, std::span<const float>, std::span<float>,
                                std::span<float>, std::size_t);
template void run_layer_adjoint(const KernelOf<double>&, const LayerRequest&, std::span<const double>,
                                std::span<const double>, std::span<const double>, std::span<double>,
                                std::span<double>, std::size_t);

} // namespace ropewalk::machine::lanes
