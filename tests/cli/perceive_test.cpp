// What perceive and evaluate say about bad input, and that a run survives being killed.
#include <cstdlib>
#include <random>

#include "tests/cli/command.hpp"

namespace ropewalk::cli {
namespace {

using testing::HasSubstr;

class Perceive : public Command {};

TEST_F(Perceive, ExplainsItselfWithAnExample) {
    EXPECT_THAT(run({"perceive", "--help"}).out, HasSubstr("Example: ropewalk perceive"));
    EXPECT_THAT(run({"evaluate", "--help"}).out, HasSubstr("Example: ropewalk evaluate"));
    EXPECT_THAT(run({"propose", "--help"}).out, HasSubstr("Example: ropewalk propose"));
}

TEST_F(Perceive, NamesWhatIsWrongWithItsImages) {
    const Outcome none = run({"perceive", "--images", "mnist"});
    EXPECT_EQ(none.code, 2);
    EXPECT_EQ(none.err, "--data: no folder; expected the folder with the files of mnist\n");
    const Outcome missing = run({"perceive", "--images", "cifar10", "--data", path("nowhere")});
    EXPECT_EQ(missing.code, 2);
    EXPECT_EQ(missing.err,
              path("nowhere/data_batch_1.bin") + ": no such file; expected a file that exists\n");
    const Outcome unknown = run({"perceive", "--images", "cats"});
    EXPECT_EQ(unknown.code, 2);
    EXPECT_THAT(unknown.err, HasSubstr("cats"));
}

TEST_F(Perceive, ResumesOnlyInAFolder) {
    const Outcome outcome = run({"perceive", "--resume"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.err, "--resume: no folder; expected -o with the folder of the run\n");
}

TEST_F(Perceive, ResumesNoRunThatWasNeverStarted) {
    const Outcome outcome = run({"perceive", "--resume", "-o", path("nowhere")});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("--resume: no folder '" + path("nowhere") + "'"));
}

/// ROPEWALK_KILLS sets how often; each kill costs a start.
TEST_F(Perceive, KilledAtRandomMomentsAndResumedEndsAsUndisturbed) {
    const auto arguments = [&](const std::string& output) {
        return std::vector<std::string>{
            "perceive",  "--images",   "glyphs",         "--tasks", "12",
            "--threads", "1",          "--seconds",      "0",       "--quiet",
            "-o",        path(output), "--refine-steps", "60",      "--checkpoint-seconds",
            "0.1"};
    };
    const auto begun = std::chrono::steady_clock::now();
    const Outcome undisturbed = run(arguments("undisturbed"));
    if (undisturbed.err.find("libtorch") != std::string::npos) GTEST_SKIP() << undisturbed.err;
    ASSERT_EQ(undisturbed.code, 0) << undisturbed.err;
    const auto whole = std::chrono::steady_clock::now() - begun;
    const char* const kills = std::getenv("ROPEWALK_KILLS");
    std::mt19937 random(1);
    std::vector<std::string> resumed = arguments("killed");
    for (int i = 0; i < (kills ? std::atoi(kills) : 3); ++i) {
        const pid_t process = start(i == 0 ? arguments("killed") : resumed);
        std::this_thread::sleep_for(whole * std::uniform_real_distribution(0.1, 0.9)(random));
        kill(process, SIGKILL);
        finish(process);
        if (i == 0) resumed.push_back("--resume");
        std::filesystem::create_directories(path("killed"));
    }
    const Outcome last = run(resumed);
    ASSERT_EQ(last.code, 0) << last.err;
    for (const char* file : {"weights.safetensors", "programs.json"})
        EXPECT_EQ(read(folder / "killed" / file), read(folder / "undisturbed" / file)) << file;
}

TEST_F(Perceive, DoesNotReplaceARun) {
    write("run.json", "{}");
    const Outcome outcome =
        run({"perceive", "-o", std::filesystem::path(path("run.json")).parent_path().string()});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("a folder with run.json in it"));
    EXPECT_THAT(outcome.err, HasSubstr("--resume goes on with a run that was stopped"));
}

TEST_F(Perceive, EvaluatesOnlyRuns) {
    const Outcome outcome = run({"evaluate", path("nowhere")});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.err,
              path("nowhere/weights.safetensors") + ": no such file; expected a file that exists\n");
}

TEST_F(Perceive, ProposesOnlyWithASynthesizer) {
    const Outcome outcome = run({"propose", path("nowhere"), path("table.csv")});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.err,
              path("nowhere/synthesizer.safetensors") + ": no such file; expected a file that exists\n");
    EXPECT_THAT(run({"perceive", "--amortise-steps", "5"}).err, HasSubstr("--amortise"));
}

} // namespace
} // namespace ropewalk::cli
