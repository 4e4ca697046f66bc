// Tasks with images of their own, each by its own table of symbols.
#include "ropewalk/base/random.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/judging/judging.hpp"
#include "ropewalk/images/learning/learning.hpp"
#include "ropewalk/images/problems/problems.hpp"
#include "tests/scratch.hpp"

namespace ropewalk::learning {
namespace {

class PrivateTable : public testing::Test {
protected:
    PrivateTable() { set_up(3); }

    void set_up(std::uint64_t seed) {
        problem_ = *perception::make_problem(datasets::draw_glyphs({.train = 3000, .test = 10, .seed = seed}),
                                             {.tasks = 30, .seed = seed, .private_images = true});
        source_ = *perception::example_source(problem_, 20);
    }

    base::Result<PrivateTables> tables(int threads = 0) const {
        return find_private_tables(problem_, source_, identification::AlphabetPrior::even, threads);
    }

    perception::Problem problem_;
    perception::ExampleSource source_;
};

TEST_F(PrivateTable, HasTheFormulaOfATaskAmongItsCandidatesIfItHasSome) {
    std::size_t single = 0, none = 0;
    for (const std::uint64_t seed : {3, 4, 5, 6, 7, 8}) {
        set_up(seed);
        const auto found = tables();
        ASSERT_TRUE(found) << base::render(found.error());
        ASSERT_EQ(found->alphabet.size(), 10u);
        for (std::size_t k = 0; k < 10; ++k)
            EXPECT_NEAR(found->alphabet[k], static_cast<double>(k + 1) / 10, 1e-6);
        for (std::size_t t = 0; t < 30; ++t) {
            const auto& candidates = found->candidates[t];
            EXPECT_EQ(found->of_tasks[t] == identification::Determined::no, found->open(t));
            single += candidates.size() == 1;
            none += candidates.empty();
            if (candidates.empty()) continue;
            EXPECT_NE(std::find(candidates.begin(), candidates.end(), problem_.tasks[t]), candidates.end())
                << "task " << t << " of seed " << seed;
        }
    }
    EXPECT_GE(single, 162u);
    EXPECT_LE(none, 9u);
}

TEST_F(PrivateTable, SaysOnlyRightLetters) {
    const auto found = tables();
    ASSERT_TRUE(found);
    EXPECT_GE(found->images(), 2400u);
    for (std::size_t k = 0; k < 10; ++k)
        for (const std::uint32_t image : found->images_of_letter[k])
            EXPECT_EQ(problem_.dataset.train.labels[image], k + 1);
    const Reader::Page page = private_page(source_, *found, {.images = 50}, 7);
    ASSERT_EQ(page.letters.size(), 50u);
    EXPECT_EQ(page.pixels.size(), 50 * problem_.dataset.train.image_size());
    EXPECT_EQ(private_page(source_, *found, {.images = 50}, 7).letters, page.letters);
    EXPECT_NE(private_page(source_, *found, {.images = 50}, 8).letters, page.letters);
}

TEST_F(PrivateTable, IsTheSameAtAnyNumberOfThreads) {
    const auto one = tables(1), three = tables(3);
    ASSERT_TRUE(one && three);
    EXPECT_EQ(one->alphabet, three->alphabet);
    EXPECT_EQ(one->candidates, three->candidates);
    EXPECT_EQ(one->images_of_letter, three->images_of_letter);
    EXPECT_EQ(alphabet_errors(problem_, *one, 1), alphabet_errors(problem_, *three, 3));
}

TEST_F(PrivateTable, PrefersItsCandidatesByTheirErrors) {
    const auto found = tables();
    ASSERT_TRUE(found);
    const std::vector<float> errors = alphabet_errors(problem_, *found, 0);
    const std::size_t formulas = problem_.pool.formulas.size();
    ASSERT_EQ(errors.size(), 30 * formulas);
    for (std::size_t t = 0; t < 30; ++t)
        for (std::size_t f = 0; f < formulas; ++f)
            EXPECT_EQ(errors[t * formulas + f] == 0, f == found->candidates[t][0]);
}

TEST_F(PrivateTable, LeavesOpenTasksToTheScoresAmongCandidates) {
    PrivateTables two{.alphabet = {0.1, 0.2}, .candidates = {{2}, {1, 0}, {}}, .of_tasks = {}};
    identification::Decisions scored(3, 3);
    scored.add(std::vector<float>{0, 1, 2, 5, 6, 0, 3, 2, 1}, 9);
    const auto decided = decide_open_tasks(two, {{.formula = 2}, {.formula = 1}, {}}, scored);
    EXPECT_EQ(decided[0].formula, 2u);
    EXPECT_EQ(decided[1].formula, 0u);
    EXPECT_EQ(decided[1].runner_up, 1u);
    EXPECT_EQ(decided[1].margin, 1.0);
    EXPECT_EQ(decided[2].formula, 2u);
}

TEST_F(PrivateTable, IsRefusedWhereOutputsAreNotExact) {
    base::RandomStream random(4, base::Purpose::test);
    for (double& output : source_.outputs) output += 0.01 * random.normal();
    const auto found = tables();
    ASSERT_FALSE(found);
    EXPECT_NE(base::render(found.error()).find("of 30 tasks explained"), std::string::npos);
}

TEST_F(PrivateTable, EndsInRightProgramsAndAReader) {
    LearnOptions options = learn_options_of({.refine_steps = 80, .private_images = true});
    options.run.seconds = 0;
    options.run.threads = 1;
    const auto learned = learn(problem_, options);
    if (!learned) GTEST_SKIP() << base::render(learned.error());
    EXPECT_EQ(identification::formulas_of(learned->decisions), problem_.tasks);
    EXPECT_TRUE(learned->reading);
    EXPECT_EQ(learned->private_tables->count(identification::Determined::no), 0u);
    const auto judgement = perception::judge(problem_, *learned->engine, problem_.tasks, {.rows = 200});
    ASSERT_TRUE(judgement);
    EXPECT_LT(judgement->test.symbols.loss, 0.03);
}

} // namespace
} // namespace ropewalk::learning
