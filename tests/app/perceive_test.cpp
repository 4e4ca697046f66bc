// What perceive and evaluate say about bad input, and that a run survives being killed.
#include <cstdlib>
#include <random>

#include "tests/app/command.hpp"
#include "tests/image_bytes.hpp"

namespace ropewalk::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class Perceive : public Command {};

TEST_F(Perceive, ExplainsItselfWithAnExample) {
    EXPECT_THAT(run({"perceive", "--help"}).out, HasSubstr("Example: ropewalk perceive"));
    EXPECT_THAT(run({"evaluate", "--help"}).out, HasSubstr("Example: ropewalk evaluate"));
    EXPECT_THAT(run({"propose", "--help"}).out, HasSubstr("Example: ropewalk propose"));
    EXPECT_THAT(run({"predict", "--help"}).out, HasSubstr("Example: ropewalk predict"));
    EXPECT_THAT(run({"read", "--help"}).out, HasSubstr("Example: ropewalk read"));
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

TEST_F(Perceive, HasAsManyTasksAsThePool) {
    const Outcome outcome = run({"perceive", "--tasks", "1102"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.err,
              "--tasks: 1102; expected 1 to 1101, as many formulas of up to 3 operators there are\n");
    const Outcome larger = run({"perceive", "--tasks", "8604", "--operators", "4"});
    EXPECT_EQ(larger.code, 2);
    EXPECT_THAT(larger.err, HasSubstr("1 to 8603"));
    EXPECT_EQ(run({"perceive", "--tasks", "0"}).code, 2);
}

TEST_F(Perceive, NamesWhatIsWrongWithAManifest) {
    const Outcome missing = run({"perceive", "--manifest", path("none.csv")});
    EXPECT_EQ(missing.code, 2);
    EXPECT_EQ(missing.err, path("none.csv") + ": no such file; expected a file that exists\n");
    std::string text = "left,y\n";
    for (int n = 0; n < 60; ++n) text += "a.png," + std::to_string(n) + "\n";
    const Outcome image = run({"perceive", "--manifest", write("data.csv", text)});
    EXPECT_EQ(image.code, 2);
    EXPECT_EQ(image.err, path("data.csv") + ":2: image 'a.png': no such file; expected a file that exists\n");
    EXPECT_EQ(run({"perceive", "--manifest", path("data.csv"), "--images", "mnist"}).code, 2);
    EXPECT_EQ(run({"perceive", "--scale", "3"}).code, 2);
    const Outcome few = run({"perceive", "--manifest", write("few.csv", "left,y\na.png,1\n")});
    EXPECT_EQ(few.code, 2);
    EXPECT_THAT(few.err, HasSubstr("1 rows; expected at least 50"));
}

TEST_F(Perceive, LeavesNoFolderBehindWhereItsInputIsRefused) {
    EXPECT_EQ(run({"perceive", "--manifest", path("none.csv"), "-o", path("mine")}).code, 2);
    EXPECT_EQ(run({"perceive", "--manifest", path("none.csv"), "--seeds", "2", "-o", path("mine")}).code, 2);
    EXPECT_EQ(run({"perceive", "--images", "mnist", "--data", path("none"), "-o", path("mine")}).code, 2);
    EXPECT_EQ(run({"reproduce", "digits", "--data", path("none"), "-o", path("digits")}).code, 2);
    EXPECT_FALSE(std::filesystem::exists(path("mine")));
    EXPECT_FALSE(std::filesystem::exists(path("digits")));
}

TEST_F(Perceive, NamesWhatIsWrongWithFilesOfMnist) {
    const auto images = [](std::uint8_t kind) {
        return std::string{0, 0, 8, static_cast<char>(kind), 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 8};
    };
    const std::string labels{0, 0, 8, 1, 0, 0, 0, 1, 12}, pixels(64, 'x');
    const auto said = [&](const std::string& first, const std::string& second) {
        write("train-images-idx3-ubyte", first);
        write("train-labels-idx1-ubyte", second);
        const Outcome outcome = run({"perceive", "--images", "mnist", "--data", folder.string()});
        EXPECT_EQ(outcome.code, 2);
        return outcome.err;
    };
    EXPECT_THAT(said(images(3) + pixels.substr(5), labels), HasSubstr("the file is cut short"));
    EXPECT_THAT(said(images(4) + pixels, labels), HasSubstr("magic number 0x00000804"));
    EXPECT_THAT(said(images(3) + pixels, labels), HasSubstr("label 12 of image 1; expected 0 to 9"));
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

TEST_F(Perceive, ResumesWithTheSettingsOfTheRunButForThoseItIsGiven) {
    write("settings.json", R"({"images": "mnist", "data": ")" + path("nowhere") +
                               R"(", "tasks": 7, "network": "small", "width": 64, "stem": "standard",
                                  "seed": 3, "refine_steps": null})");
    const auto resume = [&](std::vector<std::string> more) {
        std::vector<std::string> arguments{"perceive", "--resume", "-o", folder.string()};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run(arguments);
    };
    EXPECT_THAT(resume({}).err, HasSubstr(path("nowhere")));
    EXPECT_THAT(resume({"--data", path("elsewhere")}).err, HasSubstr(path("elsewhere")));
    EXPECT_THAT(resume({"--images", "cifar10"}).err, HasSubstr("--data: no folder"));
    EXPECT_THAT(resume({"--tasks", "1102"}).err, HasSubstr("--tasks: 1102"));
    write("settings.json", "{");
    const Outcome damaged = resume({});
    EXPECT_EQ(damaged.code, 2);
    write("settings.json", R"({"images": "glyphs", "data": "", "tasks": 0, "network": "small", "width": 64,
                               "stem": "standard", "seed": 3, "refine_steps": null, "private_images": true})");
    EXPECT_THAT(resume({}).err, HasSubstr("settings.json: tasks 0; expected 1 or more"));
    EXPECT_EQ(damaged.err, path("settings.json") +
                               ": no settings of a run; expected a file written by `ropewalk perceive`\n");
}

TEST_F(Perceive, ShowsNoFormulasWhereItWasStoppedBeforeTheFirstStep) {
    const Outcome outcome = run({"perceive", "--tasks", "100", "--seconds", "1e-9", "-o", path("stopped")});
    if (outcome.err.find("libtorch") != std::string::npos) GTEST_SKIP() << outcome.err;
    EXPECT_EQ(outcome.code, 1);
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, HasSubstr("nothing learned: out of time before any formula was decided; more --seconds"));
    EXPECT_FALSE(std::filesystem::exists(path("stopped/programs.json")));
    EXPECT_TRUE(std::filesystem::exists(path("stopped/settings.json")));
}

TEST_F(Perceive, LeavesTheFolderAsItWasWhereTheDeviceIsMissing) {
    write("run.json", "old");
    const auto learn = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"perceive", "--tasks", "100", "--seconds", "1e-9", "-o"});
        return run(more);
    };
    const Outcome begun = learn({path("new"), "--device", "cuda"});
    if (begun.code != 2) GTEST_SKIP() << "there is a GPU";
    EXPECT_FALSE(std::filesystem::exists(path("new/settings.json")));
    EXPECT_EQ(learn({folder.string(), "--device", "cuda", "--force"}).code, 2);
    EXPECT_EQ(read(folder / "run.json"), "old");
}

TEST_F(Perceive, SaysWhereAFormulaHoldsOnlyOnTheRowsItWasLearnedFrom) {
    // Images and numbers that have nothing to do with each other: a network can only learn them by heart.
    constexpr int side = 16;
    std::mt19937 random(1);
    std::string text = "image,y\n";
    for (int i = 0; i < 60; ++i) {
        std::vector<std::uint8_t> pixels;
        for (int p = 0; p < side * side; ++p) pixels.push_back(static_cast<std::uint8_t>(random() % 256));
        const std::string name = std::to_string(i) + ".png";
        write(name, png(pixels.data(), side));
        text += name + "," + std::to_string(std::uniform_real_distribution(0.0, 1.0)(random)) + "\n";
    }
    const Outcome outcome = run({"perceive", "--manifest", write("data.csv", text), "--seconds", "0",
                                 "--refine-steps", "150", "--threads", "1", "--quiet"});
    if (outcome.err.find("libtorch") != std::string::npos) GTEST_SKIP() << outcome.err;
    EXPECT_EQ(outcome.code, 1) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("Not confirmed  y"));
    EXPECT_THAT(outcome.out, HasSubstr("Alphabet       none"));
}

TEST_F(Perceive, IsUsedOnNewImagesAndTrainedFurther) {
    constexpr int side = 12, letters = 4;
    for (int k = 0; k < letters; ++k) {
        std::vector<std::uint8_t> pixels(side * side, 20);
        for (int p = 0; p < side; ++p) pixels[static_cast<std::size_t>((2 * k + 2) * side + p)] = 250;
        write(std::to_string(k) + ".png", png(pixels.data(), side));
    }
    std::string text = "id,left,right,sum\n";
    for (int n = 0; n < 64; ++n)
        text += std::to_string(n) + "," + std::to_string(n % 4) + ".png," + std::to_string(n / 4 % 4) + ".png," +
                std::to_string(n % 4 + n / 4 % 4) + "\n";
    const auto learn = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"perceive", "--seconds", "0", "--threads", "1", "--quiet", "-o", path("run")});
        return run(more);
    };
    const Outcome learned =
        learn({"--manifest", write("data.csv", text), "--scale", "4", "--refine-steps", "20"});
    if (learned.err.find("libtorch") != std::string::npos) GTEST_SKIP() << learned.err;
    EXPECT_THAT(learned.err, HasSubstr("note: column 'id' numbers the rows"));
    EXPECT_THAT(learned.err, HasSubstr("note: 48 of 64 rows are the same as others"));
    EXPECT_THAT(learned.out, HasSubstr("s1 + s2"));

    const auto read = json({"read", path("run"), path("0.png"), path("3.png"), "--json"});
    ASSERT_EQ(read["images"].size(), 2u);
    EXPECT_EQ(json({"read", path("run"), path("3.png"), "--json"})["images"][0], read["images"][1]);
    EXPECT_EQ(run({"read", path("run"), path("9.png")}).code, 2);

    const std::string table = write("new.csv", "left,right,sum\n3.png,2.png,5\n0.png,0.png,0\n");
    EXPECT_EQ(run({"predict", path("run"), table, "-o", path("out.csv")}).code, 0);
    EXPECT_EQ(this->read(path("out.csv")), run({"predict", path("run"), table}).out);
    EXPECT_EQ(run({"predict", path("run"), table, "-o", path("out.csv")}).code, 2) << "the file is there";
    const auto judged = json({"evaluate", path("run"), "--data", path("data.csv"), "--json"});
    EXPECT_EQ(judged["rows"], 64);
    EXPECT_EQ(judged["outputs"][0]["right"], 64) << judged;
    EXPECT_EQ(run({"evaluate", path("run"), "--letter-columns", "a"}).err,
              "--letter-columns: no table; expected --data with a CSV file of images and outputs\n");

    const Outcome nothing = learn({"--resume"});
    EXPECT_THAT(nothing.err, HasSubstr("nothing is left to learn: the run has made all 20"));
    EXPECT_THAT(nothing.out, Not(HasSubstr("Refinement")));
    const Outcome further = learn({"--resume", "--refine-steps", "30", "--details"});
    EXPECT_EQ(further.code, 0) << further.err;
    EXPECT_THAT(further.out, HasSubstr("Refinement     30 steps"));
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
        // Its settings stand in the folder once it has begun.
        if (std::filesystem::exists(folder / "killed" / "settings.json"))
            resumed = {"perceive",  "--resume", "-o",      path("killed"),         "--seconds", "0",
                       "--threads", "1",        "--quiet", "--checkpoint-seconds", "0.1"};
    }
    const Outcome last = run(resumed);
    ASSERT_EQ(last.code, 0) << last.err;
    for (const char* file : {"weights.safetensors", "programs.json"})
        EXPECT_EQ(read(folder / "killed" / file), read(folder / "undisturbed" / file)) << file;
}

TEST_F(Perceive, TeachesNoSynthesizerWhereTasksDoNotShareRows) {
    const Outcome outcome = run({"perceive", "--private-images", "--amortise"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("--amortise: --private-images; expected images of which rows"));
}

TEST_F(Perceive, KeepsARunThatItWasToReplaceWhereTheImagesAreMissing) {
    for (const char* file : {"run.json", "checkpoint.safetensors", "synthesizer.safetensors"})
        write(file, "old");
    const Outcome outcome =
        run({"perceive", "--images", "mnist", "--data", path("nowhere"), "-o", folder.string(), "--force"});
    EXPECT_EQ(outcome.code, 2);
    for (const char* file : {"run.json", "checkpoint.safetensors", "synthesizer.safetensors"})
        EXPECT_EQ(read(folder / file), "old") << file;
}

TEST_F(Perceive, TakesNoNumberThatIsNoneAndNoSeedThatIsTooLarge) {
    EXPECT_THAT(run({"perceive", "--seconds", "nan"}).err, HasSubstr("found nan; expected a number"));
    EXPECT_THAT(run({"perceive", "--seed", "99999999999999999999"}).err, HasSubstr("0 to 2^64 - 1"));
    EXPECT_THAT(run({"perceive", "--data", "x"}).err, HasSubstr("--images glyphs, which are drawn"));
    EXPECT_EQ(run({"perceive", "--resume", "--force", "-o", path("x")}).code, 2);
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
