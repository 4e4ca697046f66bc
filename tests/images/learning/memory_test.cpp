// How much memory learning takes, asked before it begins.
#include "ropewalk/images/learning/learning.hpp"
#include "ropewalk/images/learning/memory.hpp"
#include "tests/scratch.hpp"

namespace ropewalk::learning {
namespace {

/// Of sixty images of such a side; their pixels are not asked for.
perception::Problem problem_of_side(int side) {
    perception::Problem problem;
    problem.pool.variables = 2;
    problem.dataset.train.height = problem.dataset.train.width = side;
    problem.dataset.train.labels.assign(60, 0);
    problem.rows = perception::Given{};
    return problem;
}

TEST(MemoryToLearn, GrowsWithTheImagesAndTheNetwork) {
    const LearnOptions small;
    LearnOptions wide;
    wide.network.kind = perception::NetworkOptions::Kind::resnet;
    EXPECT_LT(memory_to_learn(problem_of_side(28), small), 1e8);
    EXPECT_GT(memory_to_learn(problem_of_side(512), small), 50 * memory_to_learn(problem_of_side(64), small));
    EXPECT_GT(memory_to_learn(problem_of_side(28), wide), memory_to_learn(problem_of_side(28), small));
}

TEST(MemoryToLearn, GrowsWithTheLongestRow) {
    const auto rows_of = [](std::uint32_t longest) {
        perception::Problem problem = problem_of_side(28);
        problem.pool.variables = 6; // long rows
        problem.dataset.train.labels.assign(100'000, 0);
        perception::GivenRows& rows = problem.given()->training;
        rows.rows = 50;
        for (std::uint32_t n = 0, at = 0; n <= rows.rows; ++n) {
            rows.starts.push_back(at);
            at += n + 1 < rows.rows ? 2 : longest;
        }
        rows.images.resize(rows.starts.back());
        return problem;
    };
    ASSERT_TRUE(rows_of(2).has_long_rows());
    EXPECT_GT(memory_to_learn(rows_of(2000), {}), 5 * memory_to_learn(rows_of(20), {}));
}

TEST(MemoryToLearn, IsRefusedBeforehandWhereThereIsNotSoMuch) {
    EXPECT_TRUE(enough_memory(problem_of_side(28), {}));
    const auto refused = enough_memory(problem_of_side(100'000), {});
    ASSERT_FALSE(refused);
    const std::string said = base::render(refused.error());
    EXPECT_NE(said.find("images: 100000 x 100000 pixels, which take about "), std::string::npos) << said;
    EXPECT_NE(said.find("expected smaller images, such as setting `size` "), std::string::npos) << said;
}

} // namespace
} // namespace ropewalk::learning
