// gradient_search/...: recovery of random formulas by gradient descent on sketches. An iteration is one
// formula; `found` is the share that was found exactly within 512 restarts, `restarts` and
// `seconds_per_found` are spent per found formula, restarts of formulas that were not found included.
// `excess` is the mean number of operators beyond the smallest.
#include <benchmark/benchmark.h>

#include <string>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/formulas/sketch/sketch.hpp"
#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {
namespace {

/// 256 rows of symbols 0.1..1 and the formula on them.
Problem problem_of(const Program& formula, std::uint64_t index) {
    constexpr std::size_t rows = 256;
    const std::vector<int> labels = draw_labels(rows, formula.variables, 1, index);
    Problem problem;
    problem.inputs.resize(static_cast<std::size_t>(formula.variables));
    for (std::size_t i = 0; i < labels.size(); ++i)
        problem.inputs[i % problem.inputs.size()].push_back(labels[i] / 10.0);
    problem.target = evaluate(formula, std::span<const std::vector<double>>(problem.inputs));
    return problem;
}

const Pool& pool() {
    static const Pool all = formula_pool({.variables = 3, .operators = 5, .with_zero = false}).value();
    return all;
}

void search(benchmark::State& state, const GradientSearchOptions& options) {
    const auto operators = static_cast<std::size_t>(state.range(0));
    const std::size_t begin = pool().level_ends[operators - 1], end = pool().level_ends[operators];
    base::RandomStream random(2, base::Purpose::test, operators);
    double found = 0, restarts = 0, seconds = 0, excess = 0;
    std::uint64_t index = 0;
    for (auto _ : state) {
        const Program& formula =
            pool().formulas[begin + random.below(static_cast<std::uint32_t>(end - begin))];
        const auto report = search_by_gradient(problem_of(formula, index++), options);
        restarts += static_cast<double>(report->candidates) / options.descent.steps;
        seconds += report->seconds;
        if (report->stop_reason != StopReason::found) continue;
        found += 1;
        excess += static_cast<double>(report->front.back().operators - static_cast<std::int64_t>(operators));
    }
    const double each = found > 0 ? 1 / found : 0;
    state.counters["found"] = found / static_cast<double>(index);
    state.counters["restarts"] = restarts * each;
    state.counters["seconds_per_found"] = seconds * each;
    state.counters["excess"] = excess * each;
}

void add(const std::string& name, const DescentOptions& descent, int least_operators, int formulas) {
    GradientSearchOptions options;
    options.descent = descent;
    options.restarts = 512;
    options.run.seconds = 0;
    options.run.threads = 1;
    benchmark::RegisterBenchmark(("gradient_search/" + name + "/operators").c_str(),
                                 [options](benchmark::State& state) { search(state, options); })
        ->DenseRange(least_operators, 5)
        ->Iterations(formulas)
        ->Unit(benchmark::kMillisecond);
}

const bool registered = [] {
    DescentOptions descent;
    add("default", descent, 1, 50);
    descent.noise = true;
    add("noise", descent, 3, 20);
    descent.noise = false;
    for (const int lines : {5, 10, 30}) {
        descent.lines = lines;
        add("lines:" + std::to_string(lines), descent, 3, 20);
    }
    for (const double lambda : {0.0, 0.01}) {
        descent = {};
        descent.lambda = lambda;
        descent.lambda_from = 0;
        add(lambda == 0 ? "lambda:0" : "lambda:0.01", descent, 3, 20);
    }
    // No descent at all: programs of random logits, drawn as often as a restart looks at its program.
    descent = {};
    descent.learning_rate = 1e-9;
    descent.noise = true;
    add("draws_only", descent, 3, 20);
    return true;
}();

} // namespace
} // namespace ropewalk::formula
