// Work cut into parts by processes of their own, as the recipes of docs/cluster.md do, and put together again.
#include <cstdlib>
#include <map>

#include "tests/app/command.hpp"
#include "tests/places.hpp"

namespace ropewalk::cli {
namespace {

using testing::HasSubstr;
using Arguments = std::vector<std::string>;

class Parts : public Command {
protected:
    Arguments tune(const std::string& out, const Arguments& more = {}) const {
        Arguments all{"tune", "--task", "map-dec", "--init", program("map_inc.asm"), "--restarts", "21", "--iterations", "80",
                      "--quiet", "-o", path(out)};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }

    /// What the files of a result hold, by name: those below parts/ and the times are no part of it.
    std::map<std::string, std::string> result(const std::string& name) const {
        std::map<std::string, std::string> files;
        for (const auto& entry : fs::directory_iterator(path(name)))
            if (entry.is_regular_file() && entry.path().filename() != "times.json")
                files[entry.path().filename()] = read(entry.path());
        return files;
    }

    void expect_same(const std::string& name, const std::string& other) const {
        const auto one = result(name), two = result(other);
        EXPECT_FALSE(one.empty());
        for (const auto& [file, bytes] : one) {
            ASSERT_TRUE(two.contains(file)) << file;
            EXPECT_EQ(two.at(file), bytes) << file;
        }
        EXPECT_EQ(two.size(), one.size());
    }

    /// Runs a script of a recipe with `ropewalk` on its path; the exit status.
    int shell(const std::string& script, const std::string& environment = "") const {
        const std::string bin = path("bin");
        fs::create_directories(bin);
        if (!fs::exists(bin + "/ropewalk")) fs::create_symlink(binary(), bin + "/ropewalk");
        const std::string file = write("recipe.sh", script);
        const int status = std::system(("cd " + folder.string() + " && PATH=" + bin + ":$PATH " + environment +
                                        " sh -eu " + file + " > " + path(".shell") + " 2>&1")
                                           .c_str());
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    /// What the recipes of docs/cluster.md cut into parts, in one run.
    int whole_of_recipes() const {
        fs::create_symlink(source_dir() + "/programs", path("programs"));
        return shell("ropewalk tune --task map-dec --init programs/map_inc.asm --restarts 21 --iterations 80 --quiet -o whole");
    }

    /// The code block of docs/cluster.md that stands below `### title`.
    static std::string recipe(const std::string& title) {
        const std::string page = read(source_dir() + "/docs/cluster.md");
        const std::size_t heading = page.find("### " + title);
        const std::size_t fence = heading == std::string::npos ? heading : page.find("\n```", heading);
        const std::size_t begin = fence == std::string::npos ? fence : page.find('\n', fence + 1);
        return begin == std::string::npos ? "" : page.substr(begin + 1, page.find("\n```", begin) - begin);
    }
};

TEST_F(Parts, OfTuneComeToTheFilesOfOneRun) {
    ASSERT_EQ(run(tune("whole")).code, 0);
    for (const char* part : {"3/4", "1/4", "4/4", "2/4"}) {
        const Outcome outcome = run(tune("cut", {"--part", part, "--threads", *part == '3' ? "2" : "1"}));
        ASSERT_EQ(outcome.code, 0) << outcome.err;
        EXPECT_THAT(outcome.out, HasSubstr("of 21 restarts"));
    }
    const Outcome merged = run({"merge", path("cut"), "--quiet"});
    EXPECT_EQ(merged.code, 0) << merged.err;
    EXPECT_THAT(merged.out, HasSubstr("Program found for map-dec"));
    expect_same("whole", "cut");
    // Once more only when asked.
    EXPECT_EQ(run({"merge", path("cut")}).code, 2);
    EXPECT_EQ(run({"merge", path("cut"), "--force", "--json"}).code, 0);
}

TEST_F(Parts, ThatAreMissingAreNamedAndCanBeMadeLater) {
    ASSERT_EQ(run(tune("cut", {"--part", "1/3"})).code, 0);
    Outcome merged = run({"merge", path("cut")});
    EXPECT_EQ(merged.code, 2);
    EXPECT_THAT(merged.err, HasSubstr("1 of 3 parts; missing: 2-3"));
    EXPECT_THAT(merged.err, HasSubstr("--part 2/3"));
    // A part that is killed leaves nothing that passes for one.
    const pid_t process = start({"tune", "--task", "sort", "--iterations", "10000000", "--part", "2/3", "-o", path("cut")});
    for (int i = 0; i < 1000 && !fs::exists(path("cut/parts/2-of-3")); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ASSERT_EQ(kill(process, SIGKILL), 0);
    EXPECT_EQ(finish(process).code, 128 + SIGKILL);
    ASSERT_EQ(run(tune("cut", {"--part", "3/3"})).code, 0);
    merged = run({"merge", path("cut")});
    EXPECT_THAT(merged.err, HasSubstr("2 of 3 parts; missing: 2;"));
    ASSERT_EQ(run(tune("cut", {"--part", "2/3"})).code, 0);
    ASSERT_EQ(run({"merge", path("cut"), "--quiet"}).code, 0);
    ASSERT_EQ(run(tune("whole")).code, 0);
    expect_same("whole", "cut");
}

TEST_F(Parts, OfDifferentRunsAreRefused) {
    ASSERT_EQ(run(tune("cut", {"--part", "1/2"})).code, 0);
    ASSERT_EQ(run(tune("cut", {"--part", "2/2", "--seed", "7"})).code, 0);
    const Outcome merged = run({"merge", path("cut")});
    EXPECT_EQ(merged.code, 2);
    EXPECT_THAT(merged.err, HasSubstr("--seed=7"));
    EXPECT_THAT(merged.err, HasSubstr("2-of-2"));
    // So is a file that has changed since: here the one that both began with.
    const auto from = [&](const char* part) {
        return Arguments{"tune", "--task", "map-dec", "--init", path("start.asm"), "--restarts", "4", "--iterations", "0",
                         "--no-repair", "--quiet", "-o", path("file"), "--part", part};
    };
    write("start.asm", read(program("map_inc.asm")));
    ASSERT_EQ(run(from("1/2")).code, 0);
    write("start.asm", read(program("map_dec.asm")));
    ASSERT_EQ(run(from("2/2")).code, 0);
    EXPECT_THAT(run({"merge", path("file")}).err, HasSubstr("init with SHA-256"));
}

TEST_F(Parts, OfAnotherVersionAreRefused) {
    for (const char* part : {"1/2", "2/2"}) ASSERT_EQ(run(tune("cut", {"--part", part})).code, 0);
    for (const char* which : {"1", "2"}) {
        const std::string file = path("cut/parts/" + std::string(which) + "-of-2/part.json");
        auto manifest = nlohmann::ordered_json::parse(read(file));
        manifest["version"] = "0.0.1 (0123456789)";
        std::ofstream(file) << manifest.dump();
        const Outcome merged = run({"merge", path("cut")});
        EXPECT_EQ(merged.code, 2);
        EXPECT_THAT(merged.err, HasSubstr("0.0.1 (0123456789)"));
        EXPECT_THAT(merged.err, HasSubstr("version 0.1"));
    }
}

TEST_F(Parts, OfACheckComeToTheCertificateOfOneRun) {
    const auto verify = [&](const char* source, const std::string& out, const Arguments& more) {
        Arguments all{"verify", program(source), "--task", "map-dec", "-o", path(out)};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    };
    for (const auto& [source, code] : {std::pair("map_dec.asm", 0), {"map_inc.asm", 1}}) {
        const std::string name = source;
        ASSERT_EQ(run(verify(source, name + ".json", {})).code, code);
        for (const char* part : {"2/3", "1/3", "3/3"}) ASSERT_EQ(run(verify(source, name + ".parts", {"--part", part})).code, 0);
        EXPECT_EQ(run({"merge", path(name + ".parts")}).code, code);
        EXPECT_EQ(read(path(name + ".parts/certificate.json")), read(path(name + ".json")));
    }
}

TEST_F(Parts, AreRefusedWhereTheyMakeNoSense) {
    EXPECT_EQ(run({"tune", "--task", "inc", "--part", "1/2"}).code, 2);
    for (const char* part : {"0/2", "3/2", "1", "1/2/3", "none"}) {
        const Outcome outcome = run(tune("cut", {"--part", part}));
        EXPECT_EQ(outcome.code, 2);
        EXPECT_THAT(outcome.err, HasSubstr("such as 3/8"));
    }
    EXPECT_EQ(run({"merge", path("nowhere")}).code, 2);
    EXPECT_EQ(run({"merge"}).code, 2);
}

TEST_F(Parts, OfSeedsComeToTheChoiceOfOneRun) {
    // Seeds that are finished are not learned again, so that there is nothing to learn here.
    const auto perceive = [&](const std::string& out, const Arguments& more) {
        Arguments all{"perceive", "--images", "glyphs", "--seeds", "3", "--seed", "7", "--resume", "--quiet", "-o", path(out)};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    };
    for (const char* out : {"whole", "cut"})
        for (const auto& [seed, record] : {std::pair("7", R"({"settled": true, "loss": 0.5})"),
                                           {"8", R"({"settled": true, "loss": 0.25, "unexplained": []})"},
                                           {"9", R"({"settled": false, "loss": 0.1})"}}) {
            fs::create_directories(path(std::string(out) + "/seed-" + seed));
            write(std::string(out) + "/seed-" + seed + "/run.json", record);
        }
    const Outcome whole = run(perceive("whole", {}));
    EXPECT_EQ(whole.code, 0) << whole.err;
    EXPECT_THAT(whole.out, HasSubstr("2 of 3 seeds explain their outputs; the best run is in " + path("whole/seed-8")));
    EXPECT_THAT(run(perceive("cut", {"--part", "1/2"})).out, HasSubstr("2 of 3 seeds"));
    EXPECT_THAT(run({"merge", path("cut")}).err, HasSubstr("missing: 2;"));
    ASSERT_EQ(run(perceive("cut", {"--part", "2/2"})).code, 0);
    EXPECT_EQ(run({"merge", path("cut")}).code, 0);
    expect_same("whole", "cut");
    EXPECT_EQ(run({"perceive", "--part", "1/2", "-o", path("one")}).code, 2);
    fs::remove(path("cut/seed-9/run.json"));
    EXPECT_EQ(run({"merge", path("cut")}).code, 2);
}

TEST_F(Parts, RecipeForSlurmArraysWorksWithItsVariablesAlone) {
    ASSERT_EQ(whole_of_recipes(), 0) << read(path(".shell"));
    const std::string script = recipe("A Slurm array");
    ASSERT_THAT(script, HasSubstr("SLURM_ARRAY_TASK_ID"));
    for (const char* id : {"1", "2", "3", "4"})
        ASSERT_EQ(shell(script, "SLURM_CPUS_PER_TASK=1 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_ID=" + std::string(id)), 0)
            << read(path(".shell"));
    ASSERT_EQ(shell("ropewalk merge runs/dec --quiet"), 0) << read(path(".shell"));
    expect_same("whole", "runs/dec");
}

TEST_F(Parts, RecipeForMakeWorks) {
    if (std::system("make --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "there is no make here";
    ASSERT_EQ(whole_of_recipes(), 0) << read(path(".shell"));
    write("Makefile", recipe("make"));
    ASSERT_EQ(shell("make -j2 PARTS=3"), 0) << read(path(".shell"));
    expect_same("whole", "runs/dec");
    // What is there is not made again.
    ASSERT_EQ(shell("make PARTS=3"), 0);
    EXPECT_THAT(read(path(".shell")), testing::Not(HasSubstr("--part")));
}

TEST_F(Parts, RecipeForGnuParallelWorks) {
    if (std::system("parallel --version 2> /dev/null | grep -q 'GNU parallel'") != 0)
        GTEST_SKIP() << "there is no GNU parallel here";
    ASSERT_EQ(whole_of_recipes(), 0) << read(path(".shell"));
    ASSERT_EQ(shell(recipe("GNU parallel")), 0) << read(path(".shell"));
    expect_same("whole", "runs/dec");
}

} // namespace
} // namespace ropewalk::cli
