#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "papers/results/results.hpp"
#include "papers/sdp/sdp.hpp"

namespace ropewalk::papers {
namespace {

namespace fs = std::filesystem;

class Table1Test : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::temp_directory_path() / ("ropewalk_table1_" + std::to_string(getpid()) + "_" +
                                               testing::UnitTest::GetInstance()->current_test_info()->name());
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }
    std::string state() const { return (folder_ / "state.json").string(); }
    Table1Options options() const {
        return {.restarts = 2, .iterations = 20, .run = {.threads = 2, .state_file = state()}};
    }
    /// Some of its rows, which are trained in moments.
    Table1Options few_rows() const {
        Table1Options some = options();
        some.rows = {"Optimization", "map inc"};
        return some;
    }
    fs::path folder_;
};

TEST_F(Table1Test, HasEveryCell) {
    const auto table = sdp_table1(options());
    ASSERT_TRUE(table);
    EXPECT_TRUE(table->complete);
    EXPECT_EQ(table->cells.size(), 36u);
    for (const Table1Cell& cell : table->cells) EXPECT_EQ(cell.recovered.soft.total, 2);
    EXPECT_EQ(table->cells[2].paper, 56);
    EXPECT_FALSE(table->cells[18].paper);
    for (std::size_t cell = 6; cell < 18; ++cell)
        EXPECT_EQ(table->cells[cell].recovered.certified.count, 2) << cell;
    // The state has the cells of all rows, so that one of each kind left out is all that is run again.
    auto kept = nlohmann::json::parse(*base::read_file(state()));
    for (const char* row : {"Synthesis", "Both"})
        for (auto cell = kept["cells"].begin(); cell != kept["cells"].end(); ++cell)
            if (cell->at("row") == row) {
                kept["cells"].erase(cell);
                break;
            }
    ASSERT_EQ(kept["cells"].size(), 34u);
    ASSERT_TRUE(base::write_file(state(), kept.dump(), base::Overwrite::allow));
    Table1Options again = options();
    again.run.resume = true;
    const auto resumed = sdp_table1(again);
    ASSERT_TRUE(resumed);
    EXPECT_EQ(to_json(*resumed), to_json(*table));
}

TEST_F(Table1Test, StoppedHalfWayAndResumedIsTheSameTable) {
    const auto undisturbed = sdp_table1(few_rows());
    ASSERT_TRUE(undisturbed);
    fs::remove(state());
    std::stop_source stop;
    Table1Options interrupted = few_rows();
    interrupted.run.stop = stop.get_token();
    interrupted.run.progress = [&](long done, long, const std::string&) {
        if (done == 5) stop.request_stop();
    };
    const auto half = sdp_table1(interrupted);
    ASSERT_TRUE(half);
    EXPECT_FALSE(half->complete);
    Table1Options again = few_rows();
    again.run.resume = true;
    const auto resumed = sdp_table1(again);
    ASSERT_TRUE(resumed);
    EXPECT_EQ(to_json(*resumed), to_json(*undisturbed));
    EXPECT_EQ(to_csv(*resumed), to_csv(*undisturbed));
}

TEST_F(Table1Test, DoesNotGoOnWithTheStateOfAnotherRun) {
    std::ofstream(state())
        << R"({"experiment":"sdp-table1","version":4,"restarts":7,"iterations":20,"population":0,"seed":0,"cells":[]})";
    Table1Options resume = few_rows();
    resume.run.resume = true;
    EXPECT_FALSE(sdp_table1(resume));
    std::ofstream(state(), std::ios::trunc)
        << R"({"experiment":"sdp-table1","version":4,"restarts":2,"iterations":20,"population":0,"seed":0,"cells":[]})";
    EXPECT_TRUE(sdp_table1(resume)) << "of this run";
    std::ofstream(state(), std::ios::trunc)
        << R"({"experiment":"sdp-table1","version":4,"restarts":2,"iterations":20,"population":0,"seed":0,"cells":[)"
        << R"({"row":"Optimization","task":"inc","soft":4294967297,"hard":0,"certified":0,"repaired":0}]})";
    EXPECT_FALSE(sdp_table1(resume));
    for (
        const char* broken :
        {"", "[", "{}",
         R"({"experiment":"sdp-table1","version":4,"restarts":2,"iterations":20,"population":0,"seed":0,"cells":[3]})"}) {
        std::ofstream(state(), std::ios::trunc) << broken;
        EXPECT_FALSE(sdp_table1(resume)) << broken;
    }
}

TEST_F(Table1Test, RunsOnlyTheRowsThatAreAskedFor) {
    Table1Options some = options();
    some.rows = {"map inc", "Synthesis"};
    const auto table = sdp_table1(some);
    ASSERT_TRUE(table);
    EXPECT_TRUE(table->complete);
    ASSERT_EQ(table->cells.size(), 12u);
    EXPECT_EQ(table->cells[0].row, "Synthesis");
    EXPECT_EQ(table->cells[6].row, "map inc");
    some.rows = {"map_inc"};
    const auto unknown = sdp_table1(some);
    ASSERT_FALSE(unknown);
    EXPECT_NE(unknown.error()[0].found.find("map_inc"), std::string::npos);
}

} // namespace
} // namespace ropewalk::papers
