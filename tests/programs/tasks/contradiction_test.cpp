#include <gtest/gtest.h>

#include "ropewalk/programs/tasks/tasks.hpp"

namespace ropewalk::tasks {
namespace {

Task task_of(const char* text) { return parse_examples(text, "mine.jsonl").value(); }

TEST(Contradiction, NamesTheTwoExamples) {
    const Task task = task_of("{\"memory\":[1,2],\"expect\":{\"memory\":[2,2]}}\n"
                              "{\"memory\":[3,2],\"expect\":{\"memory\":[2,2]}}\n\n"
                              "{\"memory\":[1,2],\"expect\":{\"memory\":[2,3]}}\n");
    const auto found = find_contradiction(task);
    ASSERT_TRUE(found);
    EXPECT_EQ(std::pair(found->first, found->second), (std::pair<std::uint64_t, std::uint64_t>(0, 2)));
    EXPECT_EQ(found->place, "M[1]");
    EXPECT_EQ(std::pair(found->first_value, found->second_value), std::pair(2, 3));
    EXPECT_EQ(found->example.memory, (std::vector<int>{1, 2}));
    EXPECT_EQ(task.origin(found->first), "mine.jsonl:1");
    EXPECT_EQ(task.origin(found->second), "mine.jsonl:4");
}

TEST(Contradiction, NamesRegistersToo) {
    const auto found =
        find_contradiction(task_of("{\"memory\":[1],\"registers\":[4],\"expect\":{\"registers\":[1,2]}}\n"
                                   "{\"memory\":[1],\"registers\":[4],\"expect\":{\"registers\":[1,3]}}\n"));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->place, "r2");
}

TEST(Contradiction, RemembersWhatEarlierExamplesLeftOpen) {
    const auto found = find_contradiction(task_of("{\"memory\":[1,2],\"expect\":{\"memory\":[null,2]}}\n"
                                                  "{\"memory\":[1,2],\"expect\":{\"memory\":[5]}}\n"
                                                  "{\"memory\":[1,2],\"expect\":{\"memory\":[6,2]}}\n"));
    ASSERT_TRUE(found);
    EXPECT_EQ(std::pair(found->first, found->second), (std::pair<std::uint64_t, std::uint64_t>(1, 2)));
}

TEST(Contradiction, IsNotWhatAgreesOrIsNotScored) {
    EXPECT_FALSE(find_contradiction(task_of("{\"memory\":[1,2],\"expect\":{\"memory\":[2,null]}}\n"
                                            "{\"memory\":[1,2],\"expect\":{\"memory\":[2,3]}}\n"
                                            "{\"memory\":[1,2],\"expect\":{\"memory\":[2,3]}}\n"
                                            "{\"memory\":[2,1],\"expect\":{\"memory\":[3,2]}}\n")));
    EXPECT_FALSE(
        find_contradiction(task_of("{\"memory\":[1],\"registers\":[4],\"expect\":{\"memory\":[1]}}\n"
                                   "{\"memory\":[1],\"registers\":[5],\"expect\":{\"memory\":[2]}}\n")));
}

TEST(Contradiction, IsNotInTheCatalogue) {
    for (const Task& task : catalogue()) EXPECT_FALSE(find_contradiction(task)) << task.name;
}

} // namespace
} // namespace ropewalk::tasks
