// From tasks to certified programs.
#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/induction/induction.hpp"

namespace ropewalk::induction {
namespace {

tasks::Task task(const char* name) { return *tasks::find_task(name); }

/// What was found is what it says: a certified program, its source and weights that hold it.
void expect_whole(const Induced& result, const tasks::Task& task) {
    ASSERT_TRUE(result.program) << task.name;
    EXPECT_EQ(result.stop_reason, base::StopReason::found);
    ASSERT_TRUE(result.certificate);
    EXPECT_TRUE(result.certificate->holds);
    EXPECT_TRUE(tuning::certify(*result.program, task, {.seed = 99}).holds);
    EXPECT_FALSE(result.found_by.empty());
    ASSERT_TRUE(result.weights);
    ASSERT_FALSE(result.record.empty());
    EXPECT_TRUE(result.record.back().found);
}

class Catalogue : public testing::TestWithParam<tasks::Task> {};

TEST_P(Catalogue, IsInduced) {
    const auto result = induce(GetParam(), {.run = {.threads = 2, .seconds = 60}});
    ASSERT_TRUE(result) << base::render(result.error());
    expect_whole(*result, GetParam());
    ASSERT_TRUE(result->source);
    const auto again = realised(*result->source, GetParam(), specification_of(GetParam(), 24, 0)->examples);
    ASSERT_TRUE(again);
    EXPECT_TRUE(tuning::certify(*tuning::fit_to_task(*again, GetParam()), GetParam()).holds);
}

INSTANTIATE_TEST_SUITE_P(Every, Catalogue, testing::ValuesIn(tasks::catalogue()), [](const auto& each) {
    std::string name = each.param.name;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
});

TEST(Induce, GivesTheSameAtAnyNumberOfThreads) {
    const auto run = [](const tasks::Task& task, std::uint64_t programs, int threads) {
        return induce(task, {.run = {.seed = 3, .threads = threads, .seconds = 0},
                             .programs = programs,
                             .restarts = 4,
                             .iterations = 10})
            .value();
    };
    for (const auto& [name, programs] :
         {std::pair("map-inc", std::uint64_t{1'000'000}), std::pair("sort", std::uint64_t{150'000})}) {
        const Induced one = run(task(name), programs, 1), two = run(task(name), programs, 2);
        EXPECT_EQ(one.program, two.program) << name;
        EXPECT_EQ(one.source, two.source);
        EXPECT_EQ(one.found_by, two.found_by);
        EXPECT_EQ(one.candidates, two.candidates);
        EXPECT_EQ(one.stop_reason, two.stop_reason);
        ASSERT_EQ(one.record.size(), two.record.size());
        for (std::size_t i = 0; i < one.record.size(); ++i) {
            EXPECT_EQ(one.record[i].strategy, two.record[i].strategy);
            EXPECT_EQ(one.record[i].candidates, two.record[i].candidates);
            EXPECT_EQ(one.record[i].score, two.record[i].score);
        }
        ASSERT_EQ(one.near_misses.size(), two.near_misses.size());
        for (std::size_t i = 0; i < one.near_misses.size(); ++i)
            EXPECT_EQ(one.near_misses[i].program, two.near_misses[i].program);
    }
}

TEST(Induce, FindsAMapByTuningAlone) {
    const auto result = induce(
        task("map-inc"), {.run = {.seed = 1, .threads = 2, .seconds = 60}, .restarts = 16, .search = false});
    ASSERT_TRUE(result) << base::render(result.error());
    expect_whole(*result, task("map-inc"));
    EXPECT_FALSE(result->source);
    EXPECT_EQ(result->candidates, 0u);
    EXPECT_EQ(result->record[0].strategy.substr(0, 5), "tune ");
}

TEST(Induce, StopsWhenAsked) {
    std::stop_source stop;
    stop.request_stop();
    const auto result = induce(task("sort"), {.run = {.stop = stop.get_token()}});
    ASSERT_TRUE(result);
    EXPECT_FALSE(result->program);
    EXPECT_EQ(result->stop_reason, base::StopReason::interrupted);
}

TEST(Induce, NeedsTuningForRegistersThatAreScored) {
    const auto scored =
        tasks::parse_examples("{\"memory\":[1],\"expect\":{\"memory\":[1],\"registers\":[2]}}", "mine.jsonl")
            .value();
    const auto result = induce(scored, {.run = {.seconds = 5}, .tune = false});
    ASSERT_FALSE(result);
    EXPECT_NE(base::render(result.error()).find("score registers"), std::string::npos);
}

/// A user's idea of a task: six cells in base 8, nothing known but examples.
struct Idea {
    const char* name;
    /// Whether five examples tell enough: one number each, as of a count or a maximum, fits other programs
    /// too.
    bool few_do;
    void (*apply)(std::vector<int>& memory);
};

constexpr Idea ideas[] = {
    {"sum_of_neighbours", true,
     [](std::vector<int>& m) {
         for (std::size_t i = 0; i + 1 < m.size(); ++i) m[i] = (m[i] + m[i + 1]) % 8;
     }},
    {"largest", false, [](std::vector<int>& m) { m[0] = *std::max_element(m.begin(), m.end()); }},
    {"count_of_zeros", false,
     [](std::vector<int>& m) { m[0] = static_cast<int>(std::count(m.begin(), m.end(), 0)); }},
    {"differences", true,
     [](std::vector<int>& m) {
         for (std::size_t i = 0; i + 1 < m.size(); ++i) m[i] = std::abs(m[i] - m[i + 1]);
     }},
    {"rotation", true, [](std::vector<int>& m) { std::rotate(m.begin(), m.begin() + 1, m.end()); }},
    {"prefix_maxima", true,
     [](std::vector<int>& m) {
         for (std::size_t i = 1; i < m.size(); ++i) m[i] = std::max(m[i], m[i - 1]);
     }},
};

std::vector<int> random_memory(base::RandomStream& random) {
    std::vector<int> memory(6);
    for (int& each : memory) each = static_cast<int>(random.below(8));
    return memory;
}

class Ideas : public testing::TestWithParam<std::tuple<Idea, int>> {};

TEST_P(Ideas, AreFoundFromExamplesAndRightOnOthersWhereTheseTellEnough) {
    const auto& [idea, count] = GetParam();
    base::RandomStream random(5, base::Purpose::test, static_cast<std::uint64_t>(count));
    std::string text;
    for (int i = 0; i < count; ++i) {
        const std::vector<int> memory = random_memory(random);
        std::vector<int> expected = memory;
        idea.apply(expected);
        text += fmt::format("{{\"memory\":[{}],\"expect\":{{\"memory\":[{}]}}}}\n", fmt::join(memory, ","),
                            fmt::join(expected, ","));
    }
    const auto task = tasks::parse_examples(text, "mine.jsonl", {.base = 8}).value();
    const auto result = induce(task, {.run = {.threads = 2, .seconds = 60}});
    ASSERT_TRUE(result) << base::render(result.error());
    expect_whole(*result, task);
    ASSERT_TRUE(result->source);
    if (count < 20 && !idea.few_do) return;
    int wrong = 0;
    for (int i = 0; i < 2000; ++i) {
        const std::vector<int> memory = random_memory(random);
        std::vector<int> expected = memory;
        idea.apply(expected);
        wrong += language::evaluate(*result->source, {8, 6}, memory) != expected;
        wrong += machine::run_exact(*result->program, memory, {}, *result->program->steps).memory != expected;
    }
    EXPECT_EQ(wrong, 0) << language::to_string(*result->source);
}

INSTANTIATE_TEST_SUITE_P(OfUsers, Ideas,
                         testing::Combine(testing::ValuesIn(ideas), testing::Values(5, 20, 100)),
                         [](const auto& each) {
                             return fmt::format("{}_from_{}", std::get<0>(each.param).name,
                                                std::get<1>(each.param));
                         });

TEST(Exceptions, AreTheExamplesThatTheBestNearMissHasWrong) {
    std::string text;
    for (int n = 0; n < 10; ++n)
        text += fmt::format("{{\"memory\":[{0},2],\"expect\":{{\"memory\":[{1},2]}}}}\n", n % 5, n == 6 ? 0 : n % 5 + 1);
    const tasks::Task task = tasks::parse_examples(text, "mine.jsonl", {.base = 8}).value();
    const auto candidate = [](const char* source, int cost, double score) {
        return search::Candidate{.program = language::parse(source, "test").value(), .sketch = "test", .cost = cost, .score = score};
    };
    // What is right on more cells is not right on more examples.
    const std::vector<search::Candidate> near_misses{candidate("M[1] = M[1]\n", 1, 0.99), candidate("M[0] = M[0] + 1\nM[1] = M[1]\n", 9, 0.95),
                                                     candidate("M[0] = M[0] + 1\n", 3, 0.95)};
    const auto exceptions = exceptions_of(near_misses, task);
    ASSERT_TRUE(exceptions);
    EXPECT_EQ(exceptions->near_miss, 2u);
    EXPECT_EQ(exceptions->missed, std::vector<std::size_t>{6});
    EXPECT_EQ(task.origin(exceptions->missed[0]), "mine.jsonl:7");
    EXPECT_FALSE(exceptions_of({near_misses[0]}, task));
    EXPECT_FALSE(exceptions_of(near_misses, *tasks::find_task("sort"))) << "which is no file of examples";
}

} // namespace
} // namespace ropewalk::induction
