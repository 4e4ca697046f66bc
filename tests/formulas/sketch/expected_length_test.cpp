#include <cmath>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "tests/formulas/sketch/sketch_case.hpp"

namespace ropewalk::formula {
namespace {

/// Choices of one random sketch.
std::vector<double> random_choices(const SketchShape& shape, std::uint64_t seed, double deviation = 1) {
    std::vector<double> choices(shape.choices());
    relaxed<double>(shape, 1, random_logits(shape, deviation, seed, 0), {}, choices);
    return choices;
}

/// One program, every row drawn independently.
Program draw(const SketchShape& shape, const std::vector<double>& choices, base::RandomStream& random) {
    const auto pick = [&](std::size_t begin, int count) {
        double left = random.uniform();
        for (int i = 0; i + 1 < count; ++i) {
            left -= choices[begin + static_cast<std::size_t>(i)];
            if (left < 0) return i;
        }
        return count - 1;
    };
    Program program{shape.variables, {}, 0};
    for (int l = 0; l < shape.lines; ++l) {
        Line line;
        line.operation = static_cast<Operator>(pick(shape.operator_begin(l), sketch_operators));
        line.left = pick(shape.left_begin(l), shape.operands(l));
        line.right = pick(shape.right_begin(l), shape.operands(l));
        if (line.operation == Operator::no_operation) line.right = 0;
        program.lines.push_back(line);
    }
    return program;
}

struct Sample {
    double mean = 0, standard_error = 0;
};

template<class Measure>
Sample sample(const SketchShape& shape, const std::vector<double>& choices, int count,
              const Measure& measure) {
    base::RandomStream random(9, base::Purpose::test);
    double total = 0, squares = 0;
    for (int i = 0; i < count; ++i) {
        const double value = measure(size(draw(shape, choices, random)));
        total += value;
        squares += value * value;
    }
    const double mean = total / count;
    return {mean, std::sqrt((squares / count - mean * mean) / count)};
}

double operators_of(const Size& size) { return static_cast<double>(size.operators); }
double nodes_of(const Size& size) { return static_cast<double>(size.nodes); }
double live_of(const Size& size) { return size.live_lines; }

TEST(ExpectedLength, IsTheMeanNumberOfOperatorsOfDrawnPrograms) {
    const SketchShape shape{3, 6};
    const std::vector<double> choices = random_choices(shape, 3);
    const Sample drawn = sample(shape, choices, 1'000'000, operators_of);
    EXPECT_NEAR(expected_length<double>(shape, choices, LengthMeasure::tree), drawn.mean,
                3 * drawn.standard_error);
    EXPECT_LT(drawn.standard_error, 0.01);
}

TEST(ExpectedLength, IsTheMeanNumberOfNodesWithALeafCostOfOne) {
    const SketchShape shape{2, 8};
    const std::vector<double> choices = random_choices(shape, 5);
    const Sample drawn = sample(shape, choices, 200'000, nodes_of);
    EXPECT_NEAR(expected_length<double>(shape, choices, LengthMeasure::tree, {.leaf = 1}), drawn.mean,
                3 * drawn.standard_error);
}

TEST(ExpectedLength, CountsProgramsExactly) {
    const auto pool = formula_pool({});
    ASSERT_TRUE(pool);
    const SketchShape shape{3, 5};
    for (const Program& formula : pool->formulas) {
        const auto choices = one_hot(shape, formula);
        ASSERT_TRUE(choices);
        const Size exact = size(argmax_program<double>(shape, *choices));
        EXPECT_EQ(expected_length<double>(shape, *choices, LengthMeasure::tree), operators_of(exact));
        EXPECT_EQ(expected_length<double>(shape, *choices, LengthMeasure::tree, {.leaf = 1}),
                  nodes_of(exact));
        EXPECT_EQ(expected_length<double>(shape, *choices, LengthMeasure::live_lines), live_of(exact));
    }
}

TEST(ExpectedLength, ApproximatesTheMeanNumberOfLiveLines) {
    for (const std::uint64_t seed : {1u, 2u, 3u}) {
        const SketchShape shape{3, 15};
        const std::vector<double> choices = random_choices(shape, seed, 2);
        const Sample drawn = sample(shape, choices, 20'000, live_of);
        EXPECT_NEAR(expected_length<double>(shape, choices, LengthMeasure::live_lines), drawn.mean,
                    0.15 * drawn.mean);
    }
}

TEST(ExpectedLength, HasTheGradientOfItself) {
    const SketchShape shape{2, 5};
    const LengthCosts costs{.leaf = 0.3, .operators = {1, 2, 3, 0.5}};
    for (const LengthMeasure measure : {LengthMeasure::tree, LengthMeasure::live_lines})
        for (const bool exact : {false, true}) {
            std::vector<double> choices = random_choices(shape, 7);
            if (exact)
                choices = one_hot(shape, combine(Operator::add, variable(2, 0), variable(2, 1))).value();
            std::vector<double> gradient(choices.size(), 0.0);
            expected_length<double>(shape, choices, measure, costs, 2.0, gradient);
            for (std::size_t i = 0; i < choices.size(); ++i) {
                const double before = choices[i];
                choices[i] = before + 1e-6;
                const double above = expected_length<double>(shape, choices, measure, costs);
                choices[i] = before - 1e-6;
                const double below = expected_length<double>(shape, choices, measure, costs);
                choices[i] = before;
                EXPECT_NEAR(gradient[i], (above - below) / 1e-6, 1e-6) << i;
            }
        }
}

} // namespace
} // namespace ropewalk::formula
