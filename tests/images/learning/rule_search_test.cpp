// Rules beside the pool's formulas, learned together with reading the letters.
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/images/datasets/datasets.hpp"
#include "ropewalk/images/judging/judging.hpp"
#include "ropewalk/images/learning/learning.hpp"
#include "ropewalk/images/problems/problems.hpp"
#include "tests/drawn_rows.hpp"
#include "tests/places.hpp"
#include "tests/scratch.hpp"
#include "tests/stop_after.hpp"

namespace ropewalk::learning {
namespace {

using Symbols = std::vector<double>;

/// Glyphs of some digits in rows.
class LearningRules : public Scratch {
protected:
    void SetUp() override {
        Scratch::SetUp();
        if (!has_libtorch()) GTEST_SKIP() << "no libtorch";
    }

    static perception::Problem problem_of(std::size_t places, const std::function<double(const Symbols&)>& rule,
                                          std::size_t rows, std::size_t digits = 10) {
        Symbols letters(digits);
        std::iota(letters.begin(), letters.end(), 0.0);
        const DrawnRows drawn = draw_rows(rows, letters, places, {rule});
        perception::GivenData data{.images = datasets::draw_glyphs({.train = 1500, .test = 10, .seed = 1}).train,
                                   .files = {},
                                   .rows = {.rows = rows, .images = {}, .y = drawn.y},
                                   .outputs = {"y"}};
        const auto by_label = datasets::images_by_label(data.images);
        std::vector<std::size_t> used(by_label.size());
        for (const std::size_t letter : drawn.letters)
            data.rows.images.push_back(by_label[letter][used[letter]++ % by_label[letter].size()]);
        const perception::GivenOptions options{.scale = 10, .seed = 0};
        perception::Problem problem = *perception::make_given_problem(places, options);
        EXPECT_TRUE(perception::give_rows(problem, std::move(data), options, "drawn rows"));
        return problem;
    }

    /// With letters given, so that no others are tried.
    static LearnOptions options(std::size_t letters) {
        LearnOptions options;
        for (std::size_t k = 0; k < letters; ++k) options.letters.push_back(static_cast<double>(k) / 10);
        options.run.seconds = 0;
        options.refine_steps = 20;
        options.reading_batch.rows = 32;
        options.run.threads = 1;
        return options;
    }

    /// Share of the rows kept whose outputs come out.
    static double exact(const perception::Problem& problem, const Learned& learned) {
        const auto judgement =
            perception::judge_given(problem, *learned.engine, identification::formulas_of(learned.decisions),
                                    {.rules = learned.letters->rules, .threads = 1});
        EXPECT_TRUE(judgement);
        return judgement->exact.at(0);
    }
};

TEST_F(LearningRules, FindsAMaximum) {
    const perception::Problem problem =
        problem_of(2, [](const Symbols& s) { return std::max(s[0], s[1]); }, 400, 4);
    const auto learned = learn(problem, options(4));
    ASSERT_TRUE(learned) << base::render(learned.error());
    ASSERT_TRUE(learned->letters) << learned->no_letters;
    EXPECT_TRUE(is_beside_pool(*learned));
    EXPECT_EQ(answers_of(problem, *learned).at(0).text, "max(s1, s2)");
    EXPECT_GT(exact(problem, *learned), 0.6);
}

TEST_F(LearningRules, FindsASumOfManyImages) {
    const perception::Problem problem =
        problem_of(8, [](const Symbols& s) { return std::accumulate(s.begin(), s.end(), 0.0); }, 300, 2);
    const auto learned = learn(problem, options(2));
    ASSERT_TRUE(learned) << base::render(learned.error());
    ASSERT_TRUE(learned->letters) << learned->no_letters;
    EXPECT_EQ(answers_of(problem, *learned).at(0).text, "sum(s)");
    EXPECT_GT(exact(problem, *learned), 0.5);
}

TEST_F(LearningRules, FindsASumOfLongNumbersWhoseOutputsAllDiffer) {
    const perception::Problem problem = problem_of(
        24,
        [](const Symbols& s) {
            double sum = 0;
            for (std::size_t i = 0; i < 12; ++i) sum = 10 * sum + s[i] + s[12 + i];
            return sum;
        },
        150, 4);
    const auto learned = learn(problem, options(4));
    ASSERT_TRUE(learned) << base::render(learned.error());
    ASSERT_TRUE(learned->letters) << learned->no_letters;
    EXPECT_THAT(answers_of(problem, *learned).at(0).text,
                testing::AllOf(testing::StartsWith("100000000000*s1 + 10000000000*s2"), testing::EndsWith("10*s23 + s24")));
    EXPECT_GT(exact(problem, *learned), 0.5);
}

/// Rows of two glyphs of six, their outputs, and all rules over two of them.
class Clusters : public testing::Test {
protected:
    const Symbols letters_{0, 1, 2, 3, 4, 5};
    const datasets::Images images_ = datasets::draw_glyphs({.train = 1500, .test = 10, .seed = 1}).train;
    const identification::MonomialTable pool_ = *identification::monomial_table({formula::variable(2, 0)});
    const rules::RuleFamilies families_ = rules::formula_families({}, 2, std::vector<double>{0, 1});
    const identification::Hypotheses hypotheses_{pool_, families_.rules};

    struct Rows {
        perception::GivenRows given;
        std::map<std::uint32_t, std::size_t> letter_of_image;
    };

    Rows rows_of(const std::function<double(const Symbols&)>& rule) const {
        const std::size_t rows = 600;
        const DrawnRows drawn = draw_rows(rows, letters_, 2, {rule});
        const auto by_label = datasets::images_by_label(images_);
        Rows result{.given = {.rows = rows, .images = {}, .y = drawn.y}, .letter_of_image = {}};
        std::vector<std::size_t> used(by_label.size());
        for (const std::size_t letter : drawn.letters) {
            result.given.images.push_back(by_label[letter][used[letter]++ % by_label[letter].size()]);
            result.letter_of_image[result.given.images.back()] = letter;
        }
        return result;
    }

    ClusterLetters letters(const ClusterSearch& search, const std::string& text, const ClusterEffort& effort) const {
        std::size_t number = 0;
        while (families_.rules[number].text != text) ++number;
        const perception::LetterLikelihood likelihood(hypotheses_, letters_, {{number + 1}}, {1e-6}, 2);
        return search.letters(
            letters_.size(),
            [&](const perception::Batch& batch, std::span<const double> probabilities) {
                return likelihood.loss(batch, probabilities, Symbols{1});
            },
            effort);
    }
};

TEST_F(Clusters, TellLettersUnderTheRightRuleAlone) {
    const ClusterSearch search(images_, rows_of([](const Symbols& s) { return s[0] == s[1]; }).given, 1, 1);
    EXPECT_GT(letters(search, "s1 = s2", {.starts = 12, .splits = 2}).log_likelihood,
              letters(search, "s1 < s2", {.starts = 12, .splits = 2}).log_likelihood + 0.1);
}

TEST_F(Clusters, SeldomGiveTwoGlyphsOneLetterWhereAnotherIsFree) {
    const Rows rows = rows_of([](const Symbols& s) { return s[0] < s[1]; });
    constexpr std::uint64_t seeds = 8;
    int own = 0;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        const ClusterLetters found = letters(ClusterSearch(images_, rows.given, seed, 1), "s1 < s2",
                                             {.starts = 1, .ordered = false, .splits = 8});
        std::vector<std::vector<int>> shown(letters_.size(), std::vector<int>(letters_.size()));
        for (std::size_t i = 0; i < found.images.size(); ++i)
            if (found.letters[i] >= 0)
                ++shown[rows.letter_of_image.at(found.images[i])][static_cast<std::size_t>(found.letters[i])];
        for (std::size_t glyph = 0; glyph < shown.size(); ++glyph)
            own += std::max_element(shown[glyph].begin(), shown[glyph].end()) - shown[glyph].begin() ==
                   static_cast<std::ptrdiff_t>(glyph);
    }
    // Of 48, from one start each, and on clusters some of which hold several glyphs; 36 where no letter is split.
    EXPECT_GE(own, 42);
}

TEST_F(Clusters, RiseOrFallWithTheOutputsToBeginWith) {
    const Rows rows = rows_of([](const Symbols& s) { return s[0] < s[1]; });
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
        const ClusterSearch search(images_, rows.given, seed, 1);
        EXPECT_GT(letters(search, "s1 < s2", {.starts = 0}).log_likelihood,
                  letters(search, "s1 < s2", {.starts = 3, .ordered = false}).log_likelihood)
            << "seed " << seed;
    }
}

TEST_F(LearningRules, SaysWhatIsAskedWhereLongRowsAreNotExplained) {
    const perception::Problem problem = problem_of(
        7, [](const Symbols& s) { return 100 * s[0] + s[3] * s[4] + 0.25 * s[6] * s[6]; }, 60);
    const auto learned = learn(problem, options(10));
    ASSERT_TRUE(learned) << base::render(learned.error());
    EXPECT_FALSE(learned->decided);
    EXPECT_THAT(learned->no_letters, testing::HasSubstr("sums (with a constant"));
}

TEST_F(LearningRules, StoppedAndResumedEndsAsUndisturbed) {
    const perception::Problem problem =
        problem_of(2, [](const Symbols& s) { return std::min(s[0], s[1]); }, 200, 3);
    LearnOptions wanted = options(3);
    wanted.reading_batch.rows = 16;
    wanted.refine_steps = 10;
    const auto undisturbed = learn(problem, wanted);
    ASSERT_TRUE(undisturbed) << base::render(undisturbed.error());
    ASSERT_TRUE(undisturbed->letters) << undisturbed->no_letters;
    wanted.checkpoint_file = path("checkpoint.safetensors");
    for (const int steps : {60, 90}) {
        stop_at_step(wanted.run, steps);
        wanted.resume = steps != 60;
        ASSERT_TRUE(learn(problem, wanted));
    }
    wanted.run.stop = nullptr;
    const auto resumed = learn(problem, wanted);
    ASSERT_TRUE(resumed) << base::render(resumed.error());
    ASSERT_TRUE(resumed->letters);
    EXPECT_EQ(answers_of(problem, *resumed).at(0).text, answers_of(problem, *undisturbed).at(0).text);
    EXPECT_EQ(perception::to_safetensors(resumed->engine->weights()),
              perception::to_safetensors(undisturbed->engine->weights()));
}

} // namespace
} // namespace ropewalk::learning
