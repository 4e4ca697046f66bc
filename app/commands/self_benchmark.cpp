#include "app/commands/self_benchmark.hpp"

#include <algorithm>
#include <functional>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/programs/induction/induction.hpp"

namespace ropewalk::cli {

namespace {

constexpr double seconds_each = 7;
constexpr double million = 1e6;

/// The median rate of `work`, which returns how much it has done, over repetitions. Time is that of the processor, which
/// other work on the computer changes little.
double median_rate(const std::function<double()>& work) {
    std::vector<double> rates;
    const base::Stopwatch all;
    do {
        const base::Stopwatch one;
        const double done = work();
        // The processor's clock has steps, and short work may end within one.
        if (const double seconds = one.processor_seconds(); seconds > 0) rates.push_back(done / seconds);
    } while (all.seconds() < seconds_each || rates.empty());
    std::nth_element(rates.begin(), rates.begin() + static_cast<std::ptrdiff_t>(rates.size() / 2), rates.end());
    return rates[rates.size() / 2];
}

std::vector<int> random_values(base::RandomStream& random, int count, int bound) {
    std::vector<int> values;
    for (int i = 0; i < count; ++i) values.push_back(static_cast<int>(random.below(static_cast<std::uint32_t>(bound))));
    return values;
}

/// Forward and backward at the size of docs/performance.md: base 8, 4 registers, 8 cells, 8 lines, 32 steps.
Speed of_machine() {
    constexpr std::size_t programs = 64;
    constexpr int number_base = 8, cells = 8, examples = 16;
    machine::EvaluationRequest request;
    request.configuration = {
        .base = number_base, .cells = cells, .registers = 4, .lines = 8, .instruction_set = assembly::paper13(), .switches = {}};
    request.steps = 32;
    base::RandomStream random(1, base::Purpose::test);
    std::vector<machine::Example> shown;
    for (int i = 0; i < examples; ++i)
        shown.push_back({.memory = random_values(random, cells, number_base), .expected_memory = random_values(random, cells, number_base)});
    const std::size_t size = machine::weight_count(request.configuration);
    std::vector<float> weights(programs * size), losses(programs), gradient(weights.size());
    for (float& weight : weights) weight = static_cast<float>(4 * random.uniform() - 2);
    constexpr int repetitions = 100;
    const double rate = median_rate([&] {
        for (int i = 0; i < repetitions; ++i) machine::evaluate(request, weights, shown, losses, gradient);
        return static_cast<double>(repetitions * programs * examples) * static_cast<double>(request.steps);
    });
    return {"differentiable machine, forward and backward", rate / million, "M step-samples/s", "14 to 33"};
}

/// Programs on examples that none explains, so that every one runs until it is wrong.
Speed of_search() {
    constexpr int number_base = 8, cells = 4, examples = 24;
    search::Specification specification{.machine = {number_base, cells}};
    base::RandomStream random(1, base::Purpose::test);
    for (int i = 0; i < examples; ++i)
        specification.examples.push_back(
            {.memory = random_values(random, cells, number_base), .expected_memory = random_values(random, cells, number_base)});
    const search::SearchOptions options{.run = {.threads = 1}, .programs = std::uint64_t{1} << 19};
    const double rate = median_rate([&] {
        const auto tried = search::enumerate(specification, options);
        return tried ? static_cast<double>(tried->candidates) : 0;
    });
    return {"search for programs, all sketches", rate / million, "M candidates/s", "9.6"};
}

/// All polynomials of three variables with up to six operators.
Speed of_formulas() {
    constexpr int largest = 6;
    const double rate = median_rate([] {
        formula::Bank bank({.variables = 3, .constants = {}, .operators = formula::arithmetic(), .units = {}});
        for (int level = 1; level <= largest; ++level) bank.add_level();
        return static_cast<double>(bank.candidates());
    });
    return {"enumeration of formulas, three variables", rate / million, "M candidates/s", "27"};
}

} // namespace

std::vector<Speed> self_benchmark() { return {of_machine(), of_search(), of_formulas()}; }

} // namespace ropewalk::cli
