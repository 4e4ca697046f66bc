#include <cmath>
#include <cstdlib>
#include <numeric>

#include "ropewalk/base/random.hpp"
#include "tests/formulas/sketch/sketch_case.hpp"

namespace ropewalk::formula {
namespace {

double sum(const std::vector<double>& numbers) {
    return std::accumulate(numbers.begin(), numbers.end(), 0.0);
}

/// Loss of the case after a change of one number, for central differences.
double slope(SketchCase<double>& c, double& number, double step = 1e-5) {
    const double before = number;
    number = before + step;
    const double above = sum(SketchResults<double>(c).losses);
    number = before - step;
    const double below = sum(SketchResults<double>(c).losses);
    number = before;
    return (above - below) / (2 * step);
}

TEST(Executor, HasTheGradientOfItsLosses) {
    for (const std::string& kernel : executor_targets())
        for (const bool private_symbols : {false, true}) {
            SCOPED_TRACE(kernel);
            const ForcedExecutor forced(kernel);
            SketchCase<double> c({3, 5}, 2, 7, 4, private_symbols);
            const SketchResults<double> found(c);
            for (std::size_t i = 0; i < c.choices.size(); ++i)
                EXPECT_NEAR(found.choice_gradient[i], slope(c, c.choices[i]), 1e-7) << "choice " << i;
            for (std::size_t i = 0; i < c.symbols.size(); ++i)
                EXPECT_NEAR(found.symbol_gradient[i], slope(c, c.symbols[i]), 1e-7) << "symbol " << i;
        }
}

TEST(Executor, HasTheGradientOfItsOutputs) {
    SketchCase<double> c({2, 6}, 3, 5, 8);
    const SketchResults<double> found(c, false);
    const auto value = [&] {
        const SketchResults<double> results(c, false);
        return std::inner_product(results.outputs.begin(), results.outputs.end(), c.output_gradient.begin(),
                                  0.0);
    };
    for (std::size_t i = 0; i < c.choices.size(); i += 5) {
        const double before = c.choices[i];
        c.choices[i] = before + 1e-5;
        const double above = value();
        c.choices[i] = before - 1e-5;
        const double below = value();
        c.choices[i] = before;
        EXPECT_NEAR(found.choice_gradient[i], (above - below) / 2e-5, 1e-7) << i;
    }
}

template<class Real>
void expect_close(const std::vector<Real>& found, const std::vector<double>& expected, double tolerance,
                  const std::string& what) {
    ASSERT_EQ(found.size(), expected.size());
    double largest = 0;
    for (const double each : expected) largest = std::max(largest, std::abs(each));
    double worst = 0;
    for (std::size_t i = 0; i < found.size(); ++i)
        worst = std::max(worst, std::abs(static_cast<double>(found[i]) - expected[i]));
    EXPECT_LE(worst, tolerance * largest) << what;
}

template<class Real>
void expect_equal_to_plain(double tolerance) {
    base::RandomStream random(11, base::Purpose::test, 3);
    for (int repeat = 0; repeat < 60; ++repeat) {
        const SketchShape shape{1 + static_cast<int>(random.below(5)),
                                1 + static_cast<int>(random.below(40))};
        const std::size_t tasks = 1 + random.below(7), rows = 1 + random.below(300);
        const bool private_symbols = random.below(2) == 1, of_losses = random.below(2) == 1;
        const auto seed = static_cast<std::uint64_t>(repeat);
        const SketchCase<double> exact(shape, tasks, rows, seed, private_symbols);
        const SketchCase<Real> c(shape, tasks, rows, seed, private_symbols);
        const ForcedExecutor plain("reference");
        const SketchResults<double> expected(exact, of_losses);
        for (const std::string& kernel : executor_targets()) {
            const ForcedExecutor forced(kernel);
            const SketchResults<Real> found(c, of_losses);
            SCOPED_TRACE(kernel + ", V " + std::to_string(shape.variables) + ", L " +
                         std::to_string(shape.lines) + ", T " + std::to_string(tasks) + ", N " +
                         std::to_string(rows));
            expect_close(found.outputs, expected.outputs, tolerance, "outputs");
            expect_close(found.losses, expected.losses, tolerance, "losses");
            expect_close(found.choice_gradient, expected.choice_gradient, tolerance, "choice gradient");
            expect_close(found.symbol_gradient, expected.symbol_gradient, tolerance, "symbol gradient");
            EXPECT_EQ(found.finite, expected.finite);

            std::vector<Real> outputs(found.outputs.size());
            std::vector<unsigned char> finite(tasks);
            ASSERT_TRUE(execute<Real>(c.execution(), {.outputs = outputs, .finite = finite}));
            EXPECT_EQ(outputs, found.outputs) << "forward only";
        }
    }
}

TEST(Executor, IsTheSameOnEveryKernelInSinglePrecision) { expect_equal_to_plain<float>(1e-5); }

TEST(Executor, IsTheSameOnEveryKernelInDoublePrecision) { expect_equal_to_plain<double>(1e-12); }

TEST(Executor, GivesTheSameNumbersAtAnyNumberOfThreads) {
    SketchCase<float> c({3, 12}, 50, 70, 2);
    const SketchResults<float> one(c);
    for (const int threads : {2, 3, 0}) {
        c.threads = threads;
        const SketchResults<float> many(c);
        EXPECT_EQ(one.outputs, many.outputs);
        EXPECT_EQ(one.losses, many.losses);
        EXPECT_EQ(one.choice_gradient, many.choice_gradient);
        EXPECT_EQ(one.symbol_gradient, many.symbol_gradient);
    }
}

TEST(Executor, GivesATaskTheSameNumbersWhateverRunsBesideIt) {
    const SketchCase<float> whole({3, 9}, 20, 33, 6);
    SketchCase<float> alone = whole;
    const std::size_t t = 17, size = whole.shape.choices();
    alone.tasks = 1;
    alone.choices.assign(whole.choices.begin() + t * size, whole.choices.begin() + (t + 1) * size);
    alone.targets.assign(whole.targets.begin() + t * 33, whole.targets.begin() + (t + 1) * 33);
    alone.weights = {whole.weights[t]};
    const SketchResults<float> beside(whole), found(alone);
    EXPECT_EQ(found.losses[0], beside.losses[t]);
    for (std::size_t i = 0; i < size; ++i)
        EXPECT_EQ(found.choice_gradient[i], beside.choice_gradient[t * size + i]);
}

TEST(Executor, ReportsATaskThatIsNotFiniteAndKeepsItFromTheOthers) {
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    constexpr float infinite = std::numeric_limits<float>::infinity();
    for (const std::string& kernel : executor_targets())
        for (const float bad : {nan, infinite, -infinite}) {
            SCOPED_TRACE(kernel + " " + std::to_string(bad));
            const ForcedExecutor forced(kernel);
            const SketchCase<float> good({3, 6}, 4, 20, 3);
            SketchCase<float> c = good;
            // The bad task as a task whose loss does not count.
            c.weights[2] = 0;
            const SketchResults<float> without(c);
            c = good;
            const std::size_t size = c.shape.choices();
            c.choices[2 * size + 40] = bad;
            const SketchResults<float> found(c);
            EXPECT_EQ(found.finite, (std::vector<unsigned char>{1, 1, 0, 1}));
            EXPECT_EQ(found.symbol_gradient, without.symbol_gradient);
            for (std::size_t t : {0u, 1u, 3u}) EXPECT_EQ(found.losses[t], without.losses[t]);
            EXPECT_TRUE(std::isnan(found.losses[2]));
            EXPECT_TRUE(std::isnan(found.outputs[2 * c.rows]));
            for (std::size_t i = 0; i < c.choices.size(); ++i)
                EXPECT_EQ(found.choice_gradient[i], i / size == 2 ? 0 : without.choice_gradient[i]);
        }
}

TEST(Executor, ReportsSymbolsThatAreNotFinite) {
    SketchCase<double> c({3, 4}, 3, 5, 1, true);
    c.symbols[5 * 3 + 4] = std::numeric_limits<double>::infinity();
    EXPECT_EQ(SketchResults<double>(c).finite, (std::vector<unsigned char>{1, 0, 1}));
    SketchCase<double> shared({3, 4}, 3, 5, 1);
    shared.symbols[0] = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(SketchResults<double>(shared).finite, (std::vector<unsigned char>{0, 0, 0}));
}

TEST(Executor, ReportsATargetThatIsNotFinite) {
    SketchCase<float> c({3, 4}, 3, 5, 1);
    c.targets[7] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_EQ(SketchResults<float>(c).finite, (std::vector<unsigned char>{1, 0, 1}));
}

/// L lines that each multiply the line before with itself: symbol^(2^L).
Program repeated_squares(int lines) {
    Program program{1, {}, 0};
    for (int l = 0; l < lines; ++l) program.lines.push_back({Operator::multiply, l, l, 0});
    return program;
}

TEST(Executor, ClampsDoublyExponentialGrowthAndStaysFinite) {
    for (const std::string& kernel : executor_targets()) {
        SCOPED_TRACE(kernel);
        const ForcedExecutor forced(kernel);
        SketchCase<float> c({1, 30}, 1, 3, 1);
        const auto choices = one_hot(c.shape, repeated_squares(30));
        ASSERT_TRUE(choices);
        c.choices.assign(choices->begin(), choices->end());
        c.symbols = {10, -10, 0.5};
        const SketchResults<float> found(c);
        EXPECT_EQ(found.finite[0], 1);
        EXPECT_EQ(found.outputs[0], c.limit);
        EXPECT_EQ(found.outputs[1], c.limit);
        EXPECT_EQ(found.outputs[2], 0);
        EXPECT_EQ(found.symbol_gradient[0], 0) << "a clamped value passes no gradient on";
    }
}

TEST(Executor, IsNotTouchedByTheLimitBelowIt) {
    SketchCase<double> c({3, 30}, 3, 20, 5);
    const SketchResults<double> usual(c);
    c.limit = 1e100;
    const SketchResults<double> far(c);
    EXPECT_EQ(usual.outputs, far.outputs);
    EXPECT_EQ(usual.choice_gradient, far.choice_gradient);
}

TEST(Executor, RefusesSizesThatDoNotFit) {
    const SketchCase<float> c({3, 4}, 2, 5, 1);
    std::vector<float> outputs(10);
    std::vector<unsigned char> finite(2);
    const auto run = [&](Execution<float> execution) {
        return execute<float>(execution, {.outputs = outputs, .finite = finite}).has_value();
    };
    EXPECT_TRUE(run(c.execution()));
    Execution<float> wrong = c.execution();
    wrong.tasks = 3;
    EXPECT_FALSE(run(wrong));
    wrong = c.execution();
    wrong.rows = 4;
    EXPECT_FALSE(run(wrong));
    wrong = c.execution();
    wrong.shape.lines = 0;
    EXPECT_FALSE(run(wrong));
    wrong = c.execution();
    wrong.limit = 1e30f;
    EXPECT_FALSE(run(wrong));
    wrong = c.execution();
    wrong.symbols = wrong.symbols.first(14);
    EXPECT_FALSE(run(wrong));
}

TEST(ExecutorDispatch, OffersThePlainKernelAndListsWhatThereIsForAnUnknownName) {
    EXPECT_EQ(executor_targets().back(), "reference");
    const std::string active = active_executor_target();
    const auto forced = force_executor_target("mmx");
    ASSERT_FALSE(forced);
    for (const std::string& name : executor_targets())
        EXPECT_NE(base::render(forced.error()).find(name), std::string::npos);
    EXPECT_EQ(active_executor_target(), active);
}

} // namespace
} // namespace ropewalk::formula
