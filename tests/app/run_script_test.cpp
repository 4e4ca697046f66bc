// The script in the root: what it refuses before it installs or builds anything, and what it removes.
#include <cstdlib>
#include <sys/wait.h>

#include "tests/app/command.hpp"
#include "tests/places.hpp"

namespace ropewalk::cli {
namespace {

class RunScript : public Command {
protected:
    Outcome script(const std::string& arguments) const {
        const std::string line = "sh '" + source_dir() + "/run' " + arguments + " >'" + path("out") +
                                 "' 2>'" + path("err") + "'";
        const int status = std::system(line.c_str());
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(path("out")), read(path("err"))};
    }

    void expect_refused(const std::string& arguments, const std::string& because) const {
        const Outcome outcome = script(arguments);
        EXPECT_EQ(outcome.code, 2) << arguments;
        EXPECT_EQ(outcome.out, "") << arguments;
        EXPECT_THAT(outcome.err, testing::HasSubstr(because)) << arguments;
    }
};

TEST_F(RunScript, RefusesWhatItDoesNotKnow) {
    expect_refused("nonsense", "unknown command 'nonsense'");
    for (const char* command : {"demo", "test", "asan", "tsan", "clang", "tidy", "build", "clean", "install", "uninstall"})
        expect_refused(command + std::string(" nonsense"), "unknown argument 'nonsense'");
    expect_refused("build PREFIX=/tmp", "unknown argument 'PREFIX=/tmp'");
}

TEST_F(RunScript, RefusesAPrefixThatItCannotWriteInto) {
    expect_refused("install PREFIX=here", "PREFIX='here'; expected a path from the root");
    write("file", "");
    expect_refused("install PREFIX=" + path("file"), "cannot write into '" + path("file") + "'");
}

TEST_F(RunScript, ShowsItsUsageAndDoesNothingElse) {
    for (const char* arguments : {"", "help", "--help", "install --help", "test -h", "uninstall help"}) {
        const Outcome outcome = script(arguments);
        EXPECT_EQ(outcome.code, 0) << arguments;
        EXPECT_THAT(outcome.out, testing::StartsWith("usage: ./run COMMAND")) << arguments;
        EXPECT_EQ(outcome.err, "") << arguments;
    }
}

TEST_F(RunScript, RemovesWhatWasInstalledAndNothingElse) {
    fs::create_directories(folder / "prefix/bin");
    fs::create_directories(folder / "prefix/share/ropewalk/data");
    for (const char* name :
         {"prefix/bin/ropewalk", "prefix/bin/other", "prefix/share/ropewalk/data/a b", "mine"})
        write(name, "");
    write("prefix/share/ropewalk/installed.txt", path("prefix/bin/ropewalk") + "\n" +
                                                     path("prefix/share/ropewalk/data/a b") + "\n" +
                                                     path("mine") + "\n" + path("prefix/../mine") + "\n");
    const Outcome outcome = script("uninstall PREFIX=" + path("prefix"));
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_FALSE(fs::exists(folder / "prefix/bin/ropewalk"));
    EXPECT_FALSE(fs::exists(folder / "prefix/share"));
    EXPECT_TRUE(fs::exists(folder / "prefix/bin/other"));
    EXPECT_TRUE(fs::exists(folder / "mine"));
    expect_refused("uninstall PREFIX=" + path("prefix"), "nothing to remove in");
}

} // namespace
} // namespace ropewalk::cli
