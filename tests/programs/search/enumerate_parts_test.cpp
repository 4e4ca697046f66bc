// The parts that enumeration is made of: units of candidates, near misses, growing banks, one unit run.
#include <set>

#include <gtest/gtest.h>

#include "ropewalk/programs/search/growing_banks.hpp"
#include "ropewalk/programs/search/near_misses.hpp"
#include "ropewalk/programs/search/unit_runner.hpp"
#include "ropewalk/programs/search/units.hpp"

namespace ropewalk::search {
namespace {

/// A bank with so many fillings of each cost 1, 2, ...
HoleBank bank_of(const std::vector<std::size_t>& counts) {
    HoleBank bank;
    std::size_t begin = 0;
    for (std::size_t c = 0; c < counts.size(); ++c) {
        bank.levels.push_back({static_cast<int>(c) + 1, begin, begin + counts[c]});
        begin += counts[c];
    }
    for (std::size_t i = 0; i < begin; ++i)
        bank.expressions.push_back({.number = static_cast<int>(i)});
    return bank;
}

std::uint64_t size_of(const std::vector<Unit>& units) {
    std::uint64_t size = 0;
    for (const Unit& unit : units) size += unit.end - unit.begin;
    return size;
}

TEST(Units, HaveAsManyCandidatesAsThereAreWaysToShareACost) {
    const HoleBank narrow = bank_of({1, 2}), wide = bank_of({3, 0, 400});
    const std::vector<const HoleBank*> banks{&narrow, &wide, &wide};
    for (int cost = -1; cost < 10; ++cost) {
        std::vector<Unit> units;
        add_units(banks, cost, {.sketch = 4, .cost = cost + 5, .before = 7}, units);
        EXPECT_EQ(size_of(units), count_fillings(banks, cost)) << cost;
        std::uint64_t before = 7;
        for (const Unit& unit : units) {
            EXPECT_EQ(unit.sketch, 4u);
            EXPECT_LE(unit.end - unit.begin, unit_size);
            EXPECT_EQ(unit.before + unit.begin, before) << "numbers run on from unit to unit";
            before += unit.end - unit.begin;
        }
    }
    EXPECT_EQ(count_fillings(banks, 8), 2u * 400 * 400) << "more than two units";
}

TEST(Units, FillHolesInEveryWayOnce) {
    const HoleBank first = bank_of({2, 3}), second = bank_of({1, 4});
    const std::vector<const HoleBank*> banks{&first, &second};
    std::vector<Unit> units;
    add_units(banks, 3, {}, units);
    std::set<std::vector<int>> seen;
    for (const Unit& unit : units)
        for (std::uint64_t index = unit.begin; index < unit.end; ++index) {
            const auto fillings = fillings_of(banks, unit, index);
            ASSERT_EQ(fillings.size(), 2u);
            EXPECT_TRUE(seen.insert({fillings[0].number, fillings[1].number}).second);
        }
    EXPECT_EQ(seen.size(), 2u * 4 + 3 * 1);
}

Miss miss_of(std::uint64_t behaviour, int right) {
    return {.right = right, .whole_cells = 0, .behaviour = behaviour, .index = behaviour};
}

TEST(NearMissesKept, AreOnePerBehaviourAndBestFirst) {
    NearMisses misses;
    misses.keep(miss_of(1, 5), {.sketch = 0, .cost = 9}, 5);
    misses.keep(miss_of(2, 8), {.sketch = 1, .cost = 9}, 8);
    misses.keep(miss_of(1, 5), {.sketch = 2, .cost = 1}, 5);
    misses.keep(miss_of(3, 8), {.sketch = 2, .cost = 4}, 8);
    const auto best = misses.best(8);
    ASSERT_EQ(best.size(), 3u);
    EXPECT_EQ(best[0].miss.behaviour, 3u) << "the cheaper of two that are as good";
    EXPECT_EQ(best[1].miss.behaviour, 2u);
    EXPECT_EQ(best[2].unit.sketch, 0u) << "the first of a behaviour";
}

TEST(NearMissesKept, LeaveThreeQuartersOfThePlacesToOtherSketches) {
    NearMisses misses;
    for (std::uint64_t b = 0; b < 20; ++b) misses.keep(miss_of(b, 50), {.sketch = 0}, 50);
    EXPECT_EQ(misses.best(8).size(), 2u);
    EXPECT_EQ(misses.bar(8), -1) << "places are free";
    for (std::uint64_t b = 0; b < 6; ++b) misses.keep(miss_of(100 + b, 3), {.sketch = 1 + b}, 3);
    EXPECT_EQ(misses.best(8).size(), 8u);
    EXPECT_EQ(misses.bar(8), 3);
}

TEST(NearMissesKept, OfManyAreTheBest) {
    NearMisses misses;
    for (std::uint64_t b = 0; b < 2000; ++b)
        misses.keep(miss_of(b, static_cast<int>(b % 97)), {.sketch = b}, static_cast<int>(b % 97));
    const auto best = misses.best(5);
    ASSERT_EQ(best.size(), 5u);
    for (const auto& each : best) EXPECT_EQ(each.merit, 96);
}

TEST(GrowingBanksOfSketches, GrowWithoutMovingWhatTheyHold) {
    const auto sketch = parse_sketch("test", "M[0] = ?value.a(M[1])");
    ASSERT_TRUE(sketch) << base::render(sketch.error());
    const std::vector<machine::Example> examples{{.memory = {1, 2, 3, 4}, .expected_memory = {0, 0, 0, 0}}};
    GrowingBanks banks({.machine = {.base = 8, .cells = 4}}, examples);
    const auto first = banks.banks_of(*sketch);
    ASSERT_EQ(first.size(), 1u);
    const std::vector<int> costs = first[0]->costs;
    const std::size_t bytes = banks.bytes();
    banks.prepare(*sketch, 0, 7);
    EXPECT_EQ(banks.banks_of(*sketch), first);
    EXPECT_GT(first[0]->size(), costs.size());
    EXPECT_GT(banks.bytes(), bytes);
    EXPECT_TRUE(std::equal(costs.begin(), costs.end(), first[0]->costs.begin()));
    const std::size_t size = first[0]->size();
    banks.prepare(*sketch, 0, 7);
    EXPECT_EQ(first[0]->size(), size) << "it holds all that was asked for";
}

TEST(AUnitThatIsRun, TellsRightProgramsFromNearMisses) {
    const auto sketch = parse_sketch("test", "M[0] = ?value.a(M[2])\nM[1] = ?value.b(M[3])");
    ASSERT_TRUE(sketch) << base::render(sketch.error());
    const language::Machine machine{.base = 8, .cells = 4};
    const std::vector<machine::Example> examples{{.memory = {7, 7, 3, 4}, .expected_memory = {1, 2}},
                                                 {.memory = {6, 5, 0, 0}, .expected_memory = {1, 2}}};
    GrowingBanks banks({.machine = machine}, examples);
    const auto code = translate(*sketch, machine);
    ASSERT_TRUE(code);
    const auto of_sketch = banks.banks_of(*sketch);
    const PackedExamples packed(machine, examples);
    const Untouched untouched = untouched_by(packed);
    EXPECT_EQ(untouched.total, 0);
    std::uint64_t candidates = 0, fillings = 0, right = 0;
    for (int cost = 2; cost <= 6; ++cost) {
        fillings += count_fillings(of_sketch, cost);
        std::vector<Unit> units;
        add_units(of_sketch, cost, {}, units);
        for (const Unit& unit : units) {
            const Outcome outcome = UnitRunner(*code, of_sketch, unit, packed, untouched, 0).run({});
            candidates += outcome.candidates;
            right += outcome.right.size();
            for (const Miss& miss : outcome.misses) {
                EXPECT_GT(miss.right, 0) << "more than the bar";
                EXPECT_LT(miss.right, packed.scored_in_ranking());
                EXPECT_LE(miss.whole_cells, 1);
            }
        }
    }
    EXPECT_EQ(candidates, fillings);
    EXPECT_GE(right, 1u) << "M[0] = 1 and M[1] = 2 among them";
}

} // namespace
} // namespace ropewalk::search
