// step_samples/...: machine steps of one program on one example per second, forward only and with the
// gradient.
//
// Names read step_samples/<what>/<sizes>[/<kernel>]/threads:<n>; without a kernel it is the best one here.
#include <algorithm>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "ropewalk/base/parallel.hpp"
#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/machine/evaluate.hpp"
#include "ropewalk/programs/machine/kernels/dispatch.hpp"

namespace ropewalk::machine {
namespace {

struct Sizes {
    int base, registers, cells, lines;
    long steps;
    std::size_t programs = 64;
    int examples = 16;
    double largest_weight = 2;
};

std::string name_of(const Sizes& s) {
    std::string name = "b" + std::to_string(s.base) + "_n" + std::to_string(s.registers) + "_m" +
                       std::to_string(s.cells) + "_L" + std::to_string(s.lines) + "_T" +
                       std::to_string(s.steps);
    if (s.programs == 1) name += "_one_program";
    return name;
}

/// Logits of the size tuning starts from or ends at, examples with every cell scored.
struct Problem {
    EvaluationRequest request;
    std::vector<Example> examples;
    std::vector<float> weights, losses, gradient;

    Problem(const Sizes& s, Lanes lanes, const Switches& switches, const assembly::InstructionSet& set) {
        request.configuration = {.base = s.base,
                                 .cells = s.cells,
                                 .registers = s.registers,
                                 .lines = s.lines,
                                 .instruction_set = set,
                                 .switches = switches};
        request.steps = s.steps;
        request.lanes = lanes;
        base::RandomStream random(1, base::Purpose::test);
        const auto values = [&](int count) {
            std::vector<int> list(static_cast<std::size_t>(count));
            for (int& value : list)
                value = static_cast<int>(random.below(static_cast<std::uint32_t>(s.base)));
            return list;
        };
        for (int i = 0; i < s.examples; ++i)
            examples.push_back({.memory = values(s.cells), .expected_memory = values(s.cells)});
        weights.resize(s.programs * weight_count(request.configuration));
        for (float& weight : weights)
            weight = static_cast<float>(s.largest_weight * (2 * random.uniform() - 1));
        losses.resize(s.programs);
        gradient.resize(weights.size());
    }

    /// Blocks of programs over threads, as the tuner splits restarts: a block makes all its gradient steps on
    /// one thread.
    void evaluate(bool wants_gradient, int threads, int repetitions) {
        const std::size_t size = weights.size() / losses.size();
        const std::size_t block = static_cast<std::size_t>(active_lanes());
        base::parallel_for((losses.size() + block - 1) / block, threads, [&](std::size_t i) {
            const std::size_t start = i * block, count = std::min(block, losses.size() - start);
            const auto part = [&](std::vector<float>& all) {
                return std::span(all).subspan(start * size, count * size);
            };
            for (int repetition = 0; repetition < repetitions; ++repetition)
                machine::evaluate(request, part(weights), examples, std::span(losses).subspan(start, count),
                                  wants_gradient ? part(gradient) : std::span<float>());
        });
    }

    double step_samples() const {
        return static_cast<double>(losses.size() * examples.size()) * static_cast<double>(request.steps);
    }
};

struct Variant {
    Sizes sizes;
    bool wants_gradient = true;
    std::string kernel = "auto";
    int threads = 1;
    std::string label;
    Lanes lanes = Lanes::automatic;
    Switches switches;
    assembly::InstructionSet set = assembly::paper13();
};

void run(benchmark::State& state, const Variant& variant) {
    if (!force_target(variant.kernel)) {
        state.SkipWithError("kernel not available");
        return;
    }
    Problem problem(variant.sizes, variant.lanes, variant.switches, variant.set);
    // The slow kernels are told apart from the fast ones in one repetition.
    const int repetitions = variant.kernel == "auto" ? 20 : 1;
    for (auto _ : state) problem.evaluate(variant.wants_gradient, variant.threads, repetitions);
    state.SetItemsProcessed(static_cast<std::int64_t>(problem.step_samples()) * repetitions *
                            state.iterations());
    (void)force_target("auto");
}

void add(const Variant& variant) {
    const std::string name = std::string("step_samples/") +
                             (variant.wants_gradient ? "forward_backward/" : "forward/") +
                             name_of(variant.sizes) + (variant.label.empty() ? "" : "/" + variant.label) +
                             (variant.kernel == "auto" ? "" : "/" + variant.kernel) +
                             "/threads:" + std::to_string(variant.threads);
    auto* const added =
        benchmark::RegisterBenchmark(name.c_str(), [variant](benchmark::State& s) { run(s, variant); });
    added->Unit(benchmark::kMillisecond)->UseRealTime();
}

constexpr Sizes headline{.base = 8, .registers = 4, .cells = 8, .lines = 8, .steps = 32};

const bool registered = [] {
    for (const bool gradient : {false, true}) {
        add({.sizes = headline, .wants_gradient = gradient});
        for (const std::string& kernel : available_targets())
            for (Sizes sizes : {headline, Sizes{16, 4, 16, 16, 32}}) {
                if (kernel == "reference") sizes.programs = 1; // slow enough to tell
                add({.sizes = sizes, .wants_gradient = gradient, .kernel = kernel});
            }
        add({.sizes = headline, .wants_gradient = gradient, .threads = 2});
        add({.sizes = headline,
             .wants_gradient = gradient,
             .label = "programs_in_lanes",
             .lanes = Lanes::programs});
        for (const Sizes sizes :
             {Sizes{8, 4, 4, 8, 32}, Sizes{4, 8, 4, 16, 48}, Sizes{4, 10, 4, 20, 60}, Sizes{10, 6, 8, 8, 64},
              Sizes{4, 4, 4, 8, 32}, Sizes{8, 5, 4, 8, 32}, Sizes{10, 4, 8, 8, 32}, Sizes{10, 4, 10, 10, 32},
              Sizes{2, 4, 2, 8, 32}, Sizes{16, 4, 16, 16, 32}, Sizes{8, 4, 8, 8, 8},
              Sizes{8, 4, 8, 8, 512, 16, 4}, Sizes{8, 4, 8, 8, 32, 1, 256}})
            add({.sizes = sizes, .wants_gradient = gradient});
        // Distributions that are nearly certain, as those of tuned programs are.
        add({.sizes = {10, 6, 8, 8, 64, 64, 16, 40}, .wants_gradient = gradient, .label = "certain"});
        add({.sizes = headline, .wants_gradient = gradient, .label = "anc11", .set = assembly::anc11()});
        add({.sizes = headline,
             .wants_gradient = gradient,
             .label = "all",
             .set = assembly::all_instructions()});
        add({.sizes = headline,
             .wants_gradient = gradient,
             .label = "profile_anc",
             .switches = find_profile("anc").value()});
    }
    return true;
}();

} // namespace
} // namespace ropewalk::machine
