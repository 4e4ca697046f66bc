// How often formulas are found from rows alone: the manifests drawn, the files, and what is refused.
#include <filesystem>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "papers/results/manifests_state.hpp"
#include "papers/results/results.hpp"
#include "papers/sdp/sdp.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::papers {
namespace {

using testing::HasSubstr;

ManifestRun measured(const char* kind, std::uint64_t seed, bool right, bool mirror_image = false) {
    return {.kind = kind,
            .seed = seed,
            .tasks = 1,
            .formulas_right = right,
            .found = "s1 + s2",
            .mirror_image = mirror_image,
            .exact = right ? 0.95 : 0.1,
            .search_seconds = 4,
            .seconds = 9};
}

class Manifests : public testing::Test {
protected:
    void SetUp() override {
        file_ = (std::filesystem::temp_directory_path() / ("ropewalk_manifests_" + std::to_string(getpid())))
                    .string();
        options_.run.state_file = file_;
        options_.run.resume = true;
    }
    void TearDown() override { std::filesystem::remove(file_); }

    static datasets::Images images() {
        return datasets::draw_glyphs({.train = 5000, .test = 10, .seed = 1}).train;
    }

    std::string file_;
    ManifestTableOptions options_;
};

TEST_F(Manifests, HaveOutputsOfTheFormulasBehindThem) {
    const datasets::Images drawn_from = images();
    for (const ManifestKind& kind : manifest_kinds()) {
        const auto manifest = draw_manifest(kind, drawn_from, 3);
        ASSERT_TRUE(manifest) << base::render(manifest.error());
        const perception::Problem& problem = manifest->problem;
        const perception::GivenRows& rows = problem.given()->training;
        ASSERT_EQ(rows.rows + problem.given()->validation.rows, kind.rows);
        ASSERT_EQ(manifest->formulas.size(), problem.task_count());
        std::set<std::uint32_t> used(rows.images.begin(), rows.images.end());
        EXPECT_EQ(used.size() == rows.images.size(), kind.digits) << kind.name;
        for (std::size_t t = 0; t < problem.task_count(); ++t)
            for (std::size_t n = 0; n < rows.rows; n += 50) {
                std::vector<double> symbols;
                for (std::size_t v = 0; v < kind.variables; ++v) {
                    const int label = drawn_from.labels[rows.images[n * kind.variables + v]];
                    symbols.push_back(kind.digits ? label % 10 : label / 10.0);
                }
                EXPECT_EQ(rows.y[t * rows.rows + n],
                          formula::evaluate(problem.pool.formulas[manifest->formulas[t]], symbols));
            }
    }
}

TEST_F(Manifests, DoNotGiveTheLabels) {
    const auto manifest = draw_manifest(manifest_kinds().front(), images(), 3);
    ASSERT_TRUE(manifest);
    for (const std::uint8_t label : manifest->problem.dataset.train.labels) EXPECT_EQ(label, 0);
}

TEST_F(Manifests, KeepFinishedRuns) {
    ASSERT_TRUE(save_runs({measured("sum", 4, true)}, options_));
    options_.runs = 77;
    const auto runs = load_runs(options_);
    ASSERT_TRUE(runs) << base::render(runs.error());
    ASSERT_EQ(runs->size(), 1u);
    EXPECT_EQ(run_json(runs->front()), run_json(measured("sum", 4, true)));
    options_.steps += 1;
    EXPECT_THAT(base::render(load_runs(options_).error()), HasSubstr("only --kinds, --runs and --seed may"));
    options_.run.resume = false;
    EXPECT_TRUE(load_runs(options_)->empty());
}

TEST_F(Manifests, GoOnWithATableFromItsRuns) {
    options_.kinds = {"sum"};
    options_.runs = 2;
    ASSERT_TRUE(save_runs({measured("sum", 0, true), measured("sum", 1, false)}, options_));
    const auto table = manifest_table(options_);
    ASSERT_TRUE(table) << base::render(table.error());
    EXPECT_TRUE(table->complete);
    ASSERT_EQ(table->runs.size(), 2u);
    EXPECT_TRUE(table->runs[0].right());
    EXPECT_FALSE(table->runs[1].right());
}

TEST_F(Manifests, CountMirrorImagesApart) {
    ManifestTable table{.images = "glyphs", .steps = 1, .limit = 1, .runs = {}, .complete = true};
    table.runs = {measured("difference", 0, true), measured("difference", 1, false, true)};
    EXPECT_THAT(to_markdown(table),
                HasSubstr("| difference | 1 of 2 | 34 to 100% | 1 | 1 of 2 | 10.0% | 95.0% | 4.0 | 9.0 |"));
    EXPECT_THAT(to_csv(table), HasSubstr("difference,1,1,0,s1 + s2,1,0.1000,4.00,9.00\n"));
    EXPECT_EQ(nlohmann::json::parse(to_json(table))["runs"][0]["found"], "s1 + s2");
}

TEST_F(Manifests, RefuseUnknownKindsMissingImagesAndTooFewOfThem) {
    options_.kinds = {"quotient"};
    EXPECT_THAT(base::render(manifest_table(options_).error()), HasSubstr("sum, product, difference"));
    options_.kinds = {};
    options_.images = "mnist";
    EXPECT_THAT(base::render(manifest_table(options_).error()), HasSubstr("setting `data`"));
    const auto few = datasets::draw_glyphs({.train = 100, .test = 10, .seed = 1}).train;
    EXPECT_THAT(base::render(draw_manifest(manifest_kinds().front(), few, 0).error()),
                HasSubstr("at least 5000"));
}

} // namespace
} // namespace ropewalk::papers
