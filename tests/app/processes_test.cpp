// Several processes that learn from images together, started as `torchrun` starts them and by it.
#include <cstdlib>

#include <netinet/in.h>
#include <sys/socket.h>

#include "ropewalk/base/sha256.hpp"
#include "tests/app/command.hpp"

namespace ropewalk::cli {
namespace {

using testing::AllOf;
using testing::Each;
using testing::HasSubstr;

/// A port that nobody listens at.
int free_port() {
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(listener, reinterpret_cast<sockaddr*>(&address), size);
    getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    close(listener);
    return ntohs(address.sin_port);
}

class Processes : public Command {
protected:
    static std::vector<std::string> learning(std::vector<std::string> more) {
        std::vector<std::string> arguments{
            "perceive",  "--images", "glyphs",         "--tasks", "40",      "--start", "network",
            "--seconds", "0",        "--refine-steps", "6",       "--ranks", "4",       "--no-generalisation",
            "--quiet",   "--seed",   "3"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    }

    std::string name(const char* stream, int rank) const { return path(stream + std::to_string(rank)); }

    std::vector<pid_t> start_all(int processes, const std::vector<std::string>& arguments) const {
        setenv("WORLD_SIZE", std::to_string(processes).c_str(), 1);
        setenv("MASTER_ADDR", "127.0.0.1", 1);
        setenv("MASTER_PORT", std::to_string(free_port()).c_str(), 1);
        std::vector<pid_t> started;
        for (int rank = 0; rank < processes; ++rank) {
            setenv("RANK", std::to_string(rank).c_str(), 1);
            started.push_back(start(arguments, name("out", rank), name("err", rank)));
        }
        for (const char* variable : {"WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT", "RANK"}) unsetenv(variable);
        return started;
    }

    /// How each process ended, in order of rank.
    std::vector<Outcome> finish_all(const std::vector<pid_t>& started) const {
        std::vector<Outcome> outcomes;
        for (int rank = 0; rank < static_cast<int>(started.size()); ++rank) {
            Outcome outcome = finish(started[static_cast<std::size_t>(rank)]);
            outcome.out = read(name("out", rank));
            outcome.err = read(name("err", rank));
            outcomes.push_back(outcome);
        }
        return outcomes;
    }

    std::vector<Outcome> run_all(int processes, const std::vector<std::string>& arguments) const {
        return finish_all(start_all(processes, arguments));
    }

    /// Of the answer and the weights that a run has left.
    std::string hash(const std::string& run) const {
        return base::sha256(read(path(run + "/programs.json")) + read(path(run + "/weights.safetensors")));
    }

    /// Whether this build can have several processes; else why not.
    std::string missing() const {
        for (const Outcome& each : run_all(2, {"perceive", "--tasks", "1102", "--ranks", "2"}))
            if (each.err.find("libtorch") != std::string::npos || each.err.find("gloo") != std::string::npos)
                return each.err;
        return "";
    }

    void SetUp() override {
        Command::SetUp();
        if (const std::string why = missing(); !why.empty()) GTEST_SKIP() << why;
    }
};

TEST_F(Processes, OfAnyNumberLearnTheSameBytes) {
    const Outcome alone = run(learning({"--threads", "2", "-o", path("1")}));
    EXPECT_LE(alone.code, 1) << alone.err;
    ASSERT_FALSE(read(path("1/weights.safetensors")).empty()) << alone.err;
    for (const int processes : {2, 4}) {
        const std::string folder = std::to_string(processes);
        const std::vector<Outcome> all = run_all(processes, learning({"--threads", "1", "-o", path(folder)}));
        for (int rank = 1; rank < processes; ++rank) {
            const Outcome& other = all[static_cast<std::size_t>(rank)];
            EXPECT_EQ(other.code, 0) << other.err;
            EXPECT_EQ(other.out + other.err, "") << "only process 0 speaks";
        }
        EXPECT_EQ(all.front().code, alone.code) << all.front().err;
        EXPECT_EQ(hash(folder), hash("1"));
    }
}

TEST_F(Processes, WhereOneIsKilledTheOthersEndAndAnotherNumberGoesOn) {
    EXPECT_LE(run(learning({"--threads", "1", "-o", path("undisturbed")})).code, 1);
    const std::vector<pid_t> started =
        start_all(4, learning({"--threads", "1", "--checkpoint-seconds", "0", "-o", path("killed")}));
    for (int waited = 0; waited < 3000 && !fs::exists(path("killed/checkpoint.safetensors")); ++waited)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ASSERT_TRUE(fs::exists(path("killed/checkpoint.safetensors")));
    kill(started[2], SIGKILL);
    const std::vector<Outcome> all = finish_all(started);
    EXPECT_EQ(all[2].code, 128 + SIGKILL);
    for (const int rank : {0, 1, 3}) {
        EXPECT_EQ(all[static_cast<std::size_t>(rank)].code, 2);
        EXPECT_THAT(all[static_cast<std::size_t>(rank)].err,
                    AllOf(HasSubstr("process " + std::to_string(rank) + " of 4: another process has ended"),
                          HasSubstr("--resume")));
    }
    ASSERT_FALSE(fs::exists(path("killed/weights.safetensors")));
    for (const Outcome& each : run_all(2, learning({"--threads", "1", "--resume", "-o", path("killed")})))
        EXPECT_LE(each.code, 1) << each.err;
    EXPECT_EQ(hash("killed"), hash("undisturbed"));
}

TEST_F(Processes, StopTogetherWhereOneIsAskedTo) {
    const std::vector<pid_t> started =
        start_all(2, learning({"--threads", "1", "--checkpoint-seconds", "0", "-o", path("stopped")}));
    for (int waited = 0; waited < 3000 && !fs::exists(path("stopped/checkpoint.safetensors")); ++waited)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    kill(started[1], SIGTERM);
    const std::vector<Outcome> all = finish_all(started);
    EXPECT_EQ(all[0].code, 1) << all[0].err;
    EXPECT_EQ(all[1].code, 0) << all[1].err;
    EXPECT_TRUE(fs::exists(path("stopped/programs.json"))) << "the best so far";
}

TEST_F(Processes, NeedPartsThatTheyCanShareOut) {
    for (const auto& [processes, ranks] : {std::pair(2, "0"), std::pair(2, "6"), std::pair(4, "2")}) {
        const std::vector<Outcome> all =
            run_all(processes, {"perceive", "--tasks", "12", "--ranks", ranks, "-o", path("no")});
        for (const Outcome& each : all) {
            EXPECT_EQ(each.code, 2);
            EXPECT_THAT(each.err,
                        HasSubstr(std::string("--ranks: ") + ranks + " for " + std::to_string(processes) +
                                  " processes; expected a power of two, 8 or more"));
        }
        EXPECT_FALSE(fs::exists(path("no")));
    }
    EXPECT_THAT(run_all(3, learning({})).front().err,
                HasSubstr("WORLD_SIZE: 3 processes; expected 1, 2, 4, 8"));
}

TEST_F(Processes, AreStartedByTorchrun) {
    if (std::system("torchrun --help > /dev/null 2>&1") != 0) GTEST_SKIP() << "no PyTorch";
    std::string command = "torchrun --no_python --redirects 1 --tee 1 --nproc_per_node 2 --master_port " +
                          std::to_string(free_port());
    command += " " + binary();
    for (const std::string& each : learning({"--threads", "1", "-o", path("torchrun")}))
        command += " '" + each + "'";
    const int status = std::system((command + " > " + path("said") + " 2>&1").c_str());
    EXPECT_TRUE(WIFEXITED(status)) << read(path("said"));
    EXPECT_LE(run(learning({"--threads", "1", "-o", path("alone")})).code, 1);
    EXPECT_EQ(hash("torchrun"), hash("alone")) << read(path("said"));
}

} // namespace
} // namespace ropewalk::cli
