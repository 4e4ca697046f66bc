// The fast layers against the plain ones, on every target of the machine and in both precisions.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/machine/kernels/lanes.hpp"
#include "ropewalk/programs/machine/kernels/reference_layer.hpp"

namespace ropewalk::machine {
namespace {

using base::Purpose;
using base::RandomStream;

/// A layer on some examples, and along which direction its result is differentiated.
struct LaneLayerCase {
    LayerRequest request;
    std::vector<double> weights, memory, direction;
};

std::vector<double> uniform_numbers(RandomStream& random, std::size_t count, double spread) {
    std::vector<double> numbers(count);
    for (double& each : numbers) each = spread * (2 * random.uniform() - 1);
    return numbers;
}

std::vector<double> uniform_distributions(RandomStream& random, std::size_t rows, std::size_t width) {
    std::vector<double> numbers;
    for (std::size_t row = 0; row < rows; ++row) {
        std::vector<double> part = uniform_numbers(random, width, 2);
        double sum = 0;
        for (double& each : part) sum += each = std::exp(each);
        for (const double each : part) numbers.push_back(each / sum);
    }
    return numbers;
}

LaneLayerCase layer_case(const LayerRequest& request, std::size_t examples, std::uint64_t seed,
                         double spread = 1.5) {
    RandomStream random(seed, Purpose::test, 11);
    const Configuration& c = request.configuration;
    const auto cells = static_cast<std::size_t>(c.cells), base = static_cast<std::size_t>(c.base);
    return {.request = request,
            .weights = uniform_numbers(random, weight_count(c), spread),
            .memory = uniform_distributions(random, examples * cells, base),
            .direction = uniform_numbers(random, examples * cells * base, 1)};
}

struct LayerOutcome {
    std::vector<double> result, by_weights, by_memory;

    friend bool operator==(const LayerOutcome&, const LayerOutcome&) = default;
};

/// What `run` and `adjoint` make of a case in a precision.
template<class Real, class Run, class Adjoint>
LayerOutcome outcome_of(const LaneLayerCase& c, const Run& run, const Adjoint& adjoint) {
    const std::vector<Real> weights(c.weights.begin(), c.weights.end()),
        memory(c.memory.begin(), c.memory.end()), direction(c.direction.begin(), c.direction.end());
    std::vector<Real> result(memory.size()), by_weights(weights.size(), Real{7}), by_memory(memory.size());
    run(weights, memory, result);
    adjoint(weights, memory, direction, by_weights, by_memory);
    return {{result.begin(), result.end()},
            {by_weights.begin(), by_weights.end()},
            {by_memory.begin(), by_memory.end()}};
}

template<class Real>
LayerOutcome plain(const LaneLayerCase& c) {
    return outcome_of<Real>(
        c,
        [&](const auto& weights, const auto& memory, auto& result) {
            reference::run_layer<Real>(c.request, weights, memory, result);
        },
        [&](const auto& weights, const auto& memory, const auto& direction, auto& by_weights,
            auto& by_memory) {
            reference::run_layer_adjoint<Real>(c.request, weights, memory, direction, by_weights, by_memory);
        });
}

template<class Real>
LayerOutcome fast(const lanes::KernelOf<Real>& kernel, const LaneLayerCase& c,
                  std::size_t tape_bytes = lanes::largest_tape) {
    return outcome_of<Real>(
        c,
        [&](const auto& weights, const auto& memory, auto& result) {
            lanes::run_layer<Real>(kernel, c.request, weights, memory, result);
        },
        [&](const auto& weights, const auto& memory, const auto& direction, auto& by_weights,
            auto& by_memory) {
            lanes::run_layer_adjoint<Real>(kernel, c.request, weights, memory, direction, by_weights,
                                           by_memory, tape_bytes);
        });
}

/// Largest difference, relative to the largest entry where that is above 1.
double layer_difference(const std::vector<double>& found, const std::vector<double>& expected) {
    double largest = 1, difference = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        largest = std::max(largest, std::abs(expected[i]));
        difference = std::max(difference, std::isfinite(found[i]) ? std::abs(found[i] - expected[i]) : 1e30);
    }
    return difference / largest;
}

void expect_layer_close(const LayerOutcome& found, const LayerOutcome& expected, double tolerance) {
    EXPECT_LE(layer_difference(found.result, expected.result), tolerance);
    EXPECT_LE(layer_difference(found.by_weights, expected.by_weights), tolerance);
    EXPECT_LE(layer_difference(found.by_memory, expected.by_memory), tolerance);
}

/// Every reading of the papers, sets with every instruction, bases with and without a kernel of their own.
LaneLayerCase random_layer_case(std::uint64_t seed, std::size_t examples) {
    RandomStream random(seed, Purpose::test, 12);
    const auto pick = [&](int low, int high) {
        return low + static_cast<int>(random.below(static_cast<std::uint32_t>(high - low + 1)));
    };
    Configuration c;
    constexpr int bases[]{2, 3, 4, 5, 8, 10, 11, 16, 20};
    c.base = bases[pick(0, 8)];
    c.cells = pick(0, 1) == 0 ? c.base : pick(1, c.base);
    c.registers = pick(1, 6);
    c.lines = pick(1, 19);
    c.instruction_set = pick(0, 1) == 0 ? assembly::paper13() : assembly::all_instructions();
    c.switches = {.mix = pick(0, 1) == 0 ? Mix::logits : Mix::probabilities,
                  .mass = pick(0, 1) == 0 ? Mass::conserve : Mass::zero,
                  .halting = pick(0, 1) == 0 ? Halting::absorb : Halting::maximum,
                  .freeze = pick(0, 1) == 0,
                  .target = static_cast<Target>(pick(0, 2))};
    c.initial_registers = {pick(0, c.base - 1)};
    return layer_case({.configuration = c, .steps = pick(0, 9), .threads = 1}, examples, seed);
}

class FastLayer : public testing::TestWithParam<std::string> {
protected:
    template<class Real>
    const lanes::KernelOf<Real>& kernel() const {
        if constexpr (std::is_same_v<Real, float>)
            return named(lanes::kernels());
        else
            return named(lanes::double_kernels());
    }

    std::size_t lane_count() const { return static_cast<std::size_t>(kernel<float>().lane_count); }

private:
    template<class Kernel>
    static const Kernel& named(const std::vector<Kernel>& kernels) {
        return *std::find_if(kernels.begin(), kernels.end(),
                             [](const Kernel& each) { return each.name == GetParam(); });
    }
};

TEST_P(FastLayer, AgreesWithThePlainOneOnRandomConfigurations) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        const LaneLayerCase c = random_layer_case(seed, 1 + seed % 5);
        const LayerOutcome expected = plain<double>(c);
        expect_layer_close(fast(kernel<double>(), c), expected, 1e-11);
        expect_layer_close(fast(kernel<float>(), c), expected, 2e-5);
    }
}

TEST_P(FastLayer, AgreesOnTheSizesThatHaveAKernelOfTheirOwn) {
    for (const lanes::Sizes& sizes : lanes::common_sizes) {
        const LayerRequest request{.configuration = {.base = sizes.base,
                                                     .cells = sizes.cells,
                                                     .registers = sizes.registers,
                                                     .lines = sizes.lines},
                                   .steps = 9,
                                   .threads = 1};
        const LaneLayerCase c = layer_case(request, lane_count() + 1, 3);
        expect_layer_close(fast(kernel<float>(), c), plain<double>(c), 2e-5);
    }
}

TEST_P(FastLayer, AgreesForEveryNumberOfExamplesThatFillsAndOverfillsAVector) {
    const LayerRequest request{
        .configuration = {.base = 4, .cells = 3, .registers = 2, .lines = 5}, .steps = 7, .threads = 1};
    for (std::size_t examples = 1; examples <= 2 * lane_count() + 1; ++examples) {
        SCOPED_TRACE(std::to_string(examples) + " examples");
        const LaneLayerCase c = layer_case(request, examples, examples);
        const LayerOutcome expected = plain<double>(c);
        expect_layer_close(fast(kernel<float>(), c), expected, 2e-5);
        expect_layer_close(fast(kernel<double>(), c), expected, 1e-11);
    }
}

TEST_P(FastLayer, GivesTheSameBitsAtAnyNumberOfThreads) {
    LaneLayerCase c = layer_case({.configuration = {.base = 8, .cells = 4, .registers = 4, .lines = 8}, .steps = 6},
                                 3 * 64 * lane_count() / 2 + 5, 4);
    c.request.threads = 1;
    const LayerOutcome alone = fast(kernel<float>(), c);
    for (const int threads : {2, 3, 7}) {
        c.request.threads = threads;
        EXPECT_EQ(fast(kernel<float>(), c), alone) << threads;
    }
}

TEST_P(FastLayer, GivesTheSameBitsWhenTheTapeIsCutIntoSegments) {
    const LaneLayerCase c =
        layer_case({.configuration = {.base = 4, .cells = 3, .registers = 3, .lines = 9}, .steps = 75, .threads = 1},
                   lane_count() + 3, 5);
    const LayerOutcome whole = fast(kernel<float>(), c);
    for (const std::size_t tape_bytes : {std::size_t{1}, std::size_t{20'000}})
        EXPECT_EQ(fast(kernel<float>(), c, tape_bytes), whole);
}

TEST_P(FastLayer, LeavesOutTheGradientByWeightsThatNobodyAsksFor) {
    const LaneLayerCase c = random_layer_case(6, 3);
    const LayerOutcome whole = fast(kernel<double>(), c);
    std::vector<double> by_memory(c.memory.size());
    lanes::run_layer_adjoint<double>(kernel<double>(), c.request, c.weights, c.memory, c.direction, {}, by_memory);
    EXPECT_EQ(by_memory, whole.by_memory);
}

TEST_P(FastLayer, AgreesWhereDistributionsAreNearlyCertain) {
    const LaneLayerCase c =
        layer_case({.configuration = {.base = 8, .cells = 4, .registers = 4, .lines = 8}, .steps = 12, .threads = 1},
                   lane_count(), 8, 40);
    const LayerOutcome expected = plain<double>(c);
    expect_layer_close(fast(kernel<double>(), c), expected, 1e-10);
    expect_layer_close(fast(kernel<float>(), c), expected, 1e-3);
}

TEST_P(FastLayer, HasNothingToDoForNoExamplesAndNoSteps) {
    LaneLayerCase c = layer_case({.configuration = {.base = 3, .cells = 2, .registers = 1, .lines = 2}, .steps = 0},
                                 2, 9);
    const LayerOutcome still = fast(kernel<double>(), c);
    EXPECT_EQ(still.result, c.memory);
    EXPECT_EQ(still.by_memory, c.direction);
    EXPECT_EQ(still.by_weights, std::vector<double>(c.weights.size(), 0.0));
    c.memory.clear();
    c.direction.clear();
    EXPECT_EQ(fast(kernel<double>(), c).by_weights, std::vector<double>(c.weights.size(), 0.0));
}

std::vector<std::string> layer_kernel_names() {
    std::vector<std::string> names;
    for (const lanes::Kernel& kernel : lanes::kernels()) names.emplace_back(kernel.name);
    return names;
}

INSTANTIATE_TEST_SUITE_P(Targets, FastLayer, testing::ValuesIn(layer_kernel_names()),
                         [](const auto& name) { return name.param; });

} // namespace
} // namespace ropewalk::machine
