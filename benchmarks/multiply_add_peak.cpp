// machine/multiply_add_peak: the most multiply-adds per second one core does on the best target, in FLOP/s
// (two per multiply-add). Kernels are judged by their share of it, measured in the same run.
#include <benchmark/benchmark.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "benchmarks/multiply_add_peak.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace ropewalk::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Twelve independent chains: more than latency times units anywhere, and they fit 16 registers. They start
/// at different values, or the compiler makes one of them.
float multiply_add_chains(long rounds) {
    const hn::ScalableTag<float> tag;
    const auto factor = hn::Set(tag, 0.999f), term = hn::Set(tag, 0.001f);
    const auto start = [&](float value) HWY_ATTR { return hn::Set(tag, value); };
    auto a = start(1), b = start(2), c = start(3), d = start(4), e = start(5), f = start(6);
    auto g = start(7), h = start(8), i = start(9), j = start(10), k = start(11), l = start(12);
    for (long round = 0; round < rounds; ++round) {
        a = hn::MulAdd(a, factor, term), b = hn::MulAdd(b, factor, term), c = hn::MulAdd(c, factor, term);
        d = hn::MulAdd(d, factor, term), e = hn::MulAdd(e, factor, term), f = hn::MulAdd(f, factor, term);
        g = hn::MulAdd(g, factor, term), h = hn::MulAdd(h, factor, term), i = hn::MulAdd(i, factor, term);
        j = hn::MulAdd(j, factor, term), k = hn::MulAdd(k, factor, term), l = hn::MulAdd(l, factor, term);
    }
    const auto add = [&](auto x, auto y) HWY_ATTR { return hn::Add(x, y); };
    return hn::GetLane(
        add(add(add(a, b), add(c, d)), add(add(add(e, f), add(g, h)), add(add(i, j), add(k, l)))));
}

double flops_per_round() { return 12.0 * 2.0 * static_cast<double>(hn::Lanes(hn::ScalableTag<float>())); }

} // namespace ropewalk::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ropewalk {

HWY_EXPORT(multiply_add_chains);
HWY_EXPORT(flops_per_round);

namespace {

void multiply_add_peak(benchmark::State& state) {
    constexpr long rounds = 100'000;
    for (auto _ : state) benchmark::DoNotOptimize(HWY_DYNAMIC_DISPATCH(multiply_add_chains)(rounds));
    const double flops = HWY_DYNAMIC_DISPATCH(flops_per_round)() * static_cast<double>(rounds);
    state.counters["FLOP/s"] =
        benchmark::Counter(flops, benchmark::Counter::kIsIterationInvariantRate, benchmark::Counter::kIs1000);
}
BENCHMARK(multiply_add_peak)->Name("machine/multiply_add_peak")->UseRealTime();

} // namespace
} // namespace ropewalk
#endif
