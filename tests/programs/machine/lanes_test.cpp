// The fast kernels against the plain one: random configurations from fixed seeds, on every target of the
// machine.
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/machine/kernels/lanes.hpp"
#include "ropewalk/programs/machine/kernels/reference.hpp"

namespace ropewalk::machine {
namespace {

using assembly::Opcode;
using base::Purpose;
using base::RandomStream;

#if defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t cases = 60;
#else
constexpr std::uint64_t cases = 3000;
#endif

int between(RandomStream& random, int low, int high) {
    return low + static_cast<int>(random.below(static_cast<std::uint32_t>(high - low + 1)));
}

template<class Value>
Value pick(RandomStream& random, const std::vector<Value>& values) {
    return values[random.below(static_cast<std::uint32_t>(values.size()))];
}

assembly::InstructionSet random_subset(RandomStream& random) {
    assembly::InstructionSet set;
    for (const Opcode opcode : assembly::all_instructions())
        if (random.below(3) == 0) set.push_back(opcode);
    if (set.empty()) set.push_back(Opcode::inc);
    std::reverse(set.begin(), set.end());
    return set;
}

assembly::InstructionSet random_set(RandomStream& random) {
    switch (random.below(5)) {
    case 0: return assembly::paper13();
    case 1: return assembly::anc11();
    case 2: return assembly::all_instructions();
    default: return random_subset(random);
    }
}

Switches random_switches(RandomStream& random) {
    return {.mix = pick<Mix>(random, {Mix::logits, Mix::probabilities}),
            .mass = pick<Mass>(random, {Mass::conserve, Mass::literal, Mass::zero}),
            .halting = pick<Halting>(random, {Halting::absorb, Halting::maximum}),
            .freeze = random.below(2) == 0,
            .target = pick<Target>(random, {Target::line, Target::register_value, Target::second_operand})};
}

Configuration random_configuration(RandomStream& random) {
    Configuration c;
    c.base = pick<int>(random, {2, 3, 4, 4, 5, 7, 8, 8, 8, 9, 10, 10, 12, 14, 16, 16});
    c.cells = random.below(2) == 0 ? c.base : between(random, 1, c.base);
    c.registers = between(random, 1, 9);
    c.lines = random.below(8) == 0 ? between(random, 17, 40) : between(random, 1, 16);
    c.instruction_set = random_set(random);
    c.switches = random_switches(random);
    for (int r = between(random, 0, c.registers); r > 0; --r)
        c.initial_registers.push_back(between(random, 0, c.base - 1));
    return c;
}

Loss random_loss(RandomStream& random) {
    if (random.below(4) == 0) return default_loss();
    if (random.below(4) == 0) return anc_loss();
    const auto weight = [&] { return random.below(2) == 0 ? 0.0 : random.uniform(); };
    return {.correctness = pick<Loss::Correctness>(random, {Loss::Correctness::cross_entropy,
                                                            Loss::Correctness::squared_error,
                                                            Loss::Correctness::mistakes}),
            .memory = weight(),
            .registers = weight(),
            .efficiency = weight(),
            .confidence = weight(),
            .halting = weight()};
}

std::vector<int> random_values(RandomStream& random, int count, int base, bool some_not_scored) {
    std::vector<int> values;
    for (int i = 0; i < count; ++i)
        values.push_back(some_not_scored && random.below(3) == 0 ? not_scored : between(random, 0, base - 1));
    return values;
}

Example random_example(RandomStream& random, const Configuration& c) {
    Example example{.memory = random_values(random, c.cells, c.base, false),
                    .expected_memory = random_values(random, c.cells, c.base, true)};
    if (random.below(2) == 0) example.registers = random_values(random, c.registers, c.base, false);
    if (random.below(2) == 0) example.expected_registers = random_values(random, c.registers, c.base, true);
    return example;
}

/// A request with examples and weights for a number of programs.
struct Case {
    EvaluationRequest request;
    std::vector<Example> examples;
    std::vector<float> weights;
    std::size_t programs;
};

std::vector<float> random_weights(RandomStream& random, std::size_t count) {
    std::vector<float> weights(count);
    const double scale = 1 + 3 * random.uniform();
    for (float& weight : weights) weight = static_cast<float>(scale * (2 * random.uniform() - 1));
    return weights;
}

std::size_t size_of(const Case& c) { return weight_count(c.request.configuration); }

Case make_case(RandomStream& random, const EvaluationRequest& request, int examples, std::size_t programs) {
    Case c{.request = request, .programs = programs};
    for (int i = 0; i < examples; ++i) c.examples.push_back(random_example(random, request.configuration));
    c.weights = random_weights(random, programs * weight_count(request.configuration));
    return c;
}

Case random_lanes_case(std::uint64_t seed, std::size_t programs) {
    RandomStream random(seed, Purpose::test);
    const Configuration configuration = random_configuration(random);
    const EvaluationRequest request{.configuration = configuration,
                                    .loss = random_loss(random),
                                    .steps = between(random, 0, 12),
                                    .lanes = random.below(2) == 0 ? Lanes::automatic : Lanes::programs};
    return make_case(random, request, between(random, 1, 3), programs);
}

/// What an evaluation returns.
struct Outcome {
    std::vector<double> losses, gradient;
};

template<class Real>
Outcome plain(const Case& c) {
    const std::vector<Real> weights(c.weights.begin(), c.weights.end());
    std::vector<Real> losses(c.programs), gradient(weights.size());
    reference::evaluate<Real>(c.request, weights, c.examples, losses, gradient);
    return {{losses.begin(), losses.end()}, {gradient.begin(), gradient.end()}};
}

Outcome fast(const lanes::Kernel& kernel, const Case& c, std::size_t tape_bytes = lanes::largest_tape) {
    std::vector<float> losses(c.programs), gradient(c.weights.size());
    lanes::evaluate(kernel, c.request, c.weights, c.examples, losses, gradient, tape_bytes);
    return {{losses.begin(), losses.end()}, {gradient.begin(), gradient.end()}};
}

std::string describe(const Case& c) {
    const Configuration& k = c.request.configuration;
    return "b=" + std::to_string(k.base) + " m=" + std::to_string(k.cells) +
           " n=" + std::to_string(k.registers) + " L=" + std::to_string(k.lines) +
           " T=" + std::to_string(c.request.steps) + " programs=" + std::to_string(c.programs) +
           " examples=" + std::to_string(c.examples.size()) + " " + to_string(k.switches) + " " +
           assembly::to_string(k.instruction_set);
}

/// Largest error of a program: relative to the value for a loss above 1, to the largest entry for a gradient.
double error_of(const Case& c, std::size_t program, const Outcome& found, const Outcome& expected) {
    const double loss = expected.losses[program];
    double error = std::abs(found.losses[program] - loss) / std::max(1.0, std::abs(loss));
    const std::size_t size = expected.gradient.size() / c.programs;
    const auto entry = [&](const Outcome& outcome, std::size_t i) {
        return outcome.gradient[program * size + i];
    };
    double largest = 1e-6, difference = 0;
    for (std::size_t i = 0; i < size; ++i) {
        largest = std::max(largest, std::abs(entry(expected, i)));
        if (!std::isfinite(entry(found, i)) && std::isfinite(entry(expected, i)))
            return std::numeric_limits<double>::infinity();
        difference = std::max(difference, std::abs(entry(found, i) - entry(expected, i)));
    }
    return std::max(error, difference / largest);
}

/// Where the plain kernel itself loses digits in single precision, by cancellation or near a kink, so may the
/// fast; where it has none left, as in machines whose mass doubles its error at every step, there is nothing
/// to compare. Returns the number of programs that were compared.
int expect_agreement(const lanes::Kernel& kernel, const Case& c, double tolerance = 1e-5) {
    const Outcome expected = plain<double>(c), single = plain<float>(c), found = fast(kernel, c);
    constexpr double no_digits = 0.1;
    int compared = 0;
    for (std::size_t p = 0; p < c.programs; ++p) {
        const double lost = error_of(c, p, single, expected);
        if (lost > no_digits) continue;
        ++compared;
        EXPECT_LE(error_of(c, p, found, expected), tolerance + 8 * lost)
            << "program " << p << ", " << describe(c);
    }
    return compared;
}

/// Also where a machine whose mass has exploded leaves what is not a number.
bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) {
               return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
           });
}

/// Some of the programs of a case.
Case part(const Case& c, std::size_t first, std::size_t count) {
    Case some = c;
    const auto start = c.weights.begin() + static_cast<std::ptrdiff_t>(first * size_of(c));
    some.weights.assign(start, start + static_cast<std::ptrdiff_t>(count * size_of(c)));
    some.programs = count;
    return some;
}

/// Small machines, so that every number of programs is affordable.
Case small_case(std::uint64_t seed, std::size_t programs) {
    RandomStream random(seed, Purpose::test, 1);
    const EvaluationRequest request{.configuration = {.base = 4, .cells = 3, .registers = 2, .lines = 3},
                                    .loss = anc_loss(),
                                    .steps = 5,
                                    .lanes = Lanes::programs};
    return make_case(random, request, 2, programs);
}

/// A machine of sizes that have a kernel of their own.
Case common_case(const lanes::Sizes& sizes, std::uint64_t seed, std::size_t programs) {
    RandomStream random(seed, Purpose::test, 3);
    const EvaluationRequest request{.configuration = {.base = sizes.base,
                                                      .cells = sizes.cells,
                                                      .registers = sizes.registers,
                                                      .lines = sizes.lines,
                                                      .initial_registers = {1}},
                                    .loss = random_loss(random),
                                    .steps = between(random, 0, 12),
                                    .lanes = random.below(2) == 0 ? Lanes::automatic : Lanes::programs};
    return make_case(random, request, between(random, 1, 3), programs);
}

/// Multiplies the weights of the first operand's head: a mixture of two lines then finds every register as
/// improbable as e^-scale.
void let_lines_contradict(Case& c, std::size_t program, float scale) {
    const Layout layout = layout_of(c.request.configuration);
    for (int l = 0; l < c.request.configuration.lines; ++l)
        for (int r = 0; r < layout.first.width; ++r)
            c.weights[program * size_of(c) +
                      static_cast<std::size_t>(l * layout.columns + layout.first.offset + r)] *= scale;
}

class FastKernel : public testing::TestWithParam<std::string> {
protected:
    const lanes::Kernel& kernel() const {
        return *std::find_if(lanes::kernels().begin(), lanes::kernels().end(),
                             [](const lanes::Kernel& each) { return each.name == GetParam(); });
    }
    std::size_t lane_count() const { return static_cast<std::size_t>(kernel().lane_count); }
};

TEST_P(FastKernel, AgreesWithThePlainKernelOnRandomConfigurations) {
    int programs = 0, compared = 0;
    for (std::uint64_t seed = 0; seed < cases; ++seed) {
        const Case c = random_lanes_case(seed, 1 + seed % 3);
        programs += static_cast<int>(c.programs);
        compared += expect_agreement(kernel(), c);
    }
    EXPECT_GE(compared, programs * 99 / 100);
}

TEST_P(FastKernel, AgreesOnTheSizesThatHaveAKernelOfTheirOwn) {
    for (const lanes::Sizes& sizes : lanes::common_sizes)
        for (std::uint64_t seed = 0; seed < cases / 60; ++seed) {
            const Case c = common_case(sizes, seed, 1 + seed % 3);
            const lanes::Plan plan = lanes::make_plan(c.request, true, false, kernel().lane_count);
            ASSERT_EQ(plan.sizes, sizes) << describe(c);
            EXPECT_EQ(expect_agreement(kernel(), c), static_cast<int>(c.programs)) << describe(c);
        }
}

TEST_P(FastKernel, AgreesWhereLinesContradictEachOtherByHundredsOfPowersOfTwo) {
    int programs = 0, compared = 0;
    for (std::uint64_t seed = 0; seed < cases / 60; ++seed)
        for (const float scale : {30.0f, 300.0f, 3000.0f}) {
            Case c = seed % 2 == 0
                         ? common_case(lanes::common_sizes[seed % lanes::common_sizes.size()], seed, 2)
                         : random_lanes_case(seed, 2);
            let_lines_contradict(c, 0, scale);
            programs += 2;
            compared += expect_agreement(kernel(), c);
        }
    EXPECT_GE(compared, programs * 9 / 10);
}

TEST_P(FastKernel, AgreesWhereDistributionsAreNearlyCertain) {
    int programs = 0, compared = 0;
    for (std::uint64_t seed = 0; seed < cases / 60; ++seed)
        for (const float scale : {10.0f, 30.0f}) {
            Case c = common_case(lanes::common_sizes[seed % lanes::common_sizes.size()], seed, 2);
            for (float& weight : c.weights) weight *= scale;
            programs += static_cast<int>(c.programs);
            // A large logit is rounded to a large error, which is that of its probability.
            compared += expect_agreement(kernel(), c, 1e-5 * static_cast<double>(scale));
        }
    EXPECT_GE(compared, programs * 9 / 10);
}

#if defined(__SSE2__) // FlushDenormals has no effect elsewhere
bool has_denormals(const Outcome& outcome) {
    return std::any_of(outcome.gradient.begin(), outcome.gradient.end(), [](double entry) {
        return entry != 0 && std::abs(entry) < static_cast<double>(std::numeric_limits<float>::min());
    });
}

TEST_P(FastKernel, TakesZerosForDenormalNumbers) {
    Case c = common_case(lanes::common_sizes[0], 6, 2);
    for (float& weight : c.weights) weight *= 40;
    c.request.steps = 12;
    EXPECT_TRUE(has_denormals(plain<float>(c)));
    EXPECT_FALSE(has_denormals(fast(kernel(), c)));
}
#endif

TEST_P(FastKernel, LeavesTheArithmeticOfItsCallerAsItWas) {
    volatile float denormal = 1e-40f, one = 1;
    fast(kernel(), small_case(13, 2));
    EXPECT_GT(denormal * one, 0);
}

TEST_P(FastKernel, AgreesForEveryNumberOfProgramsThatFillsAndOverfillsAVector) {
    for (std::size_t programs = 1; programs <= lane_count() + 1; ++programs)
        expect_agreement(kernel(), small_case(programs, programs));
}

TEST_P(FastKernel, AgreesForEveryNumberOfExamplesInTheLanesOfOneProgram) {
    for (std::size_t examples = 1; examples <= 2 * lane_count() + 1; ++examples) {
        Case c = small_case(examples, 1);
        c.request.lanes = Lanes::automatic;
        RandomStream random(examples, Purpose::test, 2);
        while (c.examples.size() < examples)
            c.examples.push_back(random_example(random, c.request.configuration));
        expect_agreement(kernel(), c);
    }
}

TEST_P(FastKernel, AgreesWhereExamplesFillTheLanesOfSeveralPrograms) {
    int programs = 0, compared = 0;
    for (const std::size_t examples : {lane_count(), 3 * lane_count(), 20 * lane_count() - 1})
        for (std::uint64_t seed = 0; seed < cases / 60; ++seed) {
            Case c = seed % 2 == 0
                         ? common_case(lanes::common_sizes[seed % lanes::common_sizes.size()], seed, 2)
                         : random_lanes_case(seed, seed % 4 == 1 ? 3 : lane_count() + 1);
            c.request.lanes = Lanes::automatic;
            RandomStream random(seed, Purpose::test, 4);
            while (c.examples.size() < examples)
                c.examples.push_back(random_example(random, c.request.configuration));
            if (seed % 6 == 0) let_lines_contradict(c, 1, 100);
            programs += static_cast<int>(c.programs);
            compared += expect_agreement(kernel(), c);
        }
    EXPECT_GE(compared, programs * 9 / 10);
}

TEST_P(FastKernel, GivesAProgramTheSameBitsInAnyCompany) {
    for (const std::size_t examples : {std::size_t{2}, lane_count(), 2 * lane_count()}) {
        Case all = small_case(7, 2 * lane_count() + 3);
        all.request.lanes = Lanes::reproducible;
        RandomStream random(7, Purpose::test, 5);
        while (all.examples.size() < examples)
            all.examples.push_back(random_example(random, all.request.configuration));
        const Outcome together = fast(kernel(), all);
        for (std::size_t p = 0; p < all.programs; ++p) {
            SCOPED_TRACE("program " + std::to_string(p) + ", examples " + std::to_string(examples));
            const Outcome alone = fast(kernel(), part(all, p, 1));
            EXPECT_EQ(alone.losses[0], together.losses[p]);
            const auto start = together.gradient.begin() + static_cast<std::ptrdiff_t>(p * size_of(all));
            EXPECT_TRUE(std::equal(alone.gradient.begin(), alone.gradient.end(), start));
        }
    }
}

TEST_P(FastKernel, GivesAProgramTheSameBitsBesideOneWhoseLinesContradictEachOther) {
    for (std::size_t i = 0; i <= lanes::common_sizes.size(); ++i) {
        const Case clean =
            i < lanes::common_sizes.size() ? common_case(lanes::common_sizes[i], 5, 3) : small_case(5, 3);
        Case c = clean;
        c.request.steps = 8;
        let_lines_contradict(c, 1, 1000);
        const Outcome together = fast(kernel(), c);
        for (const std::size_t p : {std::size_t{0}, std::size_t{2}}) {
            Case alone = part(c, p, 1);
            alone.request.lanes = Lanes::programs;
            const Outcome expected = fast(kernel(), alone);
            EXPECT_EQ(expected.losses[0], together.losses[p]) << "program " << p << ", " << describe(c);
            const auto start = together.gradient.begin() + static_cast<std::ptrdiff_t>(p * size_of(c));
            EXPECT_TRUE(std::equal(expected.gradient.begin(), expected.gradient.end(), start))
                << "program " << p << ", " << describe(c);
        }
    }
}

TEST_P(FastKernel, KeepsWhatIsNotANumberInsideItsProgram) {
    for (const std::size_t examples : {std::size_t{2}, lane_count()}) {
        Case clean = small_case(8, lane_count() + 2);
        clean.request.lanes = Lanes::reproducible;
        RandomStream random(8, Purpose::test, 7);
        while (clean.examples.size() < examples)
            clean.examples.push_back(random_example(random, clean.request.configuration));
        const Outcome expected = fast(kernel(), clean);
        for (const float poison :
             {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
            Case c = clean;
            std::fill_n(c.weights.begin(), size_of(c), poison);
            const Outcome found = fast(kernel(), c);
            EXPECT_TRUE(std::isnan(found.losses[0])) << poison;
            EXPECT_TRUE(std::equal(found.losses.begin() + 1, found.losses.end(), expected.losses.begin() + 1))
                << poison;
            const auto second = static_cast<std::ptrdiff_t>(size_of(c));
            EXPECT_TRUE(std::equal(found.gradient.begin() + second, found.gradient.end(),
                                   expected.gradient.begin() + second))
                << poison;
        }
    }
}

TEST_P(FastKernel, GivesTheSameLossWithAndWithoutAGradient) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const Case c = random_lanes_case(seed, 2);
        std::vector<float> losses(c.programs);
        lanes::evaluate(kernel(), c.request, c.weights, c.examples, losses, {});
        const Outcome with_gradient = fast(kernel(), c);
        for (std::size_t p = 0; p < c.programs; ++p)
            EXPECT_EQ(static_cast<double>(losses[p]), with_gradient.losses[p]) << describe(c);
    }
}

TEST_P(FastKernel, GivesTheSameBitsWhenTheTapeIsCutIntoSegments) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        Case c = random_lanes_case(seed, 2);
        c.request.steps = 40;
        const Outcome whole = fast(kernel(), c);
        for (const std::size_t tape_bytes : {std::size_t{1}, std::size_t{64 * 1024}}) {
            const Outcome cut = fast(kernel(), c, tape_bytes);
            EXPECT_TRUE(same_bits(cut.losses, whole.losses)) << describe(c);
            EXPECT_TRUE(same_bits(cut.gradient, whole.gradient)) << describe(c);
        }
        EXPECT_EQ(lanes::make_plan(c.request, true, false, kernel().lane_count, 1).segments, 6);
    }
}

TEST_P(FastKernel, AgreesWhereExamplesFillTheLanesAndTheTapeIsCutIntoSegments) {
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
        Case c = random_lanes_case(seed, 3);
        c.request.steps = 70;
        c.request.lanes = Lanes::reproducible;
        RandomStream random(seed, Purpose::test, 6);
        while (c.examples.size() < 2 * lane_count())
            c.examples.push_back(random_example(random, c.request.configuration));
        const Outcome whole = fast(kernel(), c), cut = fast(kernel(), c, 1);
        EXPECT_TRUE(same_bits(cut.losses, whole.losses)) << describe(c);
        EXPECT_TRUE(same_bits(cut.gradient, whole.gradient)) << describe(c);
        expect_agreement(kernel(), c);
    }
}

TEST_P(FastKernel, AgreesOnRunsOfHundredsOfSteps) {
    RandomStream random(10, Purpose::test);
    const EvaluationRequest request{.configuration = {.base = 8, .cells = 8, .registers = 4, .lines = 6},
                                    .steps = 300};
    expect_agreement(kernel(), make_case(random, request, 1, 2));
}

TEST_P(FastKernel, RunsTenThousandStepsInBoundedMemory) {
    Case c = small_case(11, 2);
    c.request.steps = 10'000;
    const lanes::Plan plan = lanes::make_plan(c.request, true, false, kernel().lane_count);
    EXPECT_LT(lanes::workspace_size(plan, kernel().lane_count) * sizeof(float), 2 * lanes::largest_tape);
    const Outcome outcome = fast(kernel(), c);
    for (const double each : outcome.gradient) EXPECT_TRUE(std::isfinite(each));
}

TEST_P(FastKernel, AnswersWithZerosWhenThereAreNoExamples) {
    Case c = small_case(12, 2);
    c.examples.clear();
    const Outcome outcome = fast(kernel(), c);
    EXPECT_EQ(outcome.losses, std::vector<double>(2, 0.0));
    EXPECT_EQ(outcome.gradient, std::vector<double>(outcome.gradient.size(), 0.0));
}

std::vector<std::string> kernel_names() {
    std::vector<std::string> names;
    for (const lanes::Kernel& kernel : lanes::kernels()) names.emplace_back(kernel.name);
    return names;
}

INSTANTIATE_TEST_SUITE_P(Targets, FastKernel, testing::ValuesIn(kernel_names()),
                         [](const auto& name) { return name.param; });

} // namespace
} // namespace ropewalk::machine
