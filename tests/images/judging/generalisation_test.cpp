// Formulas that are no tasks, found on small labels and tested on large ones.
#include <cmath>

#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/judging/judging.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"
#include "tests/scratch.hpp"

namespace ropewalk::perception {
namespace {

/// A grounder that reads what is written: every pixel of an image is its label. `bias` is added to symbols
/// above one half.
class Reads : public Engine {
public:
    explicit Reads(double bias) : bias_(bias) {}
    base::Result<identification::Grounding> ground(std::span<const float> pixels) override {
        identification::Grounding grounding;
        for (std::size_t i = 0; i < pixels.size(); i += 64) {
            const double symbol = std::round(pixels[i] * 255.0) / 10;
            grounding.mean.push_back(symbol > 0.55 ? symbol + bias_ : symbol);
            grounding.variance.push_back(0);
        }
        return grounding;
    }
    base::Result<StepReport> search_step(std::span<const Batch>, const StepOptions&) override { return none(); }
    base::Result<StepReport> refine_step(std::span<const Batch>, std::span<const std::size_t>,
                                         const StepOptions&) override {
        return none();
    }
    base::Status begin_reading(std::span<const double>) override { return {}; }
    base::Result<StepReport> reading_step(std::span<const PartToRead>, double) override { return none(); }
    base::Result<StepReport> letters_step(std::span<const PartToWeigh>, double) override { return none(); }
    base::Status score(const Batch&) override { return {}; }
    base::Result<bool> mirror_if_better(std::span<const Batch>, double) override { return false; }
    std::vector<double> alphabet() const override { return {}; }
    base::Result<std::vector<double>> read(std::span<const float>) override { return std::vector<double>(); }
    base::Result<ReadImages> read_alone(std::span<const float> pixels) override {
        return ReadImages{*ground(pixels), *read(pixels)};
    }
    std::span<const float> errors() const override { return {}; }
    TensorFile weights() const override { return {}; }
    TensorFile state() const override { return {}; }
    base::Status restore(const TensorFile&) override { return {}; }
    base::Result<StepReport> posterior_gradient(const identification::Grounding&, const Batch&, double,
                                                identification::Grounding&) override {
        return none();
    }

private:
    static StepReport none() { return {}; }
    double bias_;
};

/// Reads the label with probability 0.6, and one of its neighbours with 0.4.
class ReadsLetters : public Reads {
public:
    ReadsLetters() : Reads(0) {}
    std::vector<double> alphabet() const override {
        return {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0};
    }
    base::Result<std::vector<double>> read(std::span<const float> pixels) override {
        std::vector<double> probabilities(pixels.size() / 64 * 10);
        for (std::size_t i = 0; i < pixels.size() / 64; ++i) {
            const auto letter = static_cast<std::size_t>(std::lround(pixels[i * 64] * 255.0f)) - 1;
            probabilities[i * 10 + letter] = 0.6;
            probabilities[i * 10 + (letter > 0 ? letter - 1 : 1)] = 0.4;
        }
        return probabilities;
    }
};

datasets::Images written(std::size_t count) {
    datasets::Images images{1, 8, 8, {}, {}};
    for (std::size_t i = 0; i < count; ++i) {
        images.labels.push_back(static_cast<std::uint8_t>(i % 10 + 1));
        images.pixels.insert(images.pixels.end(), 64, images.labels.back());
    }
    return images;
}

Problem problem(std::size_t tasks) {
    return *make_problem({"written", written(100), written(50)}, {.tasks = tasks, .seed = 2});
}

TEST(Generalisation, FindsEveryFormulaWhereSymbolsAreRight) {
    const Problem some = problem(500);
    Reads engine(0);
    const auto result = generalise(some, engine);
    ASSERT_TRUE(result) << base::render(result.error());
    ASSERT_EQ(result->formulas.size(), 100u);
    EXPECT_EQ(result->right, 100u);
    EXPECT_NEAR(result->mean, 0, 1e-20);
    for (const GeneralisedFormula& each : result->formulas)
        EXPECT_EQ(std::count(some.tasks.begin(), some.tasks.end(), each.formula), 0);
}

TEST(Generalisation, MeasuresSymbolsThatAreWrongOnLargeLabelsOnly) {
    const Problem some = problem(1100);
    Reads engine(0.01);
    const auto result = generalise(some, engine);
    ASSERT_TRUE(result);
    // Labels up to five are read rightly, so the one formula that is left is found, and its outputs are off.
    ASSERT_EQ(result->formulas.size(), 1u);
    EXPECT_EQ(result->right, 1u);
    EXPECT_GT(result->mean, 1e-6);
    EXPECT_LT(result->mean, 0.1);
    EXPECT_EQ(result->mean, result->median);
}

TEST(Generalisation, FindsEveryFormulaByLettersThatAreUncertain) {
    const Problem some = problem(900);
    ReadsLetters engine;
    const auto result = generalise(some, engine);
    ASSERT_TRUE(result) << base::render(result.error());
    EXPECT_EQ(result->right, 100u);
}

TEST(Generalisation, NeedsAFormulaThatIsNoTask) {
    Reads engine(0);
    EXPECT_EQ(complaint(generalise(problem(1101), engine), ""),
              "generalisation: tasks that are all formulas of the pool; expected fewer tasks, so that some "
              "formulas are new\n");
}

} // namespace
} // namespace ropewalk::perception
