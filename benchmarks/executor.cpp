// executor/...: the differentiable executor of sketches. An item is one sample of one task through all lines.
#include <benchmark/benchmark.h>

#include <vector>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/formulas/sketch/kernels/executor_dispatch.hpp"
#include "ropewalk/formulas/sketch/sketch.hpp"
#include "ropewalk/formulas/table/table.hpp"

namespace ropewalk::formula {
namespace {

/// Random sketches of V = 3 variables on random symbols 0.1..1, with the paper's loss as what is
/// differentiated.
template<class Real>
class Batch {
public:
    Batch(std::size_t tasks, std::size_t rows, int lines, int threads)
        : shape_{3, lines}, tasks_(tasks), rows_(rows), threads_(threads), outputs_(tasks * rows),
          losses_(tasks), choice_gradient_(tasks * shape_.choices()), symbol_gradient_(rows * 3),
          finite_(tasks), weights_(tasks, Real{1} / static_cast<Real>(tasks * rows)) {
        base::RandomStream random(1, base::Purpose::test);
        choices_.resize(tasks * shape_.choices());
        for (std::size_t t = 0; t < tasks; ++t) {
            std::vector<Real> logits;
            for (const double logit : random_logits(shape_, 1, 1, t))
                logits.push_back(static_cast<Real>(logit));
            relaxed<Real>(shape_, 1, logits, {},
                          std::span<Real>(choices_).subspan(t * shape_.choices(), shape_.choices()));
        }
        for (std::size_t i = 0; i < rows * 3; ++i)
            symbols_.push_back(static_cast<Real>(1 + random.below(10)) / 10);
        for (std::size_t i = 0; i < tasks * rows; ++i)
            targets_.push_back(static_cast<Real>(random.uniform()));
    }

    void forward() {
        benchmark::DoNotOptimize(execute<Real>(execution(), {.outputs = outputs_, .finite = finite_}));
    }

    void forward_backward() {
        benchmark::DoNotOptimize(
            execute<Real>(execution(), {.targets = targets_, .weights = weights_},
                          {outputs_, losses_, choice_gradient_, symbol_gradient_, finite_}));
    }

    std::int64_t samples() const { return static_cast<std::int64_t>(tasks_ * rows_); }

private:
    Execution<Real> execution() const {
        return {.shape = shape_,
                .tasks = tasks_,
                .rows = rows_,
                .choices = choices_,
                .symbols = symbols_,
                .threads = threads_};
    }

    SketchShape shape_;
    std::size_t tasks_, rows_;
    int threads_;
    std::vector<Real> choices_, symbols_, targets_, outputs_, losses_, choice_gradient_, symbol_gradient_;
    std::vector<unsigned char> finite_;
    std::vector<Real> weights_;
};

struct Variant {
    bool wants_gradient = true;
    bool is_double = false;
    std::size_t tasks = 500, rows = 256;
    int lines = 30;
    int threads = 1;
    std::string kernel = "auto";
};

template<class Real>
void run(benchmark::State& state, const Variant& variant) {
    if (!force_executor_target(variant.kernel)) {
        state.SkipWithError("kernel not available");
        return;
    }
    Batch<Real> batch(variant.tasks, variant.rows, variant.lines, variant.threads);
    for (auto _ : state) {
        if (variant.wants_gradient)
            batch.forward_backward();
        else
            batch.forward();
    }
    state.SetItemsProcessed(batch.samples() * state.iterations());
    // Multiply-adds of the operands' sums, 2 sum (V + l) forward and twice that backward; two FLOP each.
    const double lines = variant.lines, sums = 2 * (3 * lines + lines * (lines - 1) / 2);
    state.counters["FLOP/s"] =
        benchmark::Counter(2 * sums * (variant.wants_gradient ? 3 : 1) * static_cast<double>(batch.samples()),
                           benchmark::Counter::kIsIterationInvariantRate, benchmark::Counter::kIs1000);
    (void)force_executor_target("auto");
}

void add(const Variant& variant) {
    const std::string name = std::string("executor/") +
                             (variant.wants_gradient ? "forward_backward/T" : "forward/T") +
                             std::to_string(variant.tasks) + "_N" + std::to_string(variant.rows) + "_L" +
                             std::to_string(variant.lines) + (variant.is_double ? "/double" : "") +
                             (variant.kernel == "auto" ? "" : "/" + variant.kernel) +
                             "/threads:" + std::to_string(variant.threads);
    benchmark::RegisterBenchmark(name.c_str(),
                                 [variant](benchmark::State& state) {
                                     if (variant.is_double)
                                         run<double>(state, variant);
                                     else
                                         run<float>(state, variant);
                                 })
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
}

const bool registered = [] {
    for (const bool gradient : {false, true}) {
        add({.wants_gradient = gradient});
        for (const std::string& kernel : executor_targets())
            add({.wants_gradient = gradient,
                 .tasks = kernel == "reference" ? std::size_t{20} : std::size_t{500},
                 .kernel = kernel});
        add({.wants_gradient = gradient, .is_double = true});
        add({.wants_gradient = gradient, .threads = 2});
        for (const int lines : {3, 10}) add({.wants_gradient = gradient, .lines = lines});
        add({.wants_gradient = gradient, .tasks = 50, .rows = 2560});
        add({.wants_gradient = gradient, .tasks = 64, .rows = 16});
    }
    return true;
}();

} // namespace
} // namespace ropewalk::formula
