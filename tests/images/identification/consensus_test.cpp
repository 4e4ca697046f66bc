// Consensus: from a few right formulas among wrong ones to the formulas of all tasks.
#include <cmath>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/images/identification/identification.hpp"

namespace ropewalk::identification {
namespace {

/// Tasks drawn from the pool with exact outputs, and a grounder that is hardly trained.
struct Scene {
    MonomialTable table;
    std::vector<std::size_t> truth;
    std::vector<double> sigma, y, gold, symbols;
    static constexpr std::size_t rows = 96;

    explicit Scene(std::size_t tasks, std::uint64_t seed = 11) {
        const auto pool = formula::formula_pool({.variables = 3, .operators = 3, .with_zero = false});
        table = *monomial_table(pool->formulas);
        base::RandomStream random(seed, base::Purpose::test);
        const auto below = [&](std::size_t limit) { return random.below(static_cast<std::uint32_t>(limit)); };
        for (std::size_t i = 0; i < rows * 3; ++i) {
            gold.push_back(0.1 * (1 + below(10)));
            // Shrunk to the middle, and of little certainty.
            symbols.push_back(0.55 + 0.2 * (gold.back() - 0.55) + 0.1 * (below(1000) / 500.0 - 1));
        }
        for (std::size_t t = 0; t < tasks; ++t) truth.push_back(below(table.formulas));
        const std::vector<double> all = values(gold);
        for (const std::size_t formula : truth)
            y.insert(y.end(), all.begin() + static_cast<std::ptrdiff_t>(formula * rows),
                     all.begin() + static_cast<std::ptrdiff_t>((formula + 1) * rows));
        for (std::size_t t = 0; t < tasks; ++t) sigma.push_back(deviation({y.data() + t * rows, rows}));
    }

    std::vector<double> values(const std::vector<double>& symbols_of_rows) const {
        std::vector<std::uint32_t> each(symbols_of_rows.size());
        for (std::size_t i = 0; i < each.size(); ++i) each[i] = static_cast<std::uint32_t>(i);
        return expected_values(table, {symbols_of_rows, std::vector<double>(each.size())}, each);
    }

    static double deviation(std::span<const double> values) {
        double mean = 0, squares = 0;
        for (const double value : values) mean += value / static_cast<double>(values.size());
        for (const double value : values)
            squares += (value - mean) * (value - mean) / static_cast<double>(values.size());
        return std::sqrt(squares);
    }

    /// The true formulas with such a share replaced by any others; right ones do not lead by more.
    std::vector<Decision> decisions(double wrong) const {
        base::RandomStream random(5, base::Purpose::test, 1);
        std::vector<Decision> decisions;
        for (const std::size_t formula : truth) {
            Decision& decision = decisions.emplace_back(Decision{.formula = formula});
            decision.margin = random.below(1000) / 1000.0;
            if (random.below(1000) < 1000 * wrong)
                decision.formula = random.below(static_cast<std::uint32_t>(table.formulas));
        }
        return decisions;
    }

    std::optional<Consensus> consensus(const std::vector<Decision>& present) const {
        return find_consensus(table, present, sigma, {y, symbols}, 1);
    }
};

TEST(Consensus, FindsEveryFormulaWhenHalfOfThemAreWrong) {
    const Scene scene(200);
    const auto consensus = scene.consensus(scene.decisions(0.5));
    ASSERT_TRUE(consensus);
    EXPECT_EQ(consensus->agreeing, 200u);
    EXPECT_LT(consensus->residual, 1e-6);
    EXPECT_EQ(formulas_of(consensus->decisions), scene.truth);
    for (const Decision& decision : consensus->decisions) EXPECT_GT(decision.margin, 1e-6);
}

TEST(Consensus, IsNoneWhereAllFormulasAreWrong) {
    const Scene scene(200);
    EXPECT_FALSE(scene.consensus(scene.decisions(1)));
}

TEST(Consensus, IsNoneWhereOutputsAreNotExact) {
    Scene scene(100);
    base::RandomStream random(2, base::Purpose::test);
    for (double& output : scene.y) output += 0.01 * (random.below(1000) / 500.0 - 1);
    EXPECT_FALSE(scene.consensus(scene.decisions(0)));
}

TEST(Consensus, IsNoneWithFewerTasksThanItTakes) {
    const Scene scene(3);
    EXPECT_FALSE(scene.consensus(scene.decisions(0)));
}

TEST(Consensus, OfFiveTasksFindsTheOneThatIsWrongWhereTheOthersPinDownAllSymbols) {
    std::size_t found = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const Scene scene(5, seed);
        for (std::size_t t = 0; t < 5; ++t) {
            std::vector<Decision> present = scene.decisions(0);
            present[t].formula = (present[t].formula + 1) % scene.table.formulas;
            const auto consensus = scene.consensus(present);
            if (!consensus) continue;
            ++found;
            EXPECT_EQ(formulas_of(consensus->decisions), scene.truth);
        }
        EXPECT_FALSE(scene.consensus(scene.decisions(1)));
    }
    EXPECT_GE(found, 15u);
}

TEST(Consensus, KeepsTasksOutsideThePoolFromDecidingAnything) {
    Scene scene(100);
    // Three tasks with outputs that no formula has, and a present formula for each all the same.
    for (std::size_t i = 0; i < 3 * Scene::rows; ++i)
        scene.y[i] = std::exp(scene.gold[i % (Scene::rows * 3)]);
    const auto consensus = scene.consensus(scene.decisions(0.3));
    ASSERT_TRUE(consensus);
    EXPECT_EQ(consensus->agreeing, 97u);
    for (std::size_t t = 3; t < 100; ++t) EXPECT_EQ(consensus->decisions[t].formula, scene.truth[t]);
}

/// The formula that has the same values under s -> -s, where the pool has it.
TEST(Consensus, RefusesTheMirrorImageOfAllSymbols) {
    const Scene scene(200);
    std::vector<double> negated = scene.gold;
    for (double& symbol : negated) symbol = -symbol;
    const std::vector<double> mirror = scene.values(negated);
    std::vector<Decision> decisions = scene.decisions(0);
    std::size_t mirrored = 0;
    for (std::size_t t = 0; t < decisions.size(); ++t)
        for (std::size_t f = 0; f < scene.table.formulas; ++f) {
            bool same = true;
            for (std::size_t n = 0; n < Scene::rows && same; ++n)
                same = std::abs(mirror[f * Scene::rows + n] - scene.y[t * Scene::rows + n]) < 1e-9;
            if (!same) continue;
            decisions[t].formula = f;
            decisions[t].margin = 2;
            ++mirrored;
        }
    ASSERT_GT(mirrored, 120u);
    ASSERT_LT(mirrored, 190u);
    Scene looking_away = scene;
    for (double& symbol : looking_away.symbols) symbol = -symbol;
    EXPECT_FALSE(looking_away.consensus(decisions));
}

} // namespace
} // namespace ropewalk::identification
