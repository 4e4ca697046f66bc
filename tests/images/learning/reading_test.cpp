// Letters that are read out of outputs, with a grounder that has not learned to.
#include <gtest/gtest.h>

#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/learning/learning.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::learning {
namespace {

/// With a grounder that has learned nothing: its means are near 0.55.
class FindingAReading : public ::testing::Test {
protected:
    void SetUp() override {
        dataset_ = datasets::draw_glyphs({.seed = 4, .threads = 1});
        engine_ = perception::make_engine({.height = dataset_.train.height,
                                           .width = dataset_.train.width,
                                           .statistics = datasets::pixel_statistics(dataset_.train),
                                           .pool = *identification::monomial_table({formula::variable(1, 0)}),
                                           .sigma = {1.0},
                                           .threads = 1});
        if (!engine_) GTEST_SKIP() << base::render(engine_.error());
    }

    base::Result<Reading> reading_of(const std::vector<formula::Program>& programs) {
        const auto table = identification::monomial_table(programs);
        std::vector<identification::Decision> decisions(programs.size());
        for (std::size_t t = 0; t < programs.size(); ++t) decisions[t].formula = t;
        source_ = *perception::example_source(dataset_.train, programs, 1);
        return find_reading(source_, *table, decisions, std::vector<double>(programs.size(), 1.0), **engine_,
                            {.batch = {.images = 128, .rows = 128, .augmentation = {}}});
    }

    datasets::Dataset dataset_;
    perception::ExampleSource source_;
    base::Result<std::unique_ptr<perception::Engine>> engine_ = base::failure("", "", "");
};
TEST_F(FindingAReading, DiscoversTheTenSymbolsFromOutputsAlone) {
    const auto x = formula::variable(2, 0), y = formula::variable(2, 1);
    const std::vector<formula::Program> programs{formula::combine(formula::Operator::add, x, y),
                                                 formula::combine(formula::Operator::multiply, x, y), x};
    const auto reading = reading_of(programs);
    ASSERT_TRUE(reading) << base::render(reading.error());
    ASSERT_EQ(reading->alphabet.size(), 10u);
    for (std::size_t i = 0; i < 10; ++i)
        EXPECT_NEAR(reading->alphabet[i], static_cast<double>(i + 1) / 10, 1e-8);
    EXPECT_LT(reading->residual, 1e-8);
}

TEST_F(FindingAReading, RefusesTasksThatCannotTellASymbolFromItsNegative) {
    const auto x = formula::variable(1, 0);
    const auto reading = reading_of({formula::combine(formula::Operator::multiply, x, x)});
    ASSERT_FALSE(reading);
    EXPECT_NE(base::render(reading.error()).find("two sets of symbols"), std::string::npos);
}

TEST_F(FindingAReading, RefusesTasksThatHaveOnlyTheSum) {
    const auto x = formula::variable(2, 0), y = formula::variable(2, 1);
    EXPECT_FALSE(reading_of({formula::combine(formula::Operator::add, x, y)}));
}

} // namespace
} // namespace ropewalk::learning
