// ropewalk reproduce, stopped and resumed as a user would.
#include "tests/app/command.hpp"

namespace ropewalk::cli {
namespace {

class Reproduce : public Command {
protected:
    /// A small table in the folder `name`.
    std::vector<std::string> table(const std::string& name) const {
        return {"reproduce", "sdp-table1", "--rows", "Optimization,map inc", "--restarts", "4",
                "--iterations", "100",     "--threads", "2",        "--quiet",              "-o", path(name)};
    }

    std::size_t finished_cells(const std::string& name) const {
        const auto state = nlohmann::json::parse(read(fs::path(path(name)) / "state.json"), nullptr, false);
        return state.is_object() ? state["cells"].size() : 0;
    }
};

TEST_F(Reproduce, GivesTheSameTableWhenStoppedAndResumed) {
    ASSERT_EQ(run(table("whole")).code, 0);
    const pid_t process = start(table("parts"));
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(5);
    while (finished_cells("parts") < 2 && std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    ASSERT_EQ(kill(process, SIGTERM), 0);
    const Outcome stopped = finish(process);
    EXPECT_EQ(stopped.code, 1) << stopped.err;
    EXPECT_THAT(stopped.err, testing::HasSubstr("--resume"));
    const std::size_t kept = finished_cells("parts");
    EXPECT_GE(kept, 2u);
    EXPECT_LT(kept, 12u);

    std::vector<std::string> resume = table("parts");
    resume.push_back("--resume");
    ASSERT_EQ(run(resume).code, 0);
    for (const char* name : {"table.json", "table.csv", "table.md", "state.json"})
        EXPECT_EQ(read(fs::path(path("parts")) / name), read(fs::path(path("whole")) / name)) << name;
}

TEST_F(Reproduce, GivesTheSameTableInParts) {
    const auto rows = [&](const std::string& name, const std::vector<std::string>& more) {
        std::vector<std::string> all{"reproduce", "sdp-table1", "--restarts", "1",  "--iterations", "40",
                                     "--rows",    "map inc", "--quiet", "-o", path(name)};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    };
    ASSERT_EQ(run(rows("whole", {})).code, 0);
    for (const char* part : {"2/4", "1/4", "4/4"}) ASSERT_EQ(run(rows("cut", {"--part", part})).code, 0);
    EXPECT_THAT(run({"merge", path("cut")}).err, testing::HasSubstr("missing: 3;"));
    ASSERT_EQ(run(rows("cut", {"--part", "3/4"})).code, 0);
    const Outcome merged = run({"merge", path("cut"), "--quiet"});
    EXPECT_EQ(merged.code, 0) << merged.err;
    for (const char* name : {"table.json", "table.csv", "table.md", "state.json"})
        EXPECT_EQ(read(fs::path(path("cut")) / name), read(fs::path(path("whole")) / name)) << name;
}

TEST_F(Reproduce, GivesTablesOfTimesInParts) {
    // Their numbers are times, so that only what was looked for can be the same.
    const auto of = [&](const std::string& name, std::vector<std::string> arguments, const std::vector<std::string>& more) {
        arguments.insert(arguments.begin(), "reproduce");
        arguments.insert(arguments.end(), {"--quiet", "-o", path(name)});
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    };
    const auto first_columns = [&](const std::string& file) {
        std::string columns;
        std::istringstream lines(read(path(file)));
        for (std::string line; std::getline(lines, line);) columns += line.substr(0, line.find(',')) + "\n";
        return columns;
    };
    int number = 0;
    for (const auto& [arguments, csv] : std::vector<std::pair<std::vector<std::string>, std::string>>{
             {{"sdp-curve", "--runs", "1", "--seconds", "0.1"}, "curve.csv"},
             {{"sequences", "--tasks", "parity", "--seeds", "2", "--examples", "10", "--inputs", "5", "--seconds", "0.05"},
              "sequences.csv"}}) {
        const std::string whole = "whole" + std::to_string(number), cut = "cut" + std::to_string(number++);
        ASSERT_EQ(run(of(whole, arguments, {})).code, 0);
        for (const char* part : {"1/2", "2/2"}) ASSERT_EQ(run(of(cut, arguments, {"--part", part})).code, 0);
        const Outcome merged = run({"merge", path(cut), "--quiet"});
        EXPECT_EQ(merged.code, 0) << merged.err;
        EXPECT_EQ(first_columns(cut + "/" + csv), first_columns(whole + "/" + csv));
        EXPECT_GT(first_columns(cut + "/" + csv).size(), 10u);
    }
}

/// A short training by the method of From Perception to Programs, in the folder `name`.
class ReproduceTraining : public Command {
protected:
    void SetUp() override {
        Command::SetUp();
        const Outcome outcome = run(training("probe", {"--steps", "1"}));
        if (outcome.err.find("libtorch") != std::string::npos) GTEST_SKIP() << outcome.err;
        ASSERT_EQ(outcome.code, 0) << outcome.err;
    }

    std::vector<std::string> training(const std::string& name, const std::vector<std::string>& more) const {
        std::vector<std::string> all{"reproduce", "roap-fig5", "--values", "3", "--symbols", "given", "--tasks", "6",
                                     "--threads", "1",         "--quiet",  "-o", path(name)};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }

    fs::path kept(const std::string& name) const { return fs::path(path(name)) / "state-3-0.safetensors"; }

    /// Stops a training on its way, which leaves its file.
    void stop_training(const std::string& name, const std::vector<std::string>& more) const {
        const pid_t process = start(training(name, more));
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
        while (!fs::exists(fs::path(path(name)) / "begun.txt") && std::chrono::steady_clock::now() < deadline)
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        std::this_thread::sleep_for(std::chrono::milliseconds(700));
        ASSERT_EQ(kill(process, SIGTERM), 0);
        const Outcome stopped = finish(process);
        ASSERT_EQ(stopped.code, 1) << stopped.err;
        ASSERT_TRUE(fs::exists(kept(name)));
    }

    /// The figure without its times.
    nlohmann::json figure(const std::string& name) const {
        auto json = nlohmann::json::parse(read(fs::path(path(name)) / "figure.json"));
        for (auto& row : json.at("rows")) {
            row.erase("seconds");
            row.erase("processor_seconds");
            for (auto& check : row.at("curve")) check.erase("seconds");
        }
        return json;
    }
};

TEST_F(ReproduceTraining, StoppedInTheMiddleOfARowEndsAsUndisturbedAndAWrongCommandLosesNothing) {
    ASSERT_EQ(run(training("whole", {"--steps", "400"})).code, 0);
    stop_training("cut", {"--steps", "400"});
    const Outcome wrong = run(training("cut", {"--steps", "300", "--resume"}));
    EXPECT_EQ(wrong.code, 2);
    EXPECT_THAT(wrong.err, testing::HasSubstr("steps 400"));
    EXPECT_TRUE(fs::exists(kept("cut")));
    const Outcome right = run(training("cut", {"--steps", "400", "--resume"}));
    ASSERT_EQ(right.code, 0) << right.err;
    EXPECT_EQ(figure("cut"), figure("whole"));
    EXPECT_FALSE(fs::exists(kept("cut"))) << "its row is finished";
}

TEST_F(ReproduceTraining, StartedOverHasNothingOfTheOneBefore) {
    stop_training("run", {"--steps", "100000"});
    stop_training("run", {"--steps", "90000", "--force"});
    ASSERT_EQ(run(training("run", {"--steps", "20", "--force"})).code, 0);
    ASSERT_EQ(run(training("whole", {"--steps", "20"})).code, 0);
    EXPECT_EQ(figure("run"), figure("whole"));
    EXPECT_FALSE(fs::exists(kept("run")));
}

} // namespace
} // namespace ropewalk::cli
