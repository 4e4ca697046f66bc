// ropewalk reproduce, stopped and resumed as a user would.
#include "tests/app/command.hpp"

namespace ropewalk::cli {
namespace {

class Reproduce : public Command {
protected:
    /// A small table in the folder `name`.
    std::vector<std::string> table(const std::string& name) const {
        return {"reproduce", "sdp-table1", "--restarts", "4",  "--iterations", "100",
                "--threads", "2",          "--quiet",    "-o", path(name)};
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
    EXPECT_LT(kept, 24u);

    std::vector<std::string> resume = table("parts");
    resume.push_back("--resume");
    ASSERT_EQ(run(resume).code, 0);
    for (const char* name : {"table.json", "table.csv", "table.md", "state.json"})
        EXPECT_EQ(read(fs::path(path("parts")) / name), read(fs::path(path("whole")) / name)) << name;
}

} // namespace
} // namespace ropewalk::cli
