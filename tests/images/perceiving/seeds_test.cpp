// Runs from several seeds, and which of them to take.
#include "ropewalk/images/perceiving/perceiving.hpp"
#include "tests/scratch.hpp"

namespace ropewalk::perceiving {
namespace {

TEST(Seeds, TheBestExplainsThenHasTheLeastLossThenComesFirst) {
    EXPECT_EQ(best_of({{0, false, 0.1}, {1, true, 0.4}, {2, true, 0.3}, {3, true, 0.3}}).seed, 2u);
    EXPECT_EQ(best_of({{0, false, 0.2}, {1, false, 0.1}}).seed, 1u);
    EXPECT_EQ(to_csv({{4, true, 0.5}}), "seed,explained,loss\n4,1,0.5\n");
}

class SeedFolders : public Scratch {};

TEST_F(SeedFolders, AreReadWhereTheRunIsFinished) {
    const std::string folder = folder_of_seed(folder_.string(), 5);
    ASSERT_TRUE(base::make_folder(folder));
    const auto with = [&](const char* record) {
        EXPECT_TRUE(base::write_file(folder + "/run.json", record, base::Overwrite::allow));
        return seed_run(folder_.string(), 5);
    };
    EXPECT_FALSE(seed_run(folder_.string(), 6));
    EXPECT_TRUE(with(R"({"settled": true, "loss": 0.5})")->explained);
    EXPECT_FALSE(with(R"({"settled": true, "loss": 0.5, "unexplained": ["y"]})")->explained);
    EXPECT_FALSE(with(R"({"settled": false, "loss": null})")->explained);
    for (const char* bad : {"", "[]", "{}", R"({"settled": 3, "loss": 1})", R"({"settled": true})"}) EXPECT_FALSE(with(bad)) << bad;
}

} // namespace
} // namespace ropewalk::perceiving
