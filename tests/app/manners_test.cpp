// How commands behave where something around them fails: nobody listens, somebody wants them to stop, memory
// is short, two want the same folder.
#include <sys/resource.h>

#include "ropewalk/base/base.hpp"
#include "tests/app/command.hpp"
#include "tests/places.hpp"

namespace ropewalk::cli {
namespace {

using testing::HasSubstr;

class Manners : public Command {
protected:
    /// Exit status of a shell's command in the test's folder; `ropewalk` is the command under test.
    int shell(const std::string& command) const {
        const std::string whole =
            "cd '" + folder.string() + "' && ropewalk() { '" + binary() + "' \"$@\"; } && " + command;
        const int status = std::system(whole.c_str());
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

    /// A command that is sent a signal after so many seconds; how long it then took to end is `seconds`.
    Outcome stopped(const std::vector<std::string>& arguments, double after, int signal,
                    double& seconds) const {
        const pid_t process = start(arguments);
        std::this_thread::sleep_for(std::chrono::duration<double>(after));
        const auto begin = std::chrono::steady_clock::now();
        kill(process, signal);
        Outcome outcome = finish(process);
        seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        return outcome;
    }

    std::string map_inc() const { return program("map_inc.asm"); }
};

/// Machines that run tests are busy: two seconds on one that is not.
constexpr double soon = 8;

TEST_F(Manners, WhatNobodyHearsChangesNoExitStatus) {
    write("note.csv", "a,t,b\n1,x,1\n2,y,2\n3,z,3\n");
    write("good.asm", ".base 4\n.cells 4\n.steps 8\na: inc 1 1\njump 2 a\nhalt\n");
    write("short.jsonl",
          "{\"memory\":[3,1,2],\"expect\":{\"memory\":[1]}}\n{\"memory\":[1],\"expect\":{\"memory\":[0]}}\n");
    const std::string inc = " '" + map_inc() + "' ";
    const std::vector<std::string> commands = {"tnue",
                                               "--nothing",
                                               "run none.asm",
                                               "run" + inc + "--cells 100",
                                               "compile none.asm -o m",
                                               "compile good.asm --profile paper --force -o m",
                                               "decompile none",
                                               "tune --task nothing",
                                               "tune --task map-dec --init" + inc +
                                                   "--restarts 4 --iterations 1 --threads 1",
                                               "synthesize --task nothing",
                                               "induce --task nothing",
                                               "induce --no-search --no-tune --task sort",
                                               "library none.rope",
                                               "formula none.csv",
                                               "formula note.csv --threads 1",
                                               "verify none.asm",
                                               "verify" + inc + "--task sort",
                                               "verify" + inc + "--examples short.jsonl",
                                               "perceive --resume",
                                               "evaluate none",
                                               "propose none none",
                                               "reproduce nothing",
                                               "tasks nothing",
                                               "doctor --threads x"};
    for (const std::string& command : commands) {
        const int code = shell("ropewalk " + command + " >out 2>err");
        const std::string out = read(path("out"));
        EXPECT_LE(code, 2) << command << read(path("err"));
        EXPECT_EQ(shell("ropewalk " + command + " >out 2>/dev/full"), code) << command;
        EXPECT_EQ(shell("ropewalk " + command + " >out 2>&-"), code) << command;
    }
}

TEST_F(Manners, AnAnswerThatCannotBeToldIsNoAnswer) {
    EXPECT_EQ(shell("ropewalk tasks >/dev/full 2>/dev/full"), 2);
    EXPECT_EQ(shell("ropewalk tasks >&- 2>&-"), 2);
}

TEST_F(Manners, MessagesDoNotLandInFilesThatTakeTheNumberOfAClosedStream) {
    write("good.asm", ".base 4\n.cells 4\n.steps 8\na: inc 1 1\njump 2 a\nhalt\n");
    ASSERT_EQ(shell("ropewalk compile good.asm --profile paper -o first >out 2>err"), 0);
    ASSERT_THAT(read(path("err")), HasSubstr("note: "));
    ASSERT_EQ(shell("ropewalk compile good.asm --profile paper -o second <&- >/dev/null 2>&-"), 0);
    EXPECT_EQ(read(path("first")), read(path("second")));
}

TEST_F(Manners, RestartsThatNeverBeganAreNotWaitedFor) {
    for (const int signal : {SIGINT, SIGTERM}) {
        double seconds = 0;
        const Outcome outcome = stopped({"tune", "--task", "map-dec", "--init", map_inc(), "--restarts",
                                         "200000", "--threads", "1", "--quiet"},
                                        2, signal, seconds);
        EXPECT_LT(seconds, soon);
        EXPECT_LE(outcome.code, 1) << outcome.err;
        EXPECT_THAT(outcome.out, HasSubstr("stopped early: its time was up, or it was asked to"));
    }
}

TEST_F(Manners, CertificatesHearThatTheyAreToStop) {
    double seconds = 0;
    const Outcome outcome = stopped({"verify", program("fibonacci.asm"), "--task", "fibonacci", "--inputs",
                                     "100000000000", "-o", path("c.json")},
                                    1, SIGTERM, seconds);
    EXPECT_LT(seconds, soon);
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.err, HasSubstr("the certificate is not finished: right on"));
    EXPECT_FALSE(fs::exists(path("c.json"))) << "it would not say what was checked";
    const std::string endless = write("endless.asm", ".base 8\n.cells 4\na: inc 1 1\njump 2 a\n");
    EXPECT_EQ(
        stopped({"verify", endless, "--task", "inc", "--steps", "1000000000"}, 1, SIGTERM, seconds).code, 1);
    EXPECT_LT(seconds, soon);
}

TEST_F(Manners, OtherBasesAreNotWaitedFor) {
    double seconds = 0;
    const Outcome outcome =
        stopped({"induce", "--task", "sort", "--rebase", "64,128,256", "--threads", "1", "--quiet"}, 6,
                SIGINT, seconds);
    EXPECT_LT(seconds, soon);
    EXPECT_LE(outcome.code, 1) << outcome.err;
}

TEST_F(Manners, TheSecondRequestEndsAtOnce) {
    const pid_t process = start({"tune", "--task", "sort", "--restarts", "64", "--iterations", "1000000",
                                 "--lines", "2000", "--steps", "10000", "--threads", "1"});
    std::this_thread::sleep_for(std::chrono::seconds(2));
    kill(process, SIGTERM);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    const auto begin = std::chrono::steady_clock::now();
    kill(process, SIGINT);
    const Outcome outcome = finish(process);
    EXPECT_LT(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(), 1);
    EXPECT_EQ(outcome.code, 128 + SIGINT);
}

TEST_F(Manners, TooLittleMemoryIsNoDefect) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "sanitizers reserve terabytes";
#endif
    const int code = shell("(ulimit -Sv 300000; ropewalk tune --task sort --init '" + program("sort.asm") +
                           "' --restarts 200000 --iterations 0 --no-repair --quiet --threads 1 >out 2>err)");
    EXPECT_EQ(code, 2) << read(path("err"));
    EXPECT_THAT(read(path("err")), HasSubstr("not enough memory"));
}

TEST_F(Manners, AnEmptyTargetIsNone) {
    EXPECT_EQ(shell("ROPEWALK_TARGET= ropewalk run '" + map_inc() + "' >out"), 0);
    EXPECT_EQ(shell("ROPEWALK_TARGET=x ropewalk run '" + map_inc() + "' >out 2>err"), 2);
}

TEST_F(Manners, AnEmptyNameIsNoOutput) {
    const std::vector<std::vector<std::string>> commands = {
        {"tune", "--task", "map-dec", "--init", map_inc(), "--restarts", "4"},
        {"induce", "--task", "inc"},
        {"synthesize", "--task", "inc"},
        {"verify", map_inc(), "--task", "map-inc"},
        {"perceive"},
        {"formula", write("t.csv", "a,b\n1,2\n3,4\n")},
        {"compile", map_inc()}};
    for (std::vector<std::string> command : commands) {
        command.insert(command.end(), {"-o", ""});
        const Outcome outcome = run(command);
        EXPECT_EQ(outcome.code, 2) << command[0];
        EXPECT_THAT(outcome.err,
                    HasSubstr("--output: found an empty name; expected the name of a file or folder"));
    }
}

TEST_F(Manners, OutputsAreAskedAboutBeforeTheWork) {
    fs::create_directories(path("f/run.json/x"));
    const Outcome folder_there = run(
        {"tune", "--task", "map-dec", "--init", map_inc(), "--restarts", "4", "-o", path("f"), "--force"});
    EXPECT_EQ(folder_there.code, 2);
    EXPECT_EQ(folder_there.out, "");
    EXPECT_EQ(folder_there.err,
              path("f/run.json") + ": a folder; expected no such folder, or another name\n");
    const std::string source = write("a.rope", "M[0] = 1\n"), there = write("there", "precious");
    const std::vector<std::vector<std::string>> commands = {{"synthesize", "--task", "walk-bst"},
                                                            {"library", source, source},
                                                            {"verify", map_inc(), "--task", "map-inc"},
                                                            {"compile", map_inc()}};
    for (std::vector<std::string> command : commands) {
        command.insert(command.end(), {"-o", there});
        const Outcome outcome = run(command);
        EXPECT_EQ(outcome.code, 2) << command[0];
        EXPECT_EQ(outcome.out, "");
        EXPECT_THAT(outcome.err, HasSubstr("the file exists already"));
        command.back() = path("nowhere/x");
        EXPECT_THAT(run(command).err, HasSubstr("is no folder that can be written to")) << command[0];
    }
}

TEST_F(Manners, TerminalsAreGivenNothingToObey) {
    for (const std::string name : {"esc\x1b[31m.asm", "esc\x9b.asm"})
        for (const std::string command : {"run", "verify", "decompile"}) {
            const std::string err = run({command, path(name)}).err;
            EXPECT_THAT(err, HasSubstr("esc\\x"));
            EXPECT_EQ(err.find('\x1b'), std::string::npos);
            EXPECT_EQ(err.find('\x9b'), std::string::npos);
        }
    EXPECT_EQ(run({"run", "--x\x1b[31m"}).err.find('\x1b'), std::string::npos);
}

TEST_F(Manners, OneRunAtATimeWorksInAFolder) {
    fs::create_directories(path("two"));
    const auto held = base::FolderLock::take(path("two"));
    ASSERT_TRUE(held);
    const std::vector<std::vector<std::string>> commands = {
        {"tune", "--task", "map-dec", "--init", map_inc(), "--restarts", "1", "--iterations", "1"},
        {"induce", "--task", "inc"},
        {"perceive", "--tasks", "5", "--seconds", "1"}};
    for (std::vector<std::string> command : commands) {
        command.insert(command.end(), {"-o", path("two")});
        const Outcome outcome = run(command);
        EXPECT_EQ(outcome.code, 2) << command[0];
        EXPECT_THAT(outcome.err, HasSubstr("another run works in this folder")) << command[0];
    }
    EXPECT_TRUE(fs::is_empty(path("two")));
}

TEST_F(Manners, ResumingWantsARun) {
    fs::create_directories(path("e"));
    const Outcome outcome = run({"perceive", "--resume", "-o", path("e"), "--seconds", "3"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.err,
              "--resume: no run in '" + path("e") + "'; expected the folder of a run that was started\n");
}

TEST_F(Manners, ListsOfDifferentLengthAreMentioned) {
    const std::string examples = write("lists.jsonl", R"({"memory":[3,1,2],"expect":{"memory":[1,2,3]}}
{"memory":[5,4,9,7],"expect":{"memory":[4,5,7,9]}}
{"memory":[1,0],"expect":{"memory":[0,1]}}
)");
    const Outcome outcome = run({"verify", program("sort.asm"), "--examples", examples});
    EXPECT_THAT(outcome.err, HasSubstr("note: " + examples +
                                       ": lists are filled up with zeros to 4 cells, from 2 on "
                                       "line 3\n"));
}

TEST_F(Manners, MessagesNameTheFileAndItsLine) {
    const std::string file = write("P.asm", ".base 16\n.let r3 8\n    halt\n");
    EXPECT_THAT(run({"verify", file, "--task", "map-inc"}).err, HasSubstr(file + ":2: `.let r3 8`"));
    EXPECT_EQ(run({"compile", file, "-o", path("m"), "--instructions", "inc,dec"}).err.find("compile:"),
              std::string::npos);
}

} // namespace
} // namespace ropewalk::cli
