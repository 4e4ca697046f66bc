// Random numbers: the published generator, streams that do not touch, unbiased bounded draws.
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/random_order.hpp"

namespace ropewalk::base {
namespace {

using Block = std::array<std::uint32_t, 4>;

Block philox(const Block& counter, const std::array<std::uint32_t, 2>& key) {
    const auto block =
        r123::Philox4x32()({{counter[0], counter[1], counter[2], counter[3]}}, {{key[0], key[1]}});
    return {block[0], block[1], block[2], block[3]};
}

TEST(Philox, GivesTheKnownAnswersOfRandom123) {
    EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
    EXPECT_EQ(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
              (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
    EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
              (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(RandomStream, StartsWithTheKnownAnswerForSeedPurposeAndIndexZero) {
    RandomStream stream(0, Purpose::test);
    for (const std::uint32_t expected : {0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u})
        EXPECT_EQ(stream(), expected);
}

TEST(RandomStream, CountsBlocksInTheFirstWordAndKeepsSeedPurposeAndIndexApart) {
    const std::uint64_t seed = 0x0123456789abcdef, index = 0xfedcba9876543210;
    RandomStream stream(seed, Purpose::minibatch, index);
    for (std::uint32_t block = 0; block < 5; ++block)
        for (const std::uint32_t expected :
             philox({block, static_cast<std::uint32_t>(Purpose::minibatch), 0x76543210, 0xfedcba98},
                    {0x89abcdef, 0x01234567}))
            EXPECT_EQ(stream(), expected);
}

TEST(RandomStream, PurposesAreNumberedForGood) {
    EXPECT_EQ(static_cast<int>(Purpose::test), 0);
    EXPECT_EQ(static_cast<int>(Purpose::compile_noise), 1);
    EXPECT_EQ(static_cast<int>(Purpose::random_program), 2);
    EXPECT_EQ(static_cast<int>(Purpose::training_examples), 3);
    EXPECT_EQ(static_cast<int>(Purpose::held_out_examples), 4);
    EXPECT_EQ(static_cast<int>(Purpose::minibatch), 5);
    EXPECT_EQ(static_cast<int>(Purpose::certificate_inputs), 6);
}

TEST(RandomNumbers, EveryChoiceAndOrderIsAsLikely) {
    constexpr int draws = 6000;
    std::map<std::vector<std::size_t>, int> seen;
    for (std::uint64_t index = 0; index < draws; ++index) {
        RandomStream stream(1, Purpose::test, index);
        ++seen[random_numbers(2, 4, stream)];
    }
    ASSERT_EQ(seen.size(), 12u);
    // 500 of each are expected; five standard deviations are 107.
    for (const auto& [numbers, count] : seen) EXPECT_NEAR(count, draws / 12, 107) << numbers[0] << numbers[1];
}

TEST(RandomNumbers, DependOnTheStreamAlone) {
    RandomStream one(7, Purpose::test), same(7, Purpose::test), other(8, Purpose::test);
    const auto numbers = random_numbers(50, 50, one);
    EXPECT_EQ(numbers, random_numbers(50, 50, same));
    EXPECT_NE(numbers, random_numbers(50, 50, other));
    EXPECT_TRUE(random_numbers(0, 0, one).empty());
}

TEST(RandomStream, NeighbouringStreamsShareNoNumbersAndDoNotCorrelate) {
    constexpr int length = 4000;
    std::vector<std::vector<double>> streams;
    std::multiset<std::uint64_t> pairs;
    for (const std::uint64_t seed : {0, 1})
        for (const auto purpose : {Purpose::test, Purpose::minibatch})
            for (const std::uint64_t index : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 32}) {
                RandomStream random(seed, purpose, index);
                std::vector<double> values;
                for (int i = 0; i < length; ++i) {
                    const std::uint64_t high = random(), low = random();
                    pairs.insert(high << 32 | low);
                    values.push_back(static_cast<double>(high) * 0x1p-32 - 0.5);
                }
                streams.push_back(std::move(values));
            }
    EXPECT_EQ(std::set<std::uint64_t>(pairs.begin(), pairs.end()).size(), pairs.size());
    for (std::size_t a = 0; a < streams.size(); ++a)
        for (std::size_t b = a + 1; b < streams.size(); ++b) {
            double sum = 0;
            for (std::size_t i = 0; i < length; ++i) sum += streams[a][i] * streams[b][i];
            // The product of two uniforms on [-1/2, 1/2) has standard deviation 1/12; five of them, fixed
            // seed.
            EXPECT_LT(std::abs(sum) * 12, 5 * std::sqrt(double{length})) << a << " and " << b;
        }
}

/// Chi-square statistic of `draws` values of below(bound) against the uniform distribution.
double chi_square(std::uint32_t bound, int draws, std::uint64_t seed) {
    RandomStream random(seed, Purpose::test);
    std::vector<int> count(bound, 0);
    for (int i = 0; i < draws; ++i) ++count.at(random.below(bound));
    const double expected = static_cast<double>(draws) / bound;
    double sum = 0;
    for (const int found : count) sum += (found - expected) * (found - expected) / expected;
    return sum;
}

TEST(RandomStream, BelowIsUniform) {
    for (const std::uint32_t bound : {2u, 3u, 5u, 7u, 10u, 13u, 100u, 255u, 256u}) {
        const double freedom = bound - 1;
        EXPECT_LT(chi_square(bound, 200'000, bound), freedom + 4 * std::sqrt(2 * freedom)) << bound;
    }
}

TEST(RandomStream, BelowHasNoBiasForBoundsThatDoNotDivideTheRange) {
    // With bound 3 * 2^30, plain multiplication would give a third of the values twice the weight of the
    // others.
    constexpr std::uint32_t bound = 3u << 30;
    RandomStream random(11, Purpose::test);
    std::array<int, 3> residues{};
    constexpr int draws = 90'000;
    for (int i = 0; i < draws; ++i) {
        const std::uint32_t value = random.below(bound);
        ASSERT_LT(value, bound);
        ++residues[value % 3];
    }
    for (const int count : residues) EXPECT_NEAR(count, draws / 3, 600);
}

TEST(RandomStream, BoundsAreRespectedAtTheEnds) {
    RandomStream random(1, Purpose::test);
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(random.below(1), 0u);
        EXPECT_LT(random.below(0xffffffffu), 0xffffffffu);
        EXPECT_EQ(random.below64(1), 0u);
        EXPECT_LT(random.below64(0xffffffffffffffffull), 0xffffffffffffffffull);
        const double u = random.uniform();
        EXPECT_TRUE(u >= 0 && u < 1);
    }
}

} // namespace
} // namespace ropewalk::base
