// A search whose pairs are scored by others comes to the same report.
#include <map>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/search/search.hpp"

namespace ropewalk::formula {
namespace {

/// Columns of which no small formula gives the target.
Problem noisy(int variables, std::size_t rows) {
    Problem problem;
    base::RandomStream random(7, base::Purpose::test);
    const auto column = [&] {
        std::vector<double> values(rows);
        for (double& value : values) value = 1 + random.uniform();
        return values;
    };
    for (int v = 0; v < variables; ++v) problem.inputs.push_back(column());
    problem.target = column();
    return problem;
}

SearchOptions options(int operators, bool constants) {
    SearchOptions options;
    options.run = {.threads = 1};
    options.most_operators = operators;
    options.constants = constants;
    options.memory = std::size_t{1} << 18; // few levels are stored, so that pairs are many
    options.slice_scores = 1 << 11;
    return options;
}

/// Sends slices through text to workers, each in turn, the last slice first.
struct Others {
    std::size_t slices = 0, calls = 0;
    std::size_t most = ~std::size_t{0}; ///< slices of a call that are answered
    std::map<int, ScanWorker> workers;

    ScanElsewhere elsewhere(int count) {
        return [this, count](const ScanProblem& problem, const std::vector<ScanSlice>& sent) {
            ++calls;
            std::vector<ScanFound> found(std::min(most, sent.size()));
            for (std::size_t s = found.size(); s-- > 0;) {
                const int which = static_cast<int>(slices++) % count;
                if (!workers.contains(which)) workers.emplace(which, *ScanWorker::make(to_json(problem)));
                found[s] = *parse_scan_found(*workers.at(which).scan(to_json(sent[s]), 1, {}));
            }
            return found;
        };
    }
};

void expect_same(const FormulaReport& a, const FormulaReport& b) {
    ASSERT_EQ(a.front.size(), b.front.size());
    for (std::size_t i = 0; i < a.front.size(); ++i) {
        EXPECT_EQ(a.front[i].program, b.front[i].program);
        EXPECT_EQ(a.front[i].fit.rmse, b.front[i].fit.rmse);
    }
    EXPECT_EQ(a.candidates, b.candidates);
    EXPECT_EQ(a.completed_operators, b.completed_operators);
    EXPECT_EQ(a.stop_reason, b.stop_reason);
}

TEST(ScanUnits, ComeToTheSameReportAtAnyNumberOfWorkers) {
    for (const bool constants : {false, true}) {
        const Problem problem = noisy(3, 24);
        const SearchOptions alone = options(constants ? 3 : 5, constants);
        const auto expected = search_formulas(problem, alone);
        ASSERT_TRUE(expected);
        for (const int count : {1, 2, 5}) {
            Others others;
            SearchOptions shared = alone;
            shared.elsewhere = others.elsewhere(count);
            const auto report = search_formulas(problem, shared);
            ASSERT_TRUE(report);
            EXPECT_GT(others.slices, 3u);
            expect_same(*report, *expected);
        }
    }
}

TEST(ScanUnits, OfFewPairsAreScoredHere) {
    Others others;
    SearchOptions shared = options(3, false);
    shared.slice_scores = std::uint64_t{1} << 40;
    shared.elsewhere = others.elsewhere(1);
    ASSERT_TRUE(search_formulas(noisy(3, 24), shared));
    EXPECT_EQ(others.calls, 0u);
}

TEST(ScanUnits, HoldUnitsOfMeasurement) {
    Problem problem = noisy(3, 24);
    for (const char* unit : {"m", "m", "s"}) problem.units.push_back(*parse_unit(unit));
    problem.target_unit = *parse_unit("m/s");
    const SearchOptions alone = options(7, false);
    Others others;
    SearchOptions shared = alone;
    shared.slice_scores = 1 << 6;
    shared.elsewhere = others.elsewhere(2);
    const auto expected = search_formulas(problem, alone), report = search_formulas(problem, shared);
    ASSERT_TRUE(expected && report);
    EXPECT_GT(others.slices, 0u);
    expect_same(*report, *expected);
}

TEST(ScanUnits, ThatAreNoneAreRefused) {
    for (const char* bad : {"", "{}", "[]", R"({"variables": 2})"}) EXPECT_FALSE(ScanWorker::make(bad)) << bad;
    const std::string problem =
        R"({"variables":1,"constants":[],"operators":["add"],"units":[],"target_unit":null,"leaves":[[1.0]],"target":[2.0]})";
    ASSERT_TRUE(ScanWorker::make(problem));
    for (const auto& [from, to] : {std::pair("\"add\"", "\"plus\""), {"[[1.0]]", "[[1.0, 2.0]]"}, {"[[1.0]]", "[]"}, {"\"variables\":1", "\"variables\":2"}}) {
        std::string bad = problem;
        bad.replace(bad.find(from), std::string(from).size(), to);
        EXPECT_FALSE(ScanWorker::make(bad)) << bad;
    }
    for (const char* bad : {"", "{}", R"({"levels":1,"smaller":0,"larger":1,"affine":false,"begin":0,"end":1,"bound":1.0})",
                            R"({"levels":1,"smaller":-1,"larger":0,"affine":false,"begin":0,"end":1,"bound":1.0})",
                            R"({"levels":1,"smaller":0,"larger":0,"affine":false,"begin":0,"end":9,"bound":1.0})"})
        EXPECT_FALSE(ScanWorker::make(problem)->scan(bad, 1, {})) << bad;
    for (const char* bad : {"", "{}", R"({"scored":1,"best":[[1.0]]})", R"({"scored":1,"best":[[1.0,"plus",1,2]]})"})
        EXPECT_FALSE(parse_scan_found(bad)) << bad;
}

} // namespace
} // namespace ropewalk::formula
