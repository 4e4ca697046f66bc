// An enumeration whose units are run by others comes to the same result.
#include <algorithm>
#include <optional>

#include <gtest/gtest.h>

#include "tests/programs/search/random_memory.hpp"

namespace ropewalk::search {
namespace {

/// Sends groups of units through text to a worker that it makes anew every other time.
struct OtherUnits {
    std::size_t groups = 0;

    UnitsElsewhere elsewhere() {
        return [this](const UnitsProblem& problem, std::span<const Unit> units) {
            std::vector<Outcome> outcomes;
            std::optional<UnitWorker> worker;
            for (const auto& group : groups_of(units, 100'000)) {
                if (groups++ % 2 == 0 || !worker) worker.emplace(*UnitWorker::make(to_json(problem)));
                auto answer = parse_outcomes(*worker->run(to_json(group), 2, {}));
                std::move(answer->begin(), answer->end(), std::back_inserter(outcomes));
            }
            return outcomes;
        };
    }
};

/// One that a counterexample refutes on the way, so that examples grow.
SearchResult reversed(const SearchOptions& options) {
    constexpr language::Machine machine{8, 6};
    const Specification specification = specification_by(machine, 3, [](std::vector<int> memory) {
        std::reverse(memory.begin(), memory.end());
        for (int& value : memory) value = (value + 3) % 8;
        return memory;
    });
    return *enumerate(specification, options);
}

TEST(UnitsElsewhere, ComeToTheSameResult) {
    SearchOptions alone{.run = {.threads = 1}, .programs = 3'000'000};
    const SearchResult expected = reversed(alone);
    OtherUnits others;
    SearchOptions shared = alone;
    shared.elsewhere = others.elsewhere();
    const SearchResult result = reversed(shared);
    EXPECT_GT(others.groups, 2u);
    EXPECT_EQ(result.candidates, expected.candidates);
    EXPECT_EQ(result.stop_reason, expected.stop_reason);
    EXPECT_EQ(result.cost, expected.cost);
    ASSERT_EQ(result.solution.has_value(), expected.solution.has_value());
    if (result.solution) {
        EXPECT_EQ(result.solution->program, expected.solution->program);
    }
    ASSERT_EQ(result.near_misses.size(), expected.near_misses.size());
    for (std::size_t i = 0; i < result.near_misses.size(); ++i)
        EXPECT_EQ(result.near_misses[i].program, expected.near_misses[i].program);
    ASSERT_EQ(result.first_parts.size(), expected.first_parts.size());
    for (std::size_t i = 0; i < result.first_parts.size(); ++i)
        EXPECT_EQ(result.first_parts[i].program, expected.first_parts[i].program);
}

TEST(UnitsElsewhere, OfSketchesThatOthersDoNotKnowAreRunHere) {
    OtherUnits others;
    SearchOptions options{.run = {.threads = 1}, .programs = 1'000'000};
    options.sketches.pop_back();
    options.elsewhere = others.elsewhere();
    reversed(options);
    EXPECT_EQ(others.groups, 0u);
}

TEST(UnitsElsewhere, AreGroupedInTheirOrder) {
    std::vector<Unit> units(5);
    for (std::size_t u = 0; u < units.size(); ++u) units[u].end = 10 * (u + 1);
    const auto groups = groups_of(units, 25);
    ASSERT_EQ(groups.size(), 4u);
    EXPECT_EQ(groups[0].size(), 2u);
    EXPECT_EQ(groups[1].data(), &units[2]);
    EXPECT_TRUE(groups_of({}, 25).empty());
}

TEST(UnitsElsewhere, ThatAreNoneAreRefused) {
    const std::string problem = R"({"base":8,"cells":2,"bar":0,"examples":[[[1,2],[2,3]]]})";
    ASSERT_TRUE(UnitWorker::make(problem));
    for (const char* bad : {"", "[]", "{}", R"({"base":99,"cells":2,"bar":0,"examples":[[[1,2],[2,3]]]})",
                            R"({"base":8,"cells":2,"bar":0,"examples":[[[1,9],[2,3]]]})", R"({"base":8,"cells":2,"bar":0,"examples":[]})"})
        EXPECT_FALSE(UnitWorker::make(bad)) << bad;
    for (const char* bad : {"", "{}", "[{}]", R"([{"sketch":9999,"cost":3,"begin":0,"end":1,"levels":[]}])",
                            R"([{"sketch":0,"cost":3,"begin":0,"end":1,"levels":[[1,0,99999999]]}])",
                            R"([{"sketch":0,"cost":-3,"begin":0,"end":1,"levels":[]}])"})
        EXPECT_FALSE(UnitWorker::make(problem)->run(bad, 1, {})) << bad;
    for (const char* bad : {"", "{}", "[{}]", R"([{"candidates":"x"}])"}) EXPECT_FALSE(parse_outcomes(bad)) << bad;
}

} // namespace
} // namespace ropewalk::search
