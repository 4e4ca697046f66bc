// roap_step/...: a training step of amortised gradient search on glyphs, from images to Adam. An item is a
// step.
#include <benchmark/benchmark.h>

#include "benchmarks/roap_step_case.hpp"

namespace ropewalk::perception {
namespace {

void run(benchmark::State& state, const StepSizes& sizes, int threads) {
    auto made = step_case(sizes, threads);
    if (!made) {
        state.SkipWithError(base::render(made.error()).c_str());
        return;
    }
    for (auto _ : state) {
        const auto report = made->engine->step(made->batch, made->options);
        if (!report || !report->finite) {
            state.SkipWithError("a step failed");
            return;
        }
        ++made->options.index;
    }
    state.SetItemsProcessed(state.iterations());
}

const bool registered = [] {
    for (const std::size_t pairs : {16, 256})
        for (const int threads : {1, 2}) {
            StepSizes sizes;
            sizes.pairs = pairs;
            const std::string name = "roap_step/T500_P" + std::to_string(pairs) +
                                     "_N256_L30_H256/threads:" + std::to_string(threads);
            benchmark::RegisterBenchmark(
                name.c_str(), [sizes, threads](benchmark::State& state) { run(state, sizes, threads); })
                ->Unit(benchmark::kMillisecond)
                ->MeasureProcessCPUTime()
                ->UseRealTime();
        }
    return true;
}();

} // namespace
} // namespace ropewalk::perception
