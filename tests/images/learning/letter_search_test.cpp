// Likelihoods of outputs where images are read as letters, and learning to read by them.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/formulas/text/text.hpp"
#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/judging/judging.hpp"
#include "ropewalk/images/learning/learning.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"
#include "tests/drawn_rows.hpp"
#include "tests/places.hpp"
#include "tests/scratch.hpp"
#include "tests/stop_after.hpp"

namespace ropewalk::learning {
namespace {

using Symbols = std::vector<double>;

class LetterLikelihoods : public testing::Test {
protected:
    LetterLikelihoods() {
        base::RandomStream random(2, base::Purpose::test);
        for (const double scale : {3.0, 1.0, 0.2})
            for (std::size_t i = 0; i < images * alphabet_.size() / 3; ++i)
                logits_.push_back(scale * random.normal());
        for (std::size_t n = 0; n < rows; ++n) {
            const std::uint32_t a = random.below(images), b = random.below(images);
            batch_.rows_of_images.insert(batch_.rows_of_images.end(), {a, b});
        }
        // Two tasks: outputs of letters drawn at random, the last row's of none.
        std::vector<double> first, second;
        for (std::size_t n = 0; n < rows; ++n) {
            const double x = alphabet_[random.below(4)], y = alphabet_[random.below(4)];
            first.push_back(n + 1 == rows ? 99 : x + y);
            second.push_back(x * y);
        }
        batch_.y = first;
        batch_.y.insert(batch_.y.end(), second.begin(), second.end());
    }

    std::vector<double> probabilities(const std::vector<double>& logits) const {
        std::vector<double> result;
        const std::size_t letters = alphabet_.size();
        for (std::size_t i = 0; i < images; ++i) {
            double sum = 0;
            for (std::size_t k = 0; k < letters; ++k) sum += std::exp(logits[i * letters + k]);
            for (std::size_t k = 0; k < letters; ++k)
                result.push_back(std::exp(logits[i * letters + k]) / sum);
        }
        return result;
    }

    static constexpr std::size_t images = 6, rows = 9;
    formula::Pool pool_ = *formula::formula_pool({.variables = 2, .operators = 2, .with_zero = false});
    identification::MonomialTable table_ = *identification::monomial_table(pool_.formulas);
    Symbols alphabet_{0, 1, 2, 4};
    std::vector<double> logits_;
    perception::Batch batch_;
    std::vector<std::vector<std::size_t>> candidates_{{3, 9}, {5, 2}, {0, 11}};
    std::vector<double> tolerances_{1e-6, 1e-6};
};

TEST_F(LetterLikelihoods, AreThoseOfAllRowsOfLetters) {
    // The right formulas, whatever their places in the pool, beside others.
    for (std::size_t f = 0; f < pool_.formulas.size(); ++f) {
        if (formula::written_text(pool_.formulas[f]) == "s1 + s2") candidates_[0][0] = f;
        if (formula::written_text(pool_.formulas[f]) == "s1 * s2") candidates_[0][1] = f;
    }
    const perception::LetterLikelihood likelihood(table_, alphabet_, candidates_, tolerances_, 20);
    const std::vector<double> weights{0.5, 0.3, 0.2}, read = probabilities(logits_);
    const perception::LetterLoss loss = likelihood.loss(batch_, read, weights);
    const std::vector<double> plain =
        perception::letter_log_likelihoods(table_, alphabet_, candidates_, tolerances_, 20, batch_, read);
    ASSERT_EQ(loss.log_likelihoods.size(), 3u);
    double sum = 0;
    for (std::size_t c = 0; c < 3; ++c) {
        EXPECT_NEAR(loss.log_likelihoods[c], plain[c], 1e-12);
        sum -= weights[c] * plain[c];
    }
    EXPECT_NEAR(loss.loss, sum, 1e-12);
    EXPECT_GT(plain[0], plain[1]) << "the right formulas";
}

TEST_F(LetterLikelihoods, HaveGradientsThatFiniteDifferencesConfirm) {
    const perception::LetterLikelihood likelihood(table_, alphabet_, candidates_, tolerances_, 20);
    const std::vector<double> weights{0.6, 0.4, 0};
    const perception::LetterLoss loss = likelihood.loss(batch_, probabilities(logits_), weights);
    const std::size_t letters = alphabet_.size();
    for (std::size_t i = 0; i < images; ++i) {
        double sum = 0;
        for (std::size_t k = 0; k < letters; ++k) sum += loss.gradient[i * letters + k];
        const std::vector<double> read = probabilities(logits_);
        for (std::size_t k = 0; k < letters; ++k) {
            const auto at = [&](double step) {
                std::vector<double> moved = logits_;
                moved[i * letters + k] += step;
                return likelihood.loss(batch_, probabilities(moved), weights).loss;
            };
            const double expected = (at(1e-5) - at(-1e-5)) / 2e-5;
            // By the logit: that of a logarithm of a softmax.
            const double found = loss.gradient[i * letters + k] - read[i * letters + k] * sum;
            EXPECT_NEAR(found, expected, 1e-8);
        }
    }
}

/// Glyphs in rows of two, and what is to be found of them.
class LearningLetters : public Scratch {
protected:
    void SetUp() override {
        Scratch::SetUp();
        if (!has_libtorch()) GTEST_SKIP() << "no libtorch";
    }

    static perception::Problem problem_of(const std::vector<std::function<double(const Symbols&)>>& tasks,
                                          std::size_t rows = 700) {
        const DrawnRows drawn = draw_rows(rows, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 2, tasks);
        perception::GivenData data{
            .images = datasets::draw_glyphs({.train = 2 * rows, .test = 10, .seed = 1}).train,
            .files = {},
            .rows = {.rows = rows, .images = {}, .y = drawn.y},
            .outputs = std::vector<std::string>(tasks.size(), "y")};
        const auto by_label = datasets::images_by_label(data.images);
        std::vector<std::size_t> used(by_label.size());
        for (const std::size_t letter : drawn.letters)
            data.rows.images.push_back(by_label[letter][used[letter]++ % by_label[letter].size()]);
        const perception::GivenOptions options{.scale = 10, .seed = 0};
        perception::Problem problem = *perception::make_given_problem(2, options);
        EXPECT_TRUE(perception::give_rows(problem, std::move(data), options, "drawn rows"));
        return problem;
    }

    static LearnOptions options() {
        LearnOptions options;
        options.run.seconds = 0;
        options.refine_steps = 20;
        options.reading_batch.rows = 64;
        options.searches = 3;
        options.run.threads = 1;
        return options;
    }

    static std::string text(const perception::Problem& problem, const Learned& learned,
                            std::size_t task = 0) {
        return formula::written_text(problem.pool.formulas[learned.decisions[task].formula]);
    }
};

TEST_F(LearningLetters, FindsTheSumOfTwoDigitsFromOneOutput) {
    const perception::Problem problem = problem_of({[](const Symbols& s) { return s[0] + s[1]; }});
    LearnOptions wanted = options();
    wanted.refine_steps = 100;
    const auto learned = learn(problem, wanted);
    ASSERT_TRUE(learned) << base::render(learned.error());
    ASSERT_TRUE(learned->letters) << learned->no_letters;
    EXPECT_TRUE(learned->settled);
    EXPECT_EQ(text(problem, *learned), "s1 + s2");
    EXPECT_EQ(learned->reading->alphabet.size(), 10u);
    EXPECT_TRUE(learned->letters->mirror_image.empty());
    EXPECT_GT(learned->letters->read, 0.6 * learned->letters->unseen);
    const auto judgement =
        perception::judge_given(problem, *learned->engine, identification::formulas_of(learned->decisions));
    ASSERT_TRUE(judgement);
    ASSERT_EQ(judgement->exact.size(), 1u);
    // Of 70 rows; a constant gets one in ten.
    EXPECT_GT(judgement->exact[0], 0.5);
}

TEST_F(LearningLetters, LetsTheImagesTellTheVariablesApart) {
    const perception::Problem problem = problem_of({[](const Symbols& s) { return s[1] + s[0] * s[1]; }});
    const auto learned = learn(problem, options());
    ASSERT_TRUE(learned) << base::render(learned.error());
    ASSERT_TRUE(learned->letters) << learned->no_letters;
    EXPECT_GE(learned->letters->candidates, 2u);
    EXPECT_EQ(text(problem, *learned), "s2 + s1 * s2");
}

TEST_F(LearningLetters, StoppedAndResumedEndsAsUndisturbed) {
    const perception::Problem problem = problem_of({[](const Symbols& s) { return s[0] - s[1]; }}, 300);
    LearnOptions wanted = options();
    wanted.reading_batch.rows = 16;
    const auto undisturbed = learn(problem, wanted);
    ASSERT_TRUE(undisturbed) << base::render(undisturbed.error());
    wanted.checkpoint_file = path("checkpoint.safetensors");
    for (const int steps : {5, 60, 90}) {
        stop_at_step(wanted.run, steps);
        wanted.resume = steps != 5;
        const auto stopped = learn(problem, wanted);
        ASSERT_TRUE(stopped) << base::render(stopped.error());
        EXPECT_EQ(stopped->letters.has_value(), stopped->reading.has_value());
        EXPECT_TRUE(stopped->decided);
    }
    wanted.run.stop = nullptr;
    const auto resumed = learn(problem, wanted);
    ASSERT_TRUE(resumed) << base::render(resumed.error());
    EXPECT_EQ(resumed->decisions, undisturbed->decisions);
    EXPECT_EQ(resumed->images, undisturbed->images);
    // The images cannot tell s1 - s2 from s2 - s1 with the letters in reverse order.
    ASSERT_TRUE(resumed->letters);
    EXPECT_EQ(resumed->letters->mirror_image.size(), 1u);
    EXPECT_EQ(perception::to_safetensors(resumed->engine->weights()),
              perception::to_safetensors(undisturbed->engine->weights()));
}

TEST_F(LearningLetters, RefusesACheckpointOfOtherRows) {
    LearnOptions wanted = options();
    wanted.reading_batch.rows = 8;
    wanted.checkpoint_file = path("checkpoint.safetensors");
    stop_at_step(wanted.run, 3);
    ASSERT_TRUE(learn(problem_of({[](const Symbols& s) { return s[0] - s[1]; }}, 200), wanted));
    wanted.run.stop = nullptr;
    wanted.resume = true;
    wanted.letters = {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9}; // one formula is left with these
    const auto resumed = learn(problem_of({[](const Symbols& s) { return s[0] + s[1]; }}, 200), wanted);
    EXPECT_EQ(complaint(resumed, folder_),
              "checkpoint.safetensors: a search for letters in other rows; expected "
              "the manifest with which the run began\n");
}

TEST_F(LearningLetters, SearchesAsEverWhereImagesDoNotShowThem) {
    perception::Problem problem = problem_of({[](const Symbols& s) { return s[0] + s[1]; }}, 200);
    std::fill(problem.dataset.train.pixels.begin(), problem.dataset.train.pixels.end(), std::uint8_t{7});
    LearnOptions wanted = options();
    wanted.searches = 1;
    wanted.most_steps = 5;
    wanted.reading_batch.rows = 8;
    const auto learned = learn(problem, wanted);
    ASSERT_TRUE(learned) << base::render(learned.error());
    EXPECT_FALSE(learned->letters);
    EXPECT_THAT(learned->no_letters, testing::HasSubstr("hardly read"));
    EXPECT_EQ(learned->search_steps, 5u);
}

TEST_F(LearningLetters, SearchesAsEverWhereOutputsDoNotTell) {
    perception::Problem problem = problem_of({[](const Symbols& s) { return s[0] + s[1]; }}, 200);
    base::RandomStream random(3, base::Purpose::test);
    for (perception::GivenRows* rows : {&problem.given()->training, &problem.given()->validation})
        for (double& y : rows->y) y += 0.1 * random.normal();
    LearnOptions wanted = options();
    wanted.searches = 1;
    wanted.most_steps = 10;
    wanted.least_steps = 5;
    const auto learned = learn(problem, wanted);
    ASSERT_TRUE(learned) << base::render(learned.error());
    EXPECT_FALSE(learned->letters);
    EXPECT_THAT(learned->no_letters, testing::HasSubstr("different outputs"));
    EXPECT_EQ(learned->search_steps, 10u);
}

} // namespace
} // namespace ropewalk::learning
