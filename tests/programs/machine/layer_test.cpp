// Programs as layers: distributions in, distributions out, and the adjoint against central differences.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/machine/layer.hpp"
#include "ropewalk/programs/machine/machine.hpp"

namespace ropewalk::machine {
namespace {

std::vector<double> drawn(std::size_t count, std::uint64_t seed, double spread) {
    base::RandomStream random(seed, base::Purpose::test);
    std::vector<double> numbers(count);
    for (double& each : numbers) each = spread * (2 * random.uniform() - 1);
    return numbers;
}

/// Positive rows that sum to 1.
std::vector<double> random_distributions(std::size_t rows, std::size_t width, std::uint64_t seed) {
    std::vector<double> numbers = drawn(rows * width, seed, 1);
    for (std::size_t row = 0; row < rows; ++row) {
        double sum = 0;
        for (std::size_t x = 0; x < width; ++x)
            sum += numbers[row * width + x] = std::exp(numbers[row * width + x]);
        for (std::size_t x = 0; x < width; ++x) numbers[row * width + x] /= sum;
    }
    return numbers;
}

LayerRequest request() {
    return {.configuration = {.base = 3, .cells = 2, .registers = 2, .lines = 3}, .steps = 5, .threads = 1};
}

constexpr std::size_t layer_examples = 20, memory_size = 6;

struct LayerCase {
    std::vector<double> weights = drawn(weight_count(request().configuration), 1, 1.5);
    std::vector<double> memory = random_distributions(2 * layer_examples, 3, 2);
    std::vector<double> direction = drawn(layer_examples * memory_size, 3, 1);

    /// The result along the direction.
    double value() const {
        std::vector<double> result(memory.size());
        run_layer<double>(request(), weights, memory, result);
        double sum = 0;
        for (std::size_t i = 0; i < result.size(); ++i) sum += direction[i] * result[i];
        return sum;
    }

    double slope(double& place) const {
        constexpr double h = 1e-5;
        const double original = place;
        place = original + h;
        const double above = value();
        place = original - h;
        const double below = value();
        place = original;
        return (above - below) / (2 * h);
    }
};

TEST(Layer, adjoint_is_what_central_differences_say) {
    LayerCase layer;
    std::vector<double> by_weights(layer.weights.size()), by_memory(layer.memory.size());
    run_layer_adjoint<double>(request(), layer.weights, layer.memory, layer.direction, by_weights, by_memory);
    for (std::size_t i = 0; i < by_weights.size(); ++i)
        EXPECT_NEAR(by_weights[i], layer.slope(layer.weights[i]), 1e-7) << i;
    for (std::size_t i = 0; i < by_memory.size(); ++i)
        EXPECT_NEAR(by_memory[i], layer.slope(layer.memory[i]), 1e-7) << i;
}

TEST(Layer, result_and_adjoint_do_not_depend_on_threads) {
    const LayerCase layer;
    std::vector<double> results[2], by_weights[2], by_memory[2];
    for (const int threads : {1, 2}) {
        LayerRequest asked = request();
        asked.threads = threads;
        const auto i = static_cast<std::size_t>(threads - 1);
        results[i].resize(layer.memory.size());
        by_weights[i].resize(layer.weights.size());
        by_memory[i].resize(layer.memory.size());
        run_layer<double>(asked, layer.weights, layer.memory, results[i]);
        run_layer_adjoint<double>(asked, layer.weights, layer.memory, layer.direction, by_weights[i],
                                  by_memory[i]);
    }
    EXPECT_EQ(results[0], results[1]);
    EXPECT_EQ(by_weights[0], by_weights[1]);
    EXPECT_EQ(by_memory[0], by_memory[1]);
}

TEST(Layer, one_hot_memory_gives_what_a_soft_run_gives) {
    const LayerCase layer;
    const std::vector<float> weights(layer.weights.begin(), layer.weights.end());
    const std::vector<float> memory{0, 1, 0, 0, 0, 1};
    std::vector<float> result(memory_size);
    run_layer<float>(request(), weights, memory, result);
    const auto outcome = run_soft(request().configuration, weights, {.memory = {1, 2}}, 5);
    for (std::size_t cell = 0; cell < 2; ++cell) {
        const auto row = result.begin() + static_cast<std::ptrdiff_t>(3 * cell);
        EXPECT_EQ(std::max_element(row, row + 3) - row, outcome.memory[cell]);
        EXPECT_NEAR(row[0] + row[1] + row[2], 1, 1e-5);
    }
}

} // namespace
} // namespace ropewalk::machine
