#include <algorithm>
#include <functional>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/tasks/tasks.hpp"

namespace ropewalk {
namespace {

using machine::Example;
using machine::not_scored;
using tasks::Task;
using testing::HasSubstr;

constexpr std::uint64_t exhaustive = std::uint64_t{1} << 20;

Task task_named(const std::string& name) {
    auto task = tasks::find_task(name);
    EXPECT_TRUE(task) << name;
    return task ? *task : Task{};
}

/// Indices that cover the domain where it is small, and spread over it where it is not.
template<class Body>
void for_inputs(const Task& task, std::uint64_t most, Body body) {
    const std::uint64_t count = std::min(task.domain_size, most);
    for (std::uint64_t i = 0; i < count; ++i) body(task.example(i * (task.domain_size / count)));
}

TEST(Catalogue, HoldsTheTasksOfTable1AndTwelveMore) {
    std::set<std::string> names;
    for (const Task& task : tasks::catalogue()) names.insert(task.name);
    EXPECT_EQ(tasks::catalogue().size(), 18u);
    EXPECT_EQ(names,
              (std::set<std::string>{"inc", "map-inc", "map-dec", "reduce", "parity", "fibonacci", "access",
                                     "swap", "copy", "reverse", "permutation", "list-k", "list-search",
                                     "linear-search", "merge", "walk-bst", "addition", "sort"}));
}

TEST(Catalogue, GivesExamplesThatFitTheMachineAndScoreSomething) {
    for (const Task& task : tasks::catalogue()) {
        const auto fits = [&task](const std::vector<int>& list, int smallest) {
            return static_cast<int>(list.size()) == task.cells &&
                   std::all_of(list.begin(), list.end(),
                               [&](int value) { return value >= smallest && value < task.base; });
        };
        bool good = true;
        for_inputs(task, 20000, [&](const Example& example) {
            good = good && fits(example.memory, 0) && fits(example.expected_memory, not_scored) &&
                   example.registers.empty() && example.expected_registers.empty() &&
                   std::count(example.expected_memory.begin(), example.expected_memory.end(), not_scored) <
                       task.cells;
        });
        EXPECT_TRUE(good) << task.name;
        EXPECT_LE(task.cells, task.base) << task.name;
        EXPECT_FALSE(task.summary.empty()) << task.name;
    }
}

TEST(Catalogue, HasDifferentInputsAtDifferentIndices) {
    for (const Task& task : tasks::catalogue()) {
        // Memory as one number: base^cells is below 2^64 for every task.
        std::vector<std::uint64_t> inputs;
        for_inputs(task, exhaustive, [&](const Example& example) {
            std::uint64_t packed = 0;
            for (const int value : example.memory)
                packed = packed * static_cast<std::uint64_t>(task.base) + static_cast<std::uint64_t>(value);
            inputs.push_back(packed);
        });
        std::sort(inputs.begin(), inputs.end());
        EXPECT_EQ(std::adjacent_find(inputs.begin(), inputs.end()), inputs.end()) << task.name;
    }
}

TEST(Catalogue, GivesTheSameExampleForTheSameIndex) {
    for (const Task& task : tasks::catalogue()) {
        const std::uint64_t index = task.domain_size / 2;
        EXPECT_EQ(task.example(index), task.example(index)) << task.name;
    }
}

TEST(Catalogue, CoversExactlyTheWellFormedInputs) {
    const auto size = [](const char* name) { return task_named(name).domain_size; };
    EXPECT_EQ(size("access"), 5u * 32768);
    EXPECT_EQ(size("swap"), 16u * 4096);
    EXPECT_EQ(size("permutation"), 2u * 24 * 10000);
    EXPECT_EQ(size("copy"), 7u * 9 + 5 * 81 + 3 * 729 + 1 * 6561);
    EXPECT_EQ(size("list-k"), 3u * 1 * 8 + 6 * 2 * 64 + 6 * 3 * 512);
    // All arrays of five and values, without those where the value does not occur.
    EXPECT_EQ(size("linear-search"), 8u * (32768 - 16807));
    EXPECT_EQ(size("list-search"), 8u * (3 * (8 - 7) + 6 * (64 - 49) + 6 * (512 - 343)));
    EXPECT_EQ(size("merge"), 560u * 560);
    EXPECT_EQ(size("walk-bst"), 3u * 13 * 1 + 2 * 6 * 78 * 2 + 5 * 6 * 286 * 3);
}

// What follows states the expected results a second time, from the input alone.

std::vector<int> from(const std::vector<int>& cells, std::size_t first, std::size_t count) {
    const auto begin = cells.begin() + static_cast<std::ptrdiff_t>(first);
    return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

int at(const std::vector<int>& cells, int address) { return cells.at(static_cast<std::size_t>(address)); }

/// Compares one task's expected memory with a second statement of it on up to 100 000 inputs.
void expect_results(const std::string& name,
                    const std::function<std::vector<int>(const std::vector<int>&)>& result) {
    int wrong = 0;
    for_inputs(task_named(name), 100000, [&](const Example& example) {
        const std::vector<int> right = result(example.memory);
        if (example.expected_memory == right || wrong++ > 0) return;
        EXPECT_EQ(example.expected_memory, right) << name;
    });
    EXPECT_EQ(wrong, 0) << name;
}

std::vector<int> only_first(std::size_t cells, int value) {
    std::vector<int> expected(cells, not_scored);
    expected[0] = value;
    return expected;
}

TEST(TaskResults, OfTable1AreTheArithmeticTheyName) {
    expect_results("inc", [](std::vector<int> m) {
        m[0] = m[0] == 7 ? 0 : m[0] + 1;
        return m;
    });
    expect_results("map-inc", [](std::vector<int> m) {
        for (int& value : m) value = value == 7 ? 0 : value + 1;
        return m;
    });
    expect_results("map-dec", [](std::vector<int> m) {
        for (int& value : m) value = value == 0 ? 7 : value - 1;
        return m;
    });
    expect_results("reduce", [](const std::vector<int>& m) {
        return std::vector<int>{not_scored, not_scored, not_scored, (m[0] + m[1] + m[2]) & 3};
    });
    expect_results("parity", [](const std::vector<int>& m) {
        return std::vector<int>{not_scored, not_scored, not_scored, m[0] ^ m[1] ^ m[2]};
    });
    expect_results("fibonacci", [](const std::vector<int>& m) {
        std::vector<int> numbers = {1, 2};
        while (numbers.size() < m.size()) numbers.push_back((numbers.end()[-1] + numbers.end()[-2]) % 10);
        return numbers;
    });
}

TEST(TaskResults, OfArrayTasksAreWhatTheStandardLibraryComputes) {
    expect_results("sort", [](std::vector<int> m) {
        std::sort(m.begin(), m.end());
        return m;
    });
    expect_results("swap", [](std::vector<int> m) {
        std::iter_swap(m.begin() + m[0], m.begin() + m[1]);
        return m;
    });
    expect_results("access", [](std::vector<int> m) {
        m[0] = at(m, m[0] + 1);
        return m;
    });
    expect_results("merge", [](const std::vector<int>& m) {
        std::vector<int> all = from(m, 0, 8);
        std::sort(all.rbegin(), all.rend());
        std::vector<int> expected(8, not_scored);
        expected.insert(expected.end(), all.begin(), all.begin() + 6);
        return expected;
    });
    expect_results("addition", [](const std::vector<int>& m) {
        const int sum = m[0] + m[1];
        return std::vector<int>{not_scored, not_scored, sum & 7, sum >> 3};
    });
    expect_results("linear-search", [](const std::vector<int>& m) {
        return only_first(m.size(), static_cast<int>(std::find(m.begin() + 1, m.end(), m[0]) - m.begin()));
    });
    expect_results("permutation", [](const std::vector<int>& m) {
        std::vector<int> expected = m;
        for (std::size_t i = 1; i <= 4; ++i) expected[i] = at(m, m[0] + m[i]);
        return expected;
    });
}

TEST(TaskResults, OfCopyAndReverseStandAtTheDestination) {
    const auto expected = [](const std::vector<int>& m, bool reversed) {
        const auto length = static_cast<std::size_t>(std::find(m.begin() + 1, m.end(), 0) - m.begin() - 1);
        std::vector<int> elements = from(m, 1, length);
        if (reversed) std::reverse(elements.begin(), elements.end());
        std::vector<int> result(m.size(), not_scored);
        for (std::size_t i = 0; i < length; ++i) result.at(static_cast<std::size_t>(m[0]) + i) = elements[i];
        return result;
    };
    expect_results("copy", [&](const std::vector<int>& m) { return expected(m, false); });
    expect_results("reverse", [&](const std::vector<int>& m) { return expected(m, true); });
}

TEST(TaskResults, OfPointerTasksFollowTheLinks) {
    expect_results("list-k", [](const std::vector<int>& m) {
        int node = m[0];
        for (int k = m[1]; k > 0; --k) node = at(m, node);
        return only_first(m.size(), at(m, node + 1));
    });
    expect_results("list-search", [](const std::vector<int>& m) {
        int node = m[0];
        while (at(m, node + 1) != m[1]) node = at(m, node);
        return only_first(m.size(), node);
    });
    expect_results("walk-bst", [](const std::vector<int>& m) {
        int node = m[0];
        for (int step = 1; at(m, step) != 0; ++step) node = at(m, node + at(m, step));
        return only_first(m.size(), at(m, node));
    });
}

/// Number of nodes when everything below `node` is a search tree with values between the bounds, else -1000.
int count_nodes(const std::vector<int>& m, int node, int above, int below) {
    if (node == 0) return 0;
    const int value = at(m, node);
    if (value <= above || value >= below) return -1000;
    return 1 + count_nodes(m, at(m, node + 1), above, value) + count_nodes(m, at(m, node + 2), value, below);
}

TEST(WalkBst, HasOnlySearchTrees) {
    for_inputs(task_named("walk-bst"), exhaustive, [](const Example& example) {
        const int nodes = count_nodes(example.memory, example.memory[0], -1, 13);
        ASSERT_GE(nodes, 1);
        ASSERT_LE(nodes, 3);
    });
}

TEST(Merge, HasOnlySortedArrays) {
    for_inputs(task_named("merge"), exhaustive, [](const Example& example) {
        const std::vector<int>& m = example.memory;
        ASSERT_TRUE(std::is_sorted(m.rbegin() + 10, m.rend()));
        ASSERT_TRUE(std::is_sorted(m.rbegin() + 6, m.rbegin() + 10));
        ASSERT_EQ(m[3] + m[7], 0);
    });
}

TEST(FindTask, SuggestsTheClosestName) {
    EXPECT_EQ(task_named("map-inc").name, "map-inc");
    const auto misspelt = tasks::find_task("map_inc");
    ASSERT_FALSE(misspelt);
    EXPECT_THAT(base::render(misspelt.error()), HasSubstr("did you mean 'map-inc'?"));
}

TEST(FindTask, ListsTheNamesWhenNoneIsClose) {
    const auto unknown = tasks::find_task("quantum chromodynamics");
    ASSERT_FALSE(unknown);
    EXPECT_THAT(base::render(unknown.error()), HasSubstr("walk-bst"));
}

TEST(DrawExamples, GivesTheSameExamplesForTheSameStream) {
    const Task task = task_named("sort");
    base::RandomStream first(7, base::Purpose::test);
    base::RandomStream second(7, base::Purpose::test);
    const auto examples = tasks::draw_examples(task, 20, first);
    EXPECT_EQ(examples.size(), 20u);
    EXPECT_EQ(examples, tasks::draw_examples(task, 20, second));
}

} // namespace
} // namespace ropewalk
