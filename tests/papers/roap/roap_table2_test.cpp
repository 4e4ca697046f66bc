// Table 2 of From Perception to Programs: its files, and what it refuses.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "papers/results/results.hpp"
#include "papers/roap/roap.hpp"
#include "papers/roap/roap_table2_state.hpp"
#include "papers/sdp/sdp.hpp"

namespace ropewalk::papers {
namespace {

using testing::HasSubstr;

RoapTable2Run measured(std::uint64_t seed, double loss) {
    RoapTable2Run run;
    run.tasks = 1;
    run.seed = seed;
    run.programs_right = 1;
    run.symbolic_loss = loss;
    run.table = true;
    run.by_prior = 1;
    run.symbols = "by the prior";
    run.seconds = 3;
    return run;
}

class RoapTableTwo : public testing::Test {
protected:
    void SetUp() override {
        file_ = (std::filesystem::temp_directory_path() / ("ropewalk_roap2_" + std::to_string(getpid())))
                    .string();
        options_.run.state_file = file_;
        options_.run.resume = true;
    }
    void TearDown() override { std::filesystem::remove(file_); }

    std::string file_;
    RoapTable2Options options_;
};

TEST_F(RoapTableTwo, KeepsFinishedRuns) {
    ASSERT_TRUE(save_runs({measured(4, 0.01)}, options_));
    options_.seeds = 77;
    const auto runs = load_runs(options_);
    ASSERT_TRUE(runs) << base::render(runs.error());
    ASSERT_EQ(runs->size(), 1u);
    EXPECT_EQ(run_json(runs->front()), run_json(measured(4, 0.01)));
    options_.steps += 1;
    EXPECT_FALSE(load_runs(options_));
    options_.run.resume = false;
    EXPECT_TRUE(load_runs(options_)->empty());
}

TEST_F(RoapTableTwo, CountsGroundedRunsBesideThePapersRate) {
    RoapTable2 table;
    table.settings = "{}";
    table.runs = {measured(0, 0.05), measured(1, 0.06)};
    EXPECT_THAT(to_markdown(table), HasSubstr("| 1 | 2 | 50 (9 to 91) | 10.5 | 100 (34 to 100) | 2 of 2 |"));
    EXPECT_THAT(to_csv(table), HasSubstr("1,0,1,0.050000,"));
    const auto object = nlohmann::json::parse(to_json(table));
    EXPECT_EQ(object["runs"][1]["grounded"], false);
    EXPECT_EQ(object["paper_percent_grounded"]["1"], 10.5);
}

TEST_F(RoapTableTwo, RefusesNoSeedsAndMissingImages) {
    options_.seeds = 0;
    EXPECT_FALSE(roap_table2(options_));
    options_.seeds = 1;
    options_.settings.images = "mnist";
    EXPECT_THAT(base::render(roap_table2(options_).error()), HasSubstr("setting `data`"));
}

} // namespace
} // namespace ropewalk::papers
