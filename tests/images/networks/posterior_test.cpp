// The posterior over the pool against golden vectors, sampling and finite differences.
#include <cmath>

#include <nlohmann/json.hpp>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"
#include "tests/places.hpp"

namespace ropewalk::perception {
namespace {

using Json = nlohmann::json;

formula::Pool pool() { return *formula::formula_pool({.with_zero = false}); }

/// The golden case: symbols [3, N] given, outputs of six formulas, a temperature; the loss and its gradient.
struct Golden {
    identification::Grounding grounding;
    Batch batch;
    std::vector<double> sigma, errors_of_tasks, gradient;
    double temperature = 0, loss = 0;
    std::size_t rows = 0;
};

Golden golden() {
    const Json file = Json::parse(*base::read_file(source_dir() + "/tests/golden/roap.json"));
    const Json& stored = file["enum_case"];
    Golden golden;
    golden.rows = stored["s"]["shape"][1];
    golden.grounding.mean = stored["s"]["data"].get<std::vector<double>>();
    golden.grounding.variance.assign(golden.grounding.mean.size(), 0);
    for (std::uint32_t n = 0; n < golden.rows; ++n)
        for (std::uint32_t v = 0; v < 3; ++v)
            golden.batch.rows_of_images.push_back(v * static_cast<std::uint32_t>(golden.rows) + n);
    golden.batch.y = stored["Y"]["data"].get<std::vector<double>>();
    golden.sigma = stored["sigma"]["data"].get<std::vector<double>>();
    golden.temperature = stored["temp"];
    golden.loss = stored["loss"];
    golden.gradient = stored["ds"]["data"].get<std::vector<double>>();
    return golden;
}

TEST(Posterior, ReproducesTheGoldenLossAndGradient) {
    const identification::MonomialTable table = *identification::monomial_table(pool().formulas);
    ASSERT_EQ(table.formulas, 1101u);
    const Golden expected = golden();
    const identification::Posterior result = identification::posterior(
        table, expected.grounding,
        {expected.batch.rows_of_images, expected.batch.y, expected.sigma, expected.temperature});
    EXPECT_NEAR(result.loss, expected.loss, 1e-9);
    for (std::size_t i = 0; i < expected.gradient.size(); ++i)
        EXPECT_NEAR(result.gradient.mean[i], expected.gradient[i], 1e-9) << i;
}

/// Rows of uncertain symbols with outputs of a few formulas.
struct Uncertain {
    identification::MonomialTable table = *identification::monomial_table(pool().formulas);
    identification::Grounding grounding;
    Batch batch;
    std::vector<double> sigma{0.3, 0.7, 1.1};

    Uncertain() {
        base::RandomStream random(1, base::Purpose::test);
        for (int i = 0; i < 12; ++i) {
            grounding.mean.push_back(random.uniform());
            grounding.variance.push_back(0.08 * random.uniform());
        }
        for (std::uint32_t n = 0; n < 10; ++n)
            for (std::uint32_t v = 0; v < 3; ++v) batch.rows_of_images.push_back((n + v * 5) % 12);
        for (int i = 0; i < 30; ++i) batch.y.push_back(random.normal());
    }

    identification::PosteriorQuestion question() const { return {batch.rows_of_images, batch.y, sigma, 0.2}; }
};

/// The same with rows of its own for each of the second, the fourth and the first of four tasks.
struct OwnRows : Uncertain {
    std::vector<double> sigma_of_all{1.1, 0.3, 9.0, 0.7};

    OwnRows() {
        batch.tasks = {1, 3, 0};
        for (std::uint32_t n = 10; n < 30; ++n)
            for (std::uint32_t v = 0; v < 3; ++v) batch.rows_of_images.push_back((n * 7 + v * 5) % 12);
    }
};

template<class Data>
void expect_gradient_of_finite_differences(const Data& data, const identification::Posterior& result) {
    constexpr double step = 1e-5;
    for (std::size_t i = 0; i < data.grounding.mean.size(); ++i)
        for (const auto field : {&identification::Grounding::mean, &identification::Grounding::variance}) {
            identification::Grounding above = data.grounding, below = data.grounding;
            (above.*field)[i] += step;
            (below.*field)[i] -= step;
            const double slope = (identification::posterior(data.table, above, data.question()).loss -
                                  identification::posterior(data.table, below, data.question()).loss) /
                                 (2 * step);
            EXPECT_NEAR((result.gradient.*field)[i], slope, 1e-7 * (1 + std::abs(slope)));
        }
}

TEST(Posterior, HasTheGradientOfFiniteDifferences) {
    const Uncertain data;
    const identification::Posterior result =
        identification::posterior(data.table, data.grounding, data.question());
    expect_gradient_of_finite_differences(data, result);
}

TEST(Posterior, OfTheTrainingStepAgreesWithThePlainOne) {
    const Uncertain data;
    auto engine = make_engine({.statistics = {{0.0}, {1.0}}, .pool = data.table, .sigma = data.sigma});
    if (!engine) GTEST_SKIP() << base::render(engine.error());
    const identification::Posterior expected =
        identification::posterior(data.table, data.grounding, data.question());
    identification::Grounding gradient;
    const auto report = (*engine)->posterior_gradient(data.grounding, data.batch, 0.2, gradient);
    ASSERT_TRUE(report);
    EXPECT_NEAR(report->loss, expected.loss, 1e-9);
    for (std::size_t i = 0; i < gradient.mean.size(); ++i) {
        EXPECT_NEAR(gradient.mean[i], expected.gradient.mean[i], 1e-9);
        EXPECT_NEAR(gradient.variance[i], expected.gradient.variance[i], 1e-9);
    }

    const Golden stored = golden();
    auto golden_engine =
        make_engine({.statistics = {{0.0}, {1.0}}, .pool = data.table, .sigma = stored.sigma});
    identification::Grounding golden_gradient;
    const auto golden_report =
        (*golden_engine)
            ->posterior_gradient(stored.grounding, stored.batch, stored.temperature, golden_gradient);
    EXPECT_NEAR(golden_report->loss, stored.loss, 1e-9);
    for (std::size_t i = 0; i < stored.gradient.size(); ++i)
        EXPECT_NEAR(golden_gradient.mean[i], stored.gradient[i], 1e-9);
}

TEST(Posterior, OfTasksWithRowsOfTheirOwnHasTheGradientOfFiniteDifferences) {
    const OwnRows data;
    const identification::Posterior result =
        identification::posterior(data.table, data.grounding, data.question());
    ASSERT_EQ(result.errors.size(), 3 * data.table.formulas);
    expect_gradient_of_finite_differences(data, result);
}

TEST(Posterior, OfTasksWithRowsOfTheirOwnIsThatOfSharedRowsWhereTheyAreTheSame) {
    Uncertain data;
    const identification::Posterior shared =
        identification::posterior(data.table, data.grounding, data.question());
    const std::vector<std::uint32_t> once = data.batch.rows_of_images;
    for (int copy = 0; copy < 2; ++copy)
        data.batch.rows_of_images.insert(data.batch.rows_of_images.end(), once.begin(), once.end());
    const identification::Posterior own =
        identification::posterior(data.table, data.grounding, data.question());
    EXPECT_NEAR(own.loss, shared.loss, 1e-12);
    EXPECT_EQ(own.errors, shared.errors);
    for (std::size_t i = 0; i < data.grounding.mean.size(); ++i)
        EXPECT_NEAR(own.gradient.mean[i], shared.gradient.mean[i], 1e-10);
}

TEST(Posterior, OfTasksWithRowsOfTheirOwnAgreesInTheTrainingStep) {
    const OwnRows data;
    auto engine = make_engine({.statistics = {{0.0}, {1.0}},
                               .pool = data.table,
                               .sigma = data.sigma_of_all,
                               .private_images = true});
    if (!engine) GTEST_SKIP() << base::render(engine.error());
    const identification::Posterior expected =
        identification::posterior(data.table, data.grounding, data.question());
    identification::Grounding gradient;
    const auto report = (*engine)->posterior_gradient(data.grounding, data.batch, 0.2, gradient);
    ASSERT_TRUE(report) << base::render(report.error());
    EXPECT_NEAR(report->loss, expected.loss, 1e-9);
    for (std::size_t i = 0; i < gradient.mean.size(); ++i) {
        EXPECT_NEAR(gradient.mean[i], expected.gradient.mean[i], 1e-9);
        EXPECT_NEAR(gradient.variance[i], expected.gradient.variance[i], 1e-9);
    }
}

TEST(Moments, AreThoseOfSamples) {
    constexpr double mean = 0.6, variance = 0.05;
    const std::vector<double> moments = identification::normal_moments(mean, variance, 4);
    base::RandomStream random(2, base::Purpose::test);
    std::vector<double> sums(5);
    constexpr int samples = 200'000;
    for (int i = 0; i < samples; ++i) {
        const double s = mean + std::sqrt(variance) * random.normal();
        for (int k = 0; k <= 4; ++k) sums[static_cast<std::size_t>(k)] += std::pow(s, k) / samples;
    }
    for (std::size_t k = 0; k <= 4; ++k) EXPECT_NEAR(moments[k], sums[k], 0.005) << k;
}

TEST(Moments, GiveTheExpectationOfEveryFormula) {
    const formula::Pool all = pool();
    const Uncertain data;
    const std::vector<double> expected =
        identification::expected_values(data.table, data.grounding, data.batch.rows_of_images);
    base::RandomStream random(3, base::Purpose::test);
    constexpr int samples = 20'000;
    for (const std::size_t f : {std::size_t{0}, std::size_t{100}, std::size_t{500}, std::size_t{1100}}) {
        double mean = 0, squares = 0;
        for (int i = 0; i < samples; ++i) {
            std::vector<double> symbols;
            for (std::size_t v = 0; v < 3; ++v) {
                const std::uint32_t image = data.batch.rows_of_images[v];
                symbols.push_back(data.grounding.mean[image] +
                                  std::sqrt(data.grounding.variance[image]) * random.normal());
            }
            const double value = formula::evaluate(all.formulas[f], symbols);
            mean += value / samples;
            squares += value * value / samples;
        }
        const double error = std::sqrt((squares - mean * mean) / samples);
        EXPECT_NEAR(expected[f * 10], mean, 5 * error) << f;
    }
}

} // namespace
} // namespace ropewalk::perception
