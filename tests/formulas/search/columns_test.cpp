// Fast column arithmetic against the plain versions, on every target this machine has.
#include "ropewalk/formulas/search/kernels/columns.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>

#include <gtest/gtest.h>

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/random.hpp"

namespace ropewalk::formula {
namespace {

/// Runs the body once for every target, then goes back to the best one.
void on_every_target(const std::function<void(const std::string&)>& body) {
    for (const std::string& target : column_targets()) {
        ASSERT_TRUE(force_column_target(target));
        body(target);
    }
    ASSERT_TRUE(force_column_target("auto"));
}

/// A double of any kind: special values, random bits, and ordinary numbers, a third each.
double any_double(base::RandomStream& random) {
    using limits = std::numeric_limits<double>;
    const double special[] = {0.0,
                              -0.0,
                              1.0,
                              -1.0,
                              limits::infinity(),
                              -limits::infinity(),
                              limits::quiet_NaN(),
                              limits::denorm_min(),
                              -limits::denorm_min(),
                              limits::min(),
                              limits::max(),
                              limits::lowest(),
                              0x1p-1060,
                              710,
                              -746,
                              1e308,
                              1e-308,
                              31000,
                              1e9};
    switch (random.below(3)) {
    case 0: return special[random.below(std::size(special))];
    case 1: return std::bit_cast<double>(std::uint64_t{random()} << 32 | random());
    default: return 20 * random.uniform() - 10;
    }
}

/// Same number, or both not a number, or as close as `units` in the last place.
bool agree(double found, double expected, double units, double absolute) {
    if (std::isnan(expected)) return std::isnan(found);
    if (found == expected) return true;
    if (!std::isfinite(expected) || !std::isfinite(found)) return false;
    return std::abs(found - expected) <= absolute + units * 0x1p-52 * std::abs(expected) + 4 * 0x1p-1074;
}

TEST(FormulaColumns, EveryOperatorAgreesWithTheScalarOneOnAnyDoubles) {
    on_every_target([](const std::string& target) {
        base::RandomStream random(1, base::Purpose::test);
        for (const OperatorInfo& each : operators()) {
            if (each.operation == Operator::constant) continue;
            const bool trigonometric = each.operation == Operator::sine || each.operation == Operator::cosine;
            const bool inexact = trigonometric || each.operation == Operator::exponential ||
                                 each.operation == Operator::logarithm;
            for (std::size_t rows = 0; rows < 200; ++rows) {
                std::vector<double> left(rows), right(rows), fast(rows), slow(rows);
                for (std::size_t n = 0; n < rows; ++n)
                    left[n] = any_double(random), right[n] = any_double(random);
                apply_column(each.operation, left.data(), right.data(), fast.data(), rows);
                plain::apply_column(each.operation, left.data(), right.data(), slow.data(), rows);
                for (std::size_t n = 0; n < rows; ++n)
                    ASSERT_TRUE(agree(fast[n], slow[n], inexact ? 4 : 0, trigonometric ? 1e-13 : 0))
                        << target << ": " << each.name << "(" << left[n] << ", " << right[n] << ") is "
                        << fast[n] << ", expected " << slow[n];
            }
        }
    });
}

TEST(FormulaColumns, ScoringABlockAgreesWithThePlainVersion) {
    on_every_target([](const std::string& target) {
        base::RandomStream random(2, base::Purpose::test);
        for (std::size_t rows = 2; rows < 70; rows += 1 + rows / 7)
            for (const OperatorInfo& each : operators()) {
                if (each.arity != 2) continue;
                for (const bool affine : {false, true})
                    for (const bool reversed : {false, true}) {
                        ScreeningTarget goal{std::vector<double>(rows), affine};
                        std::vector<double> block(rows * block_width), left(rows * left_group);
                        for (double& value : goal.y) value = random.normal();
                        for (double& value : block) value = random.normal() + 2;
                        for (double& value : left) value = random.normal() + 2;
                        const double* lefts[left_group];
                        for (std::size_t g = 0; g < left_group; ++g) lefts[g] = &left[g * rows];
                        const double open[left_group] = {1e300, 1e300, 1e300, 1e300};
                        std::vector<double> fast(left_group * block_width), slow(fast.size());
                        const bool any = score_block(goal, each.operation, reversed, lefts, block.data(),
                                                     open, fast.data());
                        plain::score_block(goal, each.operation, reversed, lefts, block.data(), open,
                                           slow.data());
                        EXPECT_EQ(any, std::any_of(slow.begin(), slow.end(),
                                                   [](double score) { return score <= 1e300; }));
                        // Of a column that is the same on all rows no factor is the best one.
                        for (std::size_t i = 0; i < fast.size(); ++i)
                            if (fast[i] != slow[i] && !(std::isnan(fast[i]) && std::isnan(slow[i]))) {
                                ASSERT_NEAR(fast[i], slow[i], 1e-9 * (1 + std::abs(slow[i])))
                                    << target << ": " << each.name << " rows " << rows << " affine "
                                    << affine;
                            }
                    }
            }
    });
}

TEST(FormulaColumns, ABoundNeverHidesACandidateThatMeetsIt) {
    base::RandomStream random(3, base::Purpose::test);
    for (int trial = 0; trial < 300; ++trial) {
        const std::size_t rows = 2 + random.below(60);
        ScreeningTarget goal{std::vector<double>(rows), trial % 2 == 0};
        std::vector<double> block(rows * block_width), left(rows * left_group);
        for (double& value : goal.y) value = random.normal();
        for (double& value : block) value = random.normal();
        for (double& value : left) value = random.normal();
        const double* lefts[left_group];
        for (std::size_t g = 0; g < left_group; ++g) lefts[g] = &left[g * rows];
        const double open[left_group] = {1e300, 1e300, 1e300, 1e300};
        std::vector<double> exact(left_group * block_width), bounded(exact.size());
        plain::score_block(goal, Operator::multiply, false, lefts, block.data(), open, exact.data());
        double bounds[left_group];
        for (double& bound : bounds) bound = static_cast<double>(rows) * random.uniform();
        const bool any =
            score_block(goal, Operator::multiply, false, lefts, block.data(), bounds, bounded.data());
        bool expected = false;
        for (std::size_t i = 0; i < exact.size(); ++i)
            if (exact[i] <= bounds[i / block_width]) {
                expected = true;
                EXPECT_NEAR(bounded[i], exact[i], 1e-9 * (1 + exact[i]));
            }
        EXPECT_TRUE(any || !expected);
    }
}

TEST(FormulaColumns, ScoringTargetsAgreesWithThePlainVersionAtAwkwardSizes) {
    on_every_target([](const std::string& target) {
        base::RandomStream random(4, base::Purpose::test);
        for (const std::size_t formulas : {1u, 7u, 15u, 16u, 17u, 33u, 100u})
            for (const std::size_t count : {1u, 5u, 6u, 7u, 13u})
                for (const std::size_t rows : {1u, 3u, 64u}) {
                    const std::size_t stride = (formulas + 15) / 16 * 16;
                    std::vector<float> values(stride * rows), targets(count * rows),
                        fast(count * formulas, -1), slow(fast.size());
                    for (float& value : values) value = static_cast<float>(random.normal());
                    for (float& value : targets) value = static_cast<float>(random.normal());
                    score_targets(values.data(), formulas, targets.data(), count, rows, fast.data());
                    plain::score_targets(values.data(), formulas, targets.data(), count, rows, slow.data());
                    for (std::size_t i = 0; i < fast.size(); ++i)
                        ASSERT_NEAR(fast[i], slow[i], 1e-5f * (1 + slow[i])) << target;
                }
    });
}

} // namespace
} // namespace ropewalk::formula
