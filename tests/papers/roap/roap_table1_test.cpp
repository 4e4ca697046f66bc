// Table 1 of From Perception to Programs: its rows, its files, and what it refuses.
#include <array>
#include <cmath>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "papers/results/results.hpp"
#include "papers/roap/roap.hpp"
#include "papers/roap/roap_table1_state.hpp"
#include "papers/sdp/sdp.hpp"

namespace ropewalk::papers {
namespace {

using testing::Contains;
using testing::HasSubstr;

RoapRow measured() {
    return {.name = "no-gumbel",
            .paper = {8, 0.52, 0.33},
            .tasks = 100,
            .programs_right = 24,
            .symbolic_loss = 0.01,
            .modulo_gauge = 0.005,
            .train_loss = 0.25,
            .test_loss = 0.5,
            .test_loss_normalised = 0.125,
            .size = {9, 4, 3},
            .right_size = {5, 2, 2},
            .steps = 2000,
            .skipped = 1,
            .seconds = 96,
            .processor_seconds = 18,
            .curve = {{500, 24, 0.2, 5}}};
}

class RoapTable : public testing::Test {
protected:
    void SetUp() override {
        file_ =
            (std::filesystem::temp_directory_path() / ("ropewalk_roap_" + std::to_string(getpid()))).string();
    }
    void TearDown() override { std::filesystem::remove(file_); }

    RoapTable1Options options() const {
        RoapTable1Options options = *roap_scale("small");
        options.run.state_file = file_;
        options.run.resume = true;
        return options;
    }

    std::string file_;
};

TEST_F(RoapTable, HasARowForEveryAblationOfThePaper) {
    const std::vector<std::string> names = roap_row_names();
    for (const char* name : {"roap", "no-program-one-network", "no-program-disjoint", "no-amortisation",
                             "no-gumbel", "tree-2", "tree-3", "tree-5", "depth-10", "depth-3"})
        EXPECT_THAT(names, Contains(name));
}

TEST_F(RoapTable, RefusesUnknownRowsAndScales) {
    RoapTable1Options wrong = options();
    wrong.rows = {"roap", "no-luck"};
    const auto table = roap_table1(wrong);
    ASSERT_FALSE(table);
    EXPECT_THAT(base::render(table.error()), HasSubstr("no-luck"));
    EXPECT_THAT(base::render(table.error()), HasSubstr("depth-10"));
    EXPECT_FALSE(roap_scale("enormous"));
}

TEST_F(RoapTable, PaperScaleIsThePapers) {
    const RoapTable1Options options = *roap_scale("paper");
    EXPECT_EQ(options.settings.tasks, 500u);
    EXPECT_EQ(options.training.model.lines, 30);
    EXPECT_EQ(options.training.samples, 1u);
    EXPECT_DOUBLE_EQ(options.training.learning_rate, 3e-4);
}

TEST_F(RoapTable, FinishedRowsAreReadAsTheyWereWritten) {
    ASSERT_TRUE(save_rows({measured()}, options()));
    const auto rows = load_rows(options());
    ASSERT_TRUE(rows) << base::render(rows.error());
    ASSERT_EQ(rows->size(), 1u);
    EXPECT_EQ(row_json(rows->front()), row_json(measured()));
}

TEST_F(RoapTable, RefusesTheStateOfAnotherRun) {
    ASSERT_TRUE(save_rows({measured()}, options()));
    RoapTable1Options other = options();
    other.training.steps += 1;
    EXPECT_FALSE(load_rows(other));
    ASSERT_TRUE(base::write_file(file_, "{\"key\": 3", base::Overwrite::allow));
    EXPECT_FALSE(load_rows(options()));
    other.run.resume = false;
    EXPECT_TRUE(load_rows(other)->empty());
}

TEST_F(RoapTable, TakesTheRunWithTheLeastTrainingLoss) {
    RoapTable1Options several = options();
    several.runs = 3;
    several.settings.tasks = 4;
    std::vector<RoapRow> runs(3, measured());
    for (std::size_t run = 0; run < 3; ++run) {
        runs[run].run = run;
        runs[run].train_loss = std::array{0.2, std::nan(""), 0.1}[run];
        runs[run].programs_right = std::array{30, 20, 10}[run];
    }
    ASSERT_TRUE(save_rows(runs, several));
    const auto rows = roap_rows({{"no-gumbel", {}, [](auto&) {}}}, several);
    ASSERT_TRUE(rows) << base::render(rows.error());
    ASSERT_EQ(rows->rows.size(), 1u);
    EXPECT_EQ(rows->rows[0].programs_right, 10u);
    EXPECT_EQ(rows->rows[0].runs.size(), 3u);
    const std::string text = to_markdown({false, "{}", rows->rows, true});
    EXPECT_THAT(
        text,
        HasSubstr(
            "least training loss of 3, whose programs right and losses are 30 (0.2), 20 (nan), 10 (0.1)"));
    several.runs = 0;
    EXPECT_FALSE(roap_rows({{"no-gumbel", {}, [](auto&) {}}}, several));
}

TEST_F(RoapTable, StandsBesideThePapersNumbers) {
    const RoapTable1 table{false, "{}", {measured()}, true};
    EXPECT_THAT(to_markdown(table), HasSubstr("| no-gumbel | 24.0 | 1.6 | 0.01000 | 0.00500 | 0.52 |"));
    EXPECT_THAT(to_csv(table), HasSubstr("no-gumbel,100,24,8,0.01000,0.00500,0.52,"));
    const auto object = nlohmann::json::parse(to_json(table));
    EXPECT_EQ(object["rows"][0]["paper"]["programs_right"], 8);
    EXPECT_EQ(object["symbols"], "learned");
}

} // namespace
} // namespace ropewalk::papers
