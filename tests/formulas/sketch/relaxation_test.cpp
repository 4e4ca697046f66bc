#include <cmath>

#include "tests/formulas/sketch/sketch_case.hpp"

namespace ropewalk::formula {
namespace {

const SketchShape shape{2, 4};

std::vector<double> choices_of(const Relaxation& relaxation, const std::vector<double>& logits,
                               const std::vector<double>& noise) {
    std::vector<double> soft(logits.size());
    relaxed<double>(shape, relaxation.factor(), logits, noise, soft);
    return soft;
}

/// Sum over rows of the largest entry: the number of rows where choices are one-hot.
double decided(const std::vector<double>& choices) {
    double sum = 0;
    for_each_row(shape, [&](std::size_t begin, std::size_t count) {
        sum += *std::max_element(choices.begin() + static_cast<std::ptrdiff_t>(begin),
                                 choices.begin() + static_cast<std::ptrdiff_t>(begin + count));
    });
    return sum;
}

TEST(Relaxation, GivesRowsThatSumToOne) {
    const std::vector<double> soft = choices_of({}, random_logits(shape, 3, 1, 0), {});
    for_each_row(shape, [&](std::size_t begin, std::size_t count) {
        double sum = 0;
        for (std::size_t i = begin; i < begin + count; ++i) sum += soft[i];
        EXPECT_NEAR(sum, 1, 1e-12);
    });
}

TEST(Relaxation, SharpensWithAnInverseTemperatureAndBlursWithATemperature) {
    const std::vector<double> logits = random_logits(shape, 1, 1, 0);
    const double one = decided(choices_of({.beta = 1}, logits, {}));
    EXPECT_GT(decided(choices_of({.beta = 3}, logits, {})), one);
    EXPECT_LT(decided(choices_of({.sharpness = Sharpness::temperature, .beta = 3}, logits, {})), one);
    EXPECT_EQ(choices_of({.sharpness = Sharpness::temperature, .beta = 4}, logits, {}),
              choices_of({.beta = 0.25}, logits, {}));
}

TEST(Relaxation, StaysFiniteForLargeLogits) {
    std::vector<double> logits = random_logits(shape, 1, 1, 0);
    for (double& each : logits) each *= 1e300;
    for (const double each : choices_of({.beta = 3}, logits, {})) EXPECT_TRUE(each >= 0 && each <= 1);
}

TEST(Relaxation, DrawsGumbelNoise) {
    std::vector<double> noise(200'000);
    gumbel_noise<double>(3, 5, noise);
    double mean = 0, squares = 0;
    for (const double each : noise) {
        ASSERT_TRUE(std::isfinite(each));
        mean += each / static_cast<double>(noise.size());
        squares += each * each / static_cast<double>(noise.size());
    }
    EXPECT_NEAR(mean, 0.5772157, 0.01);
    EXPECT_NEAR(squares - mean * mean, 1.6449341, 0.03);
    std::vector<double> again(noise.size());
    gumbel_noise<double>(3, 5, again);
    EXPECT_EQ(noise, again);
    gumbel_noise<double>(3, 6, again);
    EXPECT_NE(noise, again);
}

TEST(Relaxation, ChoosesWithTheProbabilitiesOfTheSoftmax) {
    const std::vector<double> logits = random_logits(shape, 1, 2, 0);
    const std::vector<double> expected = choices_of({}, logits, {});
    constexpr int draws = 20'000;
    std::vector<double> noise(logits.size()), soft(logits.size()), hard(logits.size()),
        counts(logits.size(), 0.0);
    for (std::uint64_t i = 0; i < draws; ++i) {
        gumbel_noise<double>(1, i, noise);
        soft = choices_of({.beta = 2}, logits, noise);
        hardened<double>(shape, soft, hard);
        for (std::size_t k = 0; k < counts.size(); ++k) counts[k] += hard[k] / draws;
    }
    for (std::size_t k = 0; k < counts.size(); ++k) EXPECT_NEAR(counts[k], expected[k], 0.015) << k;
}

/// A batch of two tasks with every part of the loss.
struct LossCase {
    SketchCase<double> data{shape, 2, 6, 4};
    std::vector<double> logits, noise, sigma{0.7, 1.3};
    std::vector<double> losses = std::vector<double>(2), length = losses;
    std::vector<double> gradient, symbol_gradient;
    std::vector<unsigned char> finite = std::vector<unsigned char>(2);

    LossCase() : noise(2 * shape.choices()) {
        for (std::uint64_t t = 0; t < 2; ++t)
            for (const double each : random_logits(shape, 1, 6, t)) logits.push_back(each);
        gumbel_noise<double>(1, 0, noise);
        gradient.resize(logits.size());
        symbol_gradient.resize(data.symbols.size());
    }

    double loss(const Relaxation& relaxation, const LengthPrior& prior) {
        const auto found = sketch_loss<double>({.shape = shape,
                                                .tasks = 2,
                                                .rows = 6,
                                                .logits = logits,
                                                .symbols = data.symbols,
                                                .targets = data.targets,
                                                .sigma = sigma,
                                                .noise = noise},
                                               relaxation, prior,
                                               {.data = losses,
                                                .length = length,
                                                .logit_gradient = gradient,
                                                .symbol_gradient = symbol_gradient,
                                                .finite = finite});
        EXPECT_TRUE(found);
        return found.value_or(0.0);
    }
};

TEST(SketchLoss, HasTheGradientOfItselfInEveryReading) {
    for (const Sharpness sharpness : {Sharpness::inverse_temperature, Sharpness::temperature})
        for (const bool noise : {false, true})
            for (const LengthMeasure measure : {LengthMeasure::tree, LengthMeasure::live_lines}) {
                const Relaxation relaxation{.sharpness = sharpness, .beta = 1.5, .noise = noise};
                const LengthPrior prior{.lambda = 0.1, .measure = measure};
                LossCase c;
                c.loss(relaxation, prior);
                const std::vector<double> gradient = c.gradient, by_symbol = c.symbol_gradient;
                const auto slope = [&](double& number) {
                    const double before = number;
                    number = before + 1e-5;
                    const double above = c.loss(relaxation, prior);
                    number = before - 1e-5;
                    const double below = c.loss(relaxation, prior);
                    number = before;
                    return (above - below) / 2e-5;
                };
                for (std::size_t i = 0; i < c.logits.size(); ++i)
                    EXPECT_NEAR(gradient[i], slope(c.logits[i]), 1e-8) << i;
                for (std::size_t i = 0; i < c.data.symbols.size(); ++i)
                    EXPECT_NEAR(by_symbol[i], slope(c.data.symbols[i]), 1e-8) << i;
            }
}

TEST(SketchLoss, IsTheMeanOverTasksOfDataAndPrior) {
    LossCase c;
    const double whole = c.loss({}, {.lambda = 0.1});
    EXPECT_NEAR(whole, (c.losses[0] + c.losses[1] + 0.1 * (c.length[0] + c.length[1])) / 2, 1e-12);
}

TEST(SketchLoss, RunsOneProgramPerTaskStraightThrough) {
    LossCase c;
    const Relaxation relaxation{.beta = 2, .straight_through = true};
    c.loss(relaxation, {});
    const std::vector<double> soft =
        choices_of(relaxation, {c.logits.begin(), c.logits.begin() + static_cast<long>(shape.choices())},
                   {c.noise.begin(), c.noise.begin() + static_cast<long>(shape.choices())});
    const Program program = argmax_program<double>(shape, soft);
    double expected = 0;
    for (std::size_t n = 0; n < 6; ++n) {
        const double y = evaluate(program, std::span<const double>(c.data.symbols).subspan(n * 2, 2));
        expected += (y - c.data.targets[n]) * (y - c.data.targets[n]) / (2 * 0.7 * 0.7 * 6);
    }
    EXPECT_NEAR(c.losses[0], expected, 1e-12);
    EXPECT_NE(c.gradient, std::vector<double>(c.gradient.size(), 0.0));
}

TEST(SketchLoss, LeavesOutATaskThatIsNotFinite) {
    LossCase c;
    c.loss({}, {.lambda = 0.1});
    const double first = c.losses[0] + 0.1 * c.length[0];
    c.logits[shape.choices() + 3] = std::numeric_limits<double>::quiet_NaN();
    EXPECT_NEAR(c.loss({}, {.lambda = 0.1}), first / 2, 1e-12);
    EXPECT_EQ(c.finite, (std::vector<unsigned char>{1, 0}));
    for (std::size_t i = shape.choices(); i < c.gradient.size(); ++i) EXPECT_EQ(c.gradient[i], 0);
}

TEST(SketchLoss, RefusesATemperatureThatIsNotPositive) {
    LossCase c;
    const auto run = [&](double beta) {
        return sketch_loss<double>(
                   {.shape = shape,
                    .tasks = 2,
                    .rows = 6,
                    .logits = c.logits,
                    .symbols = c.data.symbols,
                    .targets = c.data.targets,
                    .sigma = c.sigma},
                   {.beta = beta}, {},
                   {.data = c.losses, .length = c.length, .logit_gradient = c.gradient, .finite = c.finite})
            .has_value();
    };
    EXPECT_TRUE(run(1));
    EXPECT_FALSE(run(0));
    EXPECT_FALSE(run(-1));
    EXPECT_FALSE(run(std::numeric_limits<double>::infinity()));
}

} // namespace
} // namespace ropewalk::formula
