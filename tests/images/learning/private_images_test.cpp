// Tasks with images of their own: batches, decisions and learning.
#include <set>

#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/learning/learning.hpp"
#include "ropewalk/images/problems/problems.hpp"
#include "tests/scratch.hpp"

namespace ropewalk::learning {
namespace {

const std::vector<formula::Program> five_formulas() {
    const formula::Pool pool = *formula::formula_pool({.with_zero = false});
    return {pool.formulas.begin() + 20, pool.formulas.begin() + 25};
}

TEST(PrivateImages, ServeOneTaskEach) {
    const datasets::Dataset glyphs = datasets::draw_glyphs({.train = 103, .test = 10});
    perception::ExampleSource source = *perception::example_source(glyphs.train, five_formulas(), 4);
    ASSERT_TRUE(perception::give_private_images(source, 20));
    std::set<std::uint32_t> used;
    std::size_t given = 0;
    for (const auto& images : source.images_of_task) {
        used.insert(images.begin(), images.end());
        given += images.size();
    }
    EXPECT_EQ(source.images_of_task.size(), 5u);
    EXPECT_EQ(given, 103u);
    EXPECT_EQ(used.size(), 103u);
}

TEST(PrivateImages, AreRefusedWhereThereAreTooFew) {
    const datasets::Dataset glyphs = datasets::draw_glyphs({.train = 50, .test = 10});
    perception::ExampleSource source = *perception::example_source(glyphs.train, five_formulas(), 4);
    EXPECT_EQ(complaint(perception::give_private_images(source, 11), ""),
              "setting `private-images`: 50 images for 5 tasks; expected at least 11 images for each task\n");
}

TEST(PrivateImages, GiveEveryTaskOfAStepItsOwnRowsAndOutputs) {
    const datasets::Dataset glyphs = datasets::draw_glyphs({.train = 200, .test = 10});
    const auto programs = five_formulas();
    perception::ExampleSource source = *perception::example_source(glyphs.train, programs, 4);
    ASSERT_TRUE(perception::give_private_images(source, 8));
    const perception::BatchOptions options{.images = 8, .rows = 12, .tasks = 2};
    const perception::Batch batch = perception::draw_batch(source, options, 2);
    EXPECT_EQ(batch.tasks, (std::vector<std::uint32_t>{4, 0}));
    ASSERT_EQ(batch.gold.size(), 16u);
    ASSERT_EQ(batch.rows_of_images.size(), 2u * 12 * 3);
    ASSERT_EQ(batch.y.size(), 24u);
    for (std::size_t n = 0; n < 24; ++n) {
        std::vector<double> symbols;
        std::set<std::uint32_t> images;
        for (std::size_t v = 0; v < 3; ++v) {
            const std::uint32_t image = batch.rows_of_images[n * 3 + v];
            EXPECT_EQ(image / 8, n / 12);
            images.insert(image);
            symbols.push_back(batch.gold[image]);
        }
        EXPECT_EQ(images.size(), 3u);
        EXPECT_NEAR(batch.y[n], formula::evaluate(programs[batch.tasks[n / 12]], symbols), 1e-12);
    }
}

TEST(PrivateImages, DecideOnlyTheTasksOfAStep) {
    identification::Decisions decisions(3, 2);
    const std::vector<std::uint32_t> last_two{2, 1};
    decisions.add(std::vector<float>{0, 1, 1, 0}, 1, last_two);
    EXPECT_EQ(decisions.added(), (std::vector<std::size_t>{0, 1, 1}));
    EXPECT_EQ(decisions.tasks()[2].formula, 0u);
    EXPECT_EQ(decisions.tasks()[1].formula, 1u);
    EXPECT_EQ(decisions.tasks()[1].since, 1u);
    // The second error of a task has its full share, whatever steps others had.
    decisions.add(std::vector<float>{0, 6}, 2, std::vector<std::uint32_t>{1});
    EXPECT_EQ(decisions.tasks()[1].formula, 0u);
    EXPECT_NEAR(decisions.tasks()[1].margin, 5.0 / 6 * 6 - 1.0 / 6, 1e-6);
}

TEST(PrivateImages, AreEnoughForTheNetworksOwnSearch) {
    const Settings settings{
        .tasks = 12, .start = "network", .seed = 2, .refine_steps = 40, .private_images = true};
    const auto problem = problem_of(settings, 0);
    ASSERT_TRUE(problem);
    LearnOptions options = learn_options_of(settings);
    options.run.seconds = 0;
    options.run.threads = 1;
    options.annealing.steps = 100;
    options.least_steps = 250;
    options.most_steps = 350;
    const auto learned = learn(*problem, options);
    if (!learned) GTEST_SKIP() << base::render(learned.error());
    EXPECT_FALSE(learned->reading);
    std::size_t right = 0;
    for (std::size_t t = 0; t < 12; ++t) right += learned->decisions[t].formula == problem->tasks[t];
    EXPECT_GE(right, 10u);
}

TEST(PrivateImages, NeedTasksInEveryStep) {
    const auto problem = problem_of({.tasks = 10, .private_images = true}, 0);
    ASSERT_TRUE(problem);
    LearnOptions options;
    options.search_batch.images = options.refine_batch.images = 10;
    EXPECT_EQ(complaint(learn(*problem, options), ""),
              "tasks of a batch: 0; expected at least 1 where tasks have images of their own\n");
}

} // namespace
} // namespace ropewalk::learning
