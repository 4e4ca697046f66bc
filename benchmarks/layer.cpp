// layer/...: machine steps of a layer on one example of its batch per second, with derivatives by the weights and by
// the memory, and forward only. benchmarks/peers/{torch,jax}_layer.py are the peers.
//
// Names read layer/<what>/<sizes>/batch:<examples>[/<precision>]/threads:<n>.
#include <cmath>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/machine/kernels/dispatch.hpp"
#include "ropewalk/programs/machine/layer.hpp"

namespace ropewalk::machine {
namespace {

struct LayerSizes {
    int base, registers, cells, lines;
    long steps;
    std::size_t examples = 256;
};

enum class LayerWork { forward, forward_backward, frozen };

std::string layer_name(const LayerSizes& s, LayerWork work) {
    const char* const names[]{"forward", "forward_backward", "forward_backward_frozen"};
    return std::string("layer/") + names[static_cast<int>(work)] + "/b" + std::to_string(s.base) + "_n" +
           std::to_string(s.registers) + "_m" + std::to_string(s.cells) + "_L" + std::to_string(s.lines) + "_T" +
           std::to_string(s.steps) + "/batch:" + std::to_string(s.examples);
}

template<class Real>
void run_layer_case(benchmark::State& state, const LayerSizes& s, LayerWork work, int threads,
                    const std::string& kernel) {
    (void)force_target(kernel);
    const LayerRequest request{
        .configuration = {.base = s.base, .cells = s.cells, .registers = s.registers, .lines = s.lines},
        .steps = s.steps,
        .threads = threads};
    base::RandomStream random(1, base::Purpose::test);
    std::vector<Real> weights(weight_count(request.configuration));
    for (Real& weight : weights) weight = static_cast<Real>(4 * random.uniform() - 2);
    const auto base = static_cast<std::size_t>(s.base);
    std::vector<Real> memory(s.examples * static_cast<std::size_t>(s.cells) * base);
    for (std::size_t row = 0; row < memory.size(); row += base) {
        Real sum = 0;
        for (std::size_t x = 0; x < base; ++x) sum += memory[row + x] = static_cast<Real>(random.uniform());
        for (std::size_t x = 0; x < base; ++x) memory[row + x] /= sum;
    }
    std::vector<Real> result(memory.size()), by_memory(memory.size()),
        by_weights(work == LayerWork::frozen ? 0 : weights.size());
    for (auto _ : state) {
        run_layer<Real>(request, weights, memory, result);
        if (work != LayerWork::forward)
            run_layer_adjoint<Real>(request, weights, memory, result, by_weights, by_memory);
        benchmark::DoNotOptimize(by_memory.data());
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(s.examples) * s.steps * state.iterations());
    (void)force_target("auto");
}

void add_layer(const LayerSizes& sizes, LayerWork work, int threads = 1, bool in_double = false,
               const std::string& kernel = "auto") {
    const std::string name = layer_name(sizes, work) + (in_double ? "/double" : "") +
                             (kernel == "auto" ? "" : "/" + kernel) + "/threads:" + std::to_string(threads);
    benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
        if (in_double)
            run_layer_case<double>(state, sizes, work, threads, kernel);
        else
            run_layer_case<float>(state, sizes, work, threads, kernel);
    })->Unit(benchmark::kMillisecond)->UseRealTime();
}

const bool layers_registered = [] {
    constexpr LayerSizes headline{8, 4, 8, 8, 32};
    for (const LayerWork work : {LayerWork::forward, LayerWork::forward_backward, LayerWork::frozen})
        for (const LayerSizes& sizes : {headline, LayerSizes{8, 4, 4, 5, 20}, LayerSizes{10, 6, 8, 8, 64},
                                        LayerSizes{16, 4, 16, 16, 32}, LayerSizes{20, 6, 13, 12, 48}})
            add_layer(sizes, work);
    add_layer(headline, LayerWork::forward_backward, 2);
    add_layer(headline, LayerWork::forward_backward, 1, true);
    for (const std::string& kernel : available_targets())
        add_layer(headline, LayerWork::forward_backward, 1, false, kernel);
    return true;
}();

} // namespace
} // namespace ropewalk::machine
