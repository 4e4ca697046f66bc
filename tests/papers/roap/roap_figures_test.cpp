// Figures 5 and 6 of From Perception to Programs: their values, their files, and what they refuse.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "papers/results/results.hpp"
#include "papers/roap/roap.hpp"
#include "papers/sdp/sdp.hpp"
#include "tests/places.hpp"

namespace ropewalk::papers {
namespace {

using testing::HasSubstr;

/// A training of a moment, with symbols given.
RoapTable1Options short_training() {
    RoapTable1Options options = *roap_scale("small");
    options.settings.tasks = 6;
    options.training.symbols_given = true;
    options.training.steps = 4;
    options.training.check_every = 2;
    options.training.model.features = 64;
    options.run.threads = 1;
    return options;
}

TEST(RoapFigures, RefuseValuesThatCannotBe) {
    const auto lines = roap_fig5({10, 2.5}, short_training());
    ASSERT_FALSE(lines);
    EXPECT_THAT(base::render(lines.error()), HasSubstr("2.5"));
    EXPECT_FALSE(roap_fig5({0}, short_training()));
    EXPECT_FALSE(roap_fig6({-1}, short_training()));
}

TEST(RoapFigures, AFigureHasARowPerValueAndCountsEveryTaskOnce) {
    if (!has_libtorch()) GTEST_SKIP() << "no libtorch";
    const auto figure = roap_fig5({3, 5}, short_training());
    ASSERT_TRUE(figure) << base::render(figure.error());
    EXPECT_TRUE(figure->complete);
    ASSERT_EQ(figure->rows.size(), 2u);
    for (const RoapRow& row : figure->rows) {
        std::size_t tasks = 0, right = 0;
        for (const RoapDifficulty& count : row.by_difficulty) {
            EXPECT_LE(count.operators, 3);
            tasks += count.tasks;
            right += count.programs_right;
        }
        EXPECT_EQ(tasks, 6u);
        EXPECT_EQ(right, row.programs_right);
    }
    EXPECT_THAT(to_csv(*figure), HasSubstr("\n5,"));
    EXPECT_THAT(to_markdown(*figure), HasSubstr("| 3 |"));
}

TEST(RoapFigures, TheLengthPriorIsWhatFigure6Changes) {
    if (!has_libtorch()) GTEST_SKIP() << "no libtorch";
    const auto figure = roap_fig6({0, 1000}, short_training());
    ASSERT_TRUE(figure) << base::render(figure.error());
    ASSERT_EQ(figure->rows.size(), 2u);
    EXPECT_EQ(figure->rows[0].curve.size(), 2u);
    // The prior is in the loss of the later half.
    EXPECT_GT(figure->rows[1].curve[1].loss, figure->rows[0].curve[1].loss + 100);
    const auto json = nlohmann::json::parse(to_json(*figure));
    EXPECT_EQ(json.at("rows").at(1).at("value"), 1000);
    EXPECT_EQ(json.at("rows").at(1).at("curve").size(), 2u);
    EXPECT_THAT(to_markdown(*figure), HasSubstr("lambda 1000"));
}

TEST(RoapFigures, AStoppedFigureGoesOnAndForeignStatesAreRefused) {
    if (!has_libtorch()) GTEST_SKIP() << "no libtorch";
    const std::string file =
        (std::filesystem::temp_directory_path() / ("ropewalk_fig_" + std::to_string(getpid()))).string();
    RoapTable1Options options = short_training();
    options.run.state_file = file;
    const auto first = roap_fig5({3}, options);
    ASSERT_TRUE(first) << base::render(first.error());
    options.run.resume = true;
    const auto second = roap_fig5({3, 4}, options);
    ASSERT_TRUE(second) << base::render(second.error());
    EXPECT_EQ(second->rows[0].processor_seconds, first->rows[0].processor_seconds);
    EXPECT_EQ(second->rows.size(), 2u);
    EXPECT_FALSE(roap_fig6({0}, options));
    std::filesystem::remove(file);
}

} // namespace
} // namespace ropewalk::papers
