// The exact search for formulas: enumeration, scoring and streaming.
#include <benchmark/benchmark.h>

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/kernels/columns.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace {

using namespace ropewalk;
using namespace ropewalk::formula;

/// All polynomials of three variables with up to six operators; items are candidates before deduplication.
void enumerate_polynomials(benchmark::State& state) {
    std::uint64_t candidates = 0;
    for (auto _ : state) {
        Bank bank({.variables = 3, .constants = {}, .operators = arithmetic(), .units = {}});
        for (int level = 1; level <= 6; ++level) bank.add_level();
        if (bank.size() != 590303) state.SkipWithError("wrong count");
        candidates += bank.candidates();
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(candidates));
}
BENCHMARK(enumerate_polynomials)->Name("enumerate/variables:3/operators:6")->Unit(benchmark::kMillisecond);

/// 500 targets against the 1,102 formulas over 256 rows; items are multiply-adds (a difference counts as
/// none).
template<auto score>
void score_pool(benchmark::State& state) {
    constexpr std::size_t formulas = 1102, stride = 1104, targets = 500, rows = 256;
    base::RandomStream random(1, base::Purpose::test);
    std::vector<float> values(stride * rows), y(targets * rows), errors(targets * formulas);
    for (float& value : values) value = static_cast<float>(random.uniform());
    for (float& value : y) value = static_cast<float>(random.uniform());
    for (auto _ : state) {
        score(values.data(), formulas, y.data(), targets, rows, errors.data());
        benchmark::DoNotOptimize(errors.data());
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * formulas * targets * rows));
}
BENCHMARK(score_pool<score_targets>)->Name("score_targets/fast")->Unit(benchmark::kMillisecond);
BENCHMARK(score_pool<plain::score_targets>)->Name("score_targets/plain")->Unit(benchmark::kMillisecond);

/// Candidates combined with blocks and scored without being stored; items are candidates.
template<auto score, bool affine>
void stream_candidates(benchmark::State& state) {
    constexpr std::size_t rows = 128, blocks = 64;
    base::RandomStream random(2, base::Purpose::test);
    ScreeningTarget target{std::vector<double>(rows), affine};
    for (double& value : target.y) value = random.normal();
    std::vector<double> block(rows * block_width * blocks), left(rows * left_group);
    for (double& value : block) value = random.normal();
    for (double& value : left) value = random.normal();
    const double* lefts[left_group];
    for (std::size_t g = 0; g < left_group; ++g) lefts[g] = &left[g * rows];
    // A bound that a good formula sets: one hundredth of the target's variance.
    const double bounds[left_group] = {1.28, 1.28, 1.28, 1.28};
    double errors[left_group * block_width];
    for (auto _ : state)
        for (std::size_t b = 0; b < blocks; ++b)
            benchmark::DoNotOptimize(score(target, Operator::multiply, false, lefts,
                                           &block[b * rows * block_width], bounds, errors));
    state.SetItemsProcessed(
        static_cast<std::int64_t>(state.iterations() * blocks * left_group * block_width));
}
BENCHMARK(stream_candidates<score_block, false>)->Name("stream/fast");
BENCHMARK(stream_candidates<score_block, true>)->Name("stream_affine/fast");
BENCHMARK(stream_candidates<plain::score_block, false>)->Name("stream/plain");

} // namespace
