// What perceive and evaluate say about bad input, before any network is asked for.
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
