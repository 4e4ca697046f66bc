// What the commands say about themselves: help, completion of shells, manual pages, generated pages of the docs.
#include <cstdlib>

#include "ropewalk/base/file.hpp"
#include "tests/app/command.hpp"
#include "tests/places.hpp"

namespace ropewalk::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class Manual : public Command {
protected:
    void SetUp() override {
        Command::SetUp();
        ASSERT_EQ(run({"manual", path("manual")}).code, 0);
    }

    std::string written(const std::string& name) const { return read(folder / "manual" / name); }

    /// What bash offers when the last of these words is completed.
    std::string offered(const std::string& words) const {
        const std::string script = "source '" + path("manual/completion/bash/ropewalk") + "'; COMP_WORDS=(" + words +
                                   "); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); _ropewalk; echo \"${COMPREPLY[*]}\"";
        write("ask.sh", script);
        EXPECT_EQ(std::system(("bash '" + path("ask.sh") + "' > '" + path("offered") + "'").c_str()), 0) << words;
        return read(path("offered"));
    }

    /// A page of the docs is what the command writes.
    void expect_in_docs(const std::string& name) const {
        const std::string file = source_dir() + "/docs/" + name;
        if (std::getenv("ROPEWALK_ACCEPT") != nullptr) {
            ASSERT_TRUE(base::write_file(file, written(name), base::Overwrite::allow));
        }
        EXPECT_EQ(read(file), written(name)) << "ROPEWALK_ACCEPT=1 writes docs/" << name << " anew";
    }
};

TEST_F(Manual, PagesOfTheDocsAreUpToDate) {
    expect_in_docs("options.md");
    expect_in_docs("instructions.md");
}

TEST_F(Manual, EveryCommandHasAPage) {
    for (const char* name : {"ropewalk.1", "ropewalk-tune.1", "ropewalk-reproduce-sdp-table1.1", "ropewalk-formula-apply.1"})
        EXPECT_TRUE(fs::exists(folder / "manual/man/man1" / name)) << name;
    const std::string page = written("man/man1/ropewalk-tune.1");
    for (const char* part : {".TH ROPEWALK", ".SH OPTIONS", ".SS What matters first", "\\-\\-restarts", ".SH SEE ALSO"})
        EXPECT_THAT(page, HasSubstr(part));
    EXPECT_FALSE(fs::exists(folder / "manual/man/man1/ropewalk-manual.1"));
}

TEST_F(Manual, BashCompletesCommandsOptionsAndWhatTheyMayBe) {
    EXPECT_THAT(offered("ropewalk tu"), testing::StartsWith("tune"));
    EXPECT_THAT(offered("ropewalk tune --rest"), testing::StartsWith("--restarts"));
    EXPECT_EQ(offered("ropewalk tune --loss ''"), "squared cross-entropy anc\n");
    EXPECT_THAT(offered("ropewalk reproduce sdp-t"), testing::StartsWith("sdp-table1"));
    EXPECT_THAT(offered("ropewalk reproduce laws --lawx"), testing::Eq("\n"));
    EXPECT_THAT(offered("ropewalk ''"), Not(HasSubstr("manual")));
    // What is no word of ours is left to bash, which offers files.
    EXPECT_EQ(offered("ropewalk run progr"), "\n");
    EXPECT_THAT(offered("ropewalk completion ''"), HasSubstr("bash zsh fish"));
    EXPECT_EQ(run({"completion", "bash"}).out, written("completion/bash/ropewalk"));
}

TEST_F(Manual, ZshAndFishAreToldTheSame) {
    const std::string zsh = run({"completion", "zsh"}).out, fish = run({"completion", "fish"}).out;
    EXPECT_THAT(zsh, testing::StartsWith("#compdef ropewalk"));
    EXPECT_THAT(zsh, HasSubstr("'--restarts:Independent restarts'"));
    EXPECT_THAT(fish, HasSubstr("-l loss -r -f -a 'squared cross-entropy anc'"));
    EXPECT_EQ(run({"completion", "tcsh"}).code, 2);
}

TEST_F(Manual, HelpIsSortedAndNarrow) {
    for (const std::string command : {"run", "compile", "tune", "induce", "formula", "perceive", "verify", "doctor"}) {
        const std::string help = run({command, "--help"}).out;
        for (std::size_t start = 0, end; (end = help.find('\n', start)) != std::string::npos; start = end + 1)
            EXPECT_LE(end - start, 100u) << command << ": " << help.substr(start, end - start);
        EXPECT_THAT(help, Not(HasSubstr("\nOptions:")));
        EXPECT_THAT(help, Not(HasSubstr("\x1b")));
    }
    const std::string help = run({"tune", "--help"}).out;
    std::size_t last = 0;
    for (const char* part : {"What matters first:", "--task", "--examples", "--init", "\nInput:", "\nSearch:",
                             "\nLimits:", "--restarts N", "1 to 1000000", "\nOutput:", "Example:"}) {
        const std::size_t place = help.find(part, last);
        ASSERT_NE(place, std::string::npos) << part << "\n" << help;
        last = place;
    }
}

TEST_F(Manual, VersionNamesTheCommit) {
    EXPECT_THAT(run({"--version"}).out, testing::ContainsRegex("^ropewalk [0-9.]+ \\(([0-9a-f]+|unknown)\\)\n$"));
}

} // namespace
} // namespace ropewalk::cli
