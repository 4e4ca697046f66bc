// A run from images to a judged answer, kept in a folder.
#include <atomic>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "ropewalk/images/perceiving/perceiving.hpp"
#include "tests/scratch.hpp"

namespace ropewalk::perceiving {
namespace {

using testing::HasSubstr;

class Perceiving : public Scratch {
protected:
    static learning::Settings glyphs() { return {.tasks = 12, .refine_steps = 40}; }

    PerceiveOptions options(const std::string& name) {
        PerceiveOptions options;
        options.run.seconds = 0;
        options.run.threads = 1;
        options.folder = path(name);
        options.generalise = false;
        return options;
    }
    static bool has_no_libtorch(const base::Result<Perceived>& run) {
        return !run && base::render(run.error()).find("libtorch") != std::string::npos;
    }
    std::string file(const std::string& run, const char* name) const {
        return base::read_file(path(run + "/" + name)).value_or("no file");
    }
};

TEST_F(Perceiving, LeavesItsAnswerInTheFolderAndInTheValue) {
    std::size_t opened = 0;
    PerceiveOptions of_run = options("run");
    of_run.opened = [&](const perception::Problem& problem) { opened = problem.task_count(); };
    const auto run = perceive(glyphs(), of_run);
    if (has_no_libtorch(run)) GTEST_SKIP() << "no libtorch";
    ASSERT_TRUE(run) << base::render(run.error());
    EXPECT_EQ(opened, 12u);
    EXPECT_TRUE(run->is_explained());
    ASSERT_TRUE(run->judgement);
    EXPECT_EQ(file("run", learning::run_name), to_json(*run));
    EXPECT_EQ(nlohmann::json::parse(to_json(*run))["programs_right"], run->judgement->programs_right);
    const auto again = perception::judge(run->problem, *run->learned.engine,
                                         identification::formulas_of(run->learned.decisions));
    ASSERT_TRUE(again) << "the value owns all that its reader needs";
    EXPECT_EQ(again->programs_right, run->judgement->programs_right);
}

TEST_F(Perceiving, StoppedAndResumedEndsAsUndisturbed) {
    const auto whole = perceive(glyphs(), options("whole"));
    if (has_no_libtorch(whole)) GTEST_SKIP() << "no libtorch";
    ASSERT_TRUE(whole) << base::render(whole.error());
    std::atomic<bool> asked = false;
    PerceiveOptions part = options("part");
    part.run.stop = base::Stop(asked);
    part.run.progress = [&](long done, long, const std::string&) { asked = done > 0; };
    const auto begun = perceive(glyphs(), part);
    ASSERT_TRUE(begun) << base::render(begun.error());
    EXPECT_NE(begun->learned.phase, learning::Phase::done);

    const auto settings = settings_of_run(path("part"));
    ASSERT_TRUE(settings && *settings);
    PerceiveOptions rest = options("part");
    rest.resume = true;
    const auto resumed = perceive(**settings, rest);
    ASSERT_TRUE(resumed) << base::render(resumed.error());
    for (const char* name : {learning::weights_name, learning::programs_name})
        EXPECT_EQ(file("part", name), file("whole", name)) << name;
}

TEST_F(Perceiving, ReplacesARunOnlyWhenAsked) {
    std::filesystem::create_directories(path("run"));
    write("run/run.json", "{}");
    const auto refused = perceive(glyphs(), options("run"));
    ASSERT_FALSE(refused);
    EXPECT_THAT(base::render(refused.error()), HasSubstr("run.json"));
    EXPECT_EQ(file("run", learning::run_name), "{}");
}

TEST_F(Perceiving, ResumesOnlyWhereThereIsARun) {
    EXPECT_FALSE(settings_of_run(""));
    EXPECT_THAT(base::render(settings_of_run(path("nowhere")).error()), HasSubstr("no folder"));
    std::filesystem::create_directories(path("empty"));
    EXPECT_THAT(base::render(settings_of_run(path("empty")).error()), HasSubstr("no run in"));
    PerceiveOptions nowhere;
    nowhere.resume = true;
    EXPECT_THAT(base::render(perceive(glyphs(), nowhere).error()), HasSubstr("setting `resume`: no folder"));
    // Not another run in its place.
    nowhere.folder = path("empty");
    EXPECT_THAT(base::render(perceive(glyphs(), nowhere).error()), HasSubstr("no run in"));
}

TEST_F(Perceiving, RefusesSettingsOutOfRange) {
    PerceiveOptions negative = options("run");
    negative.checkpoint_seconds = -1;
    EXPECT_THAT(base::render(perceive(glyphs(), negative).error()), HasSubstr("setting `checkpoint_seconds`: -1"));
}

TEST(ExplainsAnOutput, WhoLeavesLessThanHalfOfItsVariance) {
    EXPECT_TRUE(perception::explains(0.49));
    EXPECT_FALSE(perception::explains(0.5));
}

} // namespace
} // namespace ropewalk::perceiving
