// Runs the program as a user does: arguments in, exit code and both streams out.
#pragma once

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/places.hpp"

extern char** environ;

namespace ropewalk::cli {

namespace fs = std::filesystem;

struct Outcome {
    int code = -1; ///< exit status; 128 + signal when a signal ended it
    std::string out, err;
};

/// A folder of its own for every test, and commands that run inside it.
class Command : public testing::Test {
protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "ropewalk_cli_XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder = pattern;
    }
    void TearDown() override { fs::remove_all(folder); }

    std::string path(const std::string& name) const { return (folder / name).string(); }

    std::string write(const std::string& name, const std::string& content) const {
        std::ofstream(path(name), std::ios::binary) << content;
        return path(name);
    }

    static std::string read(const fs::path& file) {
        std::ifstream stream(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }

    static std::string program(const std::string& name) { return source_dir() + "/programs/" + name; }

    pid_t start(std::vector<std::string> arguments, const std::string& out = "",
                const std::string& err = "") const {
        arguments.insert(arguments.begin(), binary());
        std::vector<char*> argv;
        for (std::string& each : arguments) argv.push_back(each.data());
        argv.push_back(nullptr);
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        const std::string out_file = out.empty() ? path(".out") : out,
                          err_file = err.empty() ? path(".err") : err;
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_addopen(&files, 1, out_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        posix_spawn_file_actions_addopen(&files, 2, err_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        pid_t process = 0;
        EXPECT_EQ(posix_spawn(&process, binary().c_str(), &files, nullptr, argv.data(), environ), 0);
        posix_spawn_file_actions_destroy(&files);
        return process;
    }

    Outcome finish(pid_t process) const {
        int status = 0;
        EXPECT_EQ(waitpid(process, &status, 0), process);
        return {.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
                .out = read(path(".out")),
                .err = read(path(".err"))};
    }

    Outcome run(const std::vector<std::string>& arguments) const { return finish(start(arguments)); }

    /// The output as JSON; the test fails unless it is exactly one object.
    nlohmann::ordered_json json(const std::vector<std::string>& arguments, int code = 0) const {
        const Outcome outcome = run(arguments);
        EXPECT_EQ(outcome.code, code) << outcome.err;
        auto object = nlohmann::ordered_json::parse(outcome.out, nullptr, false);
        EXPECT_TRUE(object.is_object()) << outcome.out;
        return object;
    }

    fs::path folder;
};

} // namespace ropewalk::cli
