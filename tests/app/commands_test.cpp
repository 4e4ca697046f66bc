// What the commands answer, for people and as JSON.
#include "tests/app/command.hpp"
#include "tests/places.hpp"

namespace ropewalk::cli {
namespace {

using testing::HasSubstr;
using Json = nlohmann::ordered_json;

const std::vector<std::string> commands{"run", "compile", "decompile", "export", "tune", "verify", "tasks", "doctor"};

class Commands : public Command {};

TEST_F(Commands, ExplainThemselvesWithAnExample) {
    for (const std::string& command : commands) {
        const Outcome outcome = run({command, "--help"});
        EXPECT_EQ(outcome.code, 0);
        EXPECT_EQ(outcome.err, "");
        EXPECT_THAT(outcome.out, HasSubstr("Example: ropewalk " + command));
        for (const char* option : {"--json", "--quiet", "--seed", "--threads"})
            EXPECT_THAT(outcome.out, HasSubstr(option)) << command;
    }
    const Outcome all = run({"--help"});
    EXPECT_EQ(all.code, 0);
    for (const std::string& command : commands) EXPECT_THAT(all.out, HasSubstr(command));
    EXPECT_EQ(run({"--version"}).code, 0);
}

TEST_F(Commands, RunFibonacciExactlyAndSoftly) {
    const Json expected{1, 2, 3, 5, 8, 3, 1, 4};
    const Json exact = json({"run", program("fibonacci.asm"), "--json"});
    EXPECT_EQ(exact["memory"], expected);
    EXPECT_EQ(exact["steps"], 48);
    const Json soft = json({"run", program("fibonacci.asm"), "--machine", "soft", "--json"});
    EXPECT_EQ(soft["memory"], expected);
    EXPECT_LT(soft["mass_error"].get<double>(), 1e-4);
    EXPECT_TRUE(soft["mass_drift"].is_null());
}

TEST_F(Commands, TraceEveryStep) {
    const std::string file = write("p.asm", "a: inc 1 1\njump 2 a\n");
    const Json object = json({"run", file, "--steps", "3", "--trace", "--json"});
    ASSERT_EQ(object["trace"].size(), 3u);
    EXPECT_EQ(object["trace"][1]["instruction"], "jump r2 a");
    EXPECT_EQ(object["trace"][2]["line"], 1);
    EXPECT_THAT(run({"run", file, "--steps", "3", "--trace"}).out,
                HasSubstr("stopped at the step limit after 3 steps"));
}

TEST_F(Commands, RunAModelFromAnyRegistersAsItsProgram) {
    // With r2 at 0 the middle is unreachable; from other registers it is not, and runs.
    const std::string file = write("p.asm", ".cells 1\n.steps 3\njump 2 end\ninc 1 1\nend: halt\n");
    ASSERT_EQ(run({"compile", file, "-o", path("m.safetensors")}).code, 0);
    for (const std::string registers : {"0,0", "0,1"}) {
        const Json expected = json({"run", file, "--registers", registers, "--json"});
        EXPECT_EQ(json({"run", path("m.safetensors"), "--registers", registers, "--json"}), expected);
        const Json soft =
            json({"run", path("m.safetensors"), "--machine", "soft", "--registers", registers, "--json"});
        EXPECT_EQ(soft["registers"], expected["registers"]);
    }
}

TEST_F(Commands, CompileAndDecompileEveryProgramOfTheProject) {
    for (const auto& entry : fs::directory_iterator(source_dir() + "/programs")) {
        const std::string model = path(entry.path().stem().string() + ".safetensors"),
                          listing = path("p.asm");
        ASSERT_EQ(run({"compile", entry.path().string(), "-o", model, "--gamma", "0.3"}).code, 0)
            << entry.path();
        ASSERT_EQ(run({"decompile", model, "-o", listing, "--all-lines", "--force"}).code, 0);
        EXPECT_EQ(json({"run", listing, "--json"}), json({"run", entry.path().string(), "--json"}))
            << entry.path();
        const Json object = json({"decompile", model, "--json"});
        EXPECT_FALSE(object["lines"].empty());
    }
}

TEST_F(Commands, ExportAMachineThatTestsItself) {
    ASSERT_EQ(run({"compile", program("map_inc.asm"), "-o", path("m.safetensors"), "--gamma", "0.3"}).code, 0);
    const Json object = json({"export", path("m.safetensors"), "-o", path("m"), "--json"});
    EXPECT_EQ(object["steps"], 20);
    EXPECT_EQ(json({"decompile", path("m/machine.safetensors"), "--json"}), json({"decompile", path("m.safetensors"), "--json"}));
    const std::string test = "cd " + path("m") + " && cc -std=c99 -DROPE_SELF_TEST machine.c -lm -o machine && ./machine > said";
    EXPECT_EQ(std::system(test.c_str()), 0);
    EXPECT_THAT(run({"export", path("m.safetensors"), "-o", path("m")}).err, HasSubstr("--force"));
    EXPECT_EQ(run({"export", path("m.safetensors"), "-o", path("m"), "--force"}).code, 0);
    const std::string endless = write("p.asm", "halt\n");
    ASSERT_EQ(run({"compile", endless, "-o", path("p.safetensors")}).code, 0);
    EXPECT_THAT(run({"export", path("p.safetensors"), "-o", path("p")}).err, HasSubstr("--steps"));
    EXPECT_EQ(run({"export", path("p.safetensors"), "-o", path("p"), "--steps", "3"}).code, 0);
}

TEST_F(Commands, NoteTheMassThatLeaks) {
    const std::string file = write("p.asm", ".cells 2\n.steps 3\ninc 1 1\nwrite 2 1\nhalt\n");
    const Json object = json({"run", file, "--machine", "soft", "--switches", "mass=literal", "--json"});
    EXPECT_EQ(object["mass_drift"]["step"], 2);
    EXPECT_EQ(object["mass_drift"]["line"], 2);
    EXPECT_THAT(run({"compile", file, "-o", path("m"), "--profile", "paper"}).err,
                HasSubstr("note: mass=literal"));
}

TEST_F(Commands, ListTheTasks) {
    const Json object = json({"tasks", "--json"});
    std::vector<std::string> names;
    for (const Json& task : object["tasks"]) names.push_back(task["name"]);
    EXPECT_THAT(names, testing::IsSupersetOf({"inc", "map-inc", "map-dec", "reduce", "parity", "fibonacci"}));
    const Json one = json({"tasks", "map-inc", "--json", "--count", "2"});
    EXPECT_EQ(one["examples"].size(), 2u);
    EXPECT_EQ(run({"tasks", "map-inc"}).code, 0);
    const Json doctor = json({"doctor", "--json"});
    EXPECT_TRUE(doctor["healthy"]);
    // What is missing is named with what brings it.
    for (const auto& part : doctor["parts"]) EXPECT_GT(part["how"].get<std::string>().size(), 10u) << part;
}

TEST_F(Commands, VerifyAnswersWithItsExitStatus) {
    const Outcome right = run({"verify", program("map_inc.asm"), "--task", "map-inc"});
    EXPECT_EQ(right.code, 0) << right.err;
    EXPECT_THAT(right.out, HasSubstr("holds: right on all"));
    const Json wrong = json({"verify", program("map_inc.asm"), "--task", "map-dec", "--json"}, 1);
    EXPECT_FALSE(wrong["holds"]);
    EXPECT_FALSE(wrong["counterexample"].is_null());
}

TEST_F(Commands, VerifyUsesExamplesOfAFile) {
    const std::string file = write("e.jsonl", "{\"memory\":[1,2],\"expect\":{\"memory\":[2,null]}}\n"
                                              "{\"memory\":[7,0],\"expect\":{\"memory\":[0,0]}}\n");
    const std::string p = write("p.asm", ".base 8\n.cells 2\n.steps 4\nread 1 2\ninc 2 2\nwrite 1 2\nhalt\n");
    EXPECT_EQ(run({"verify", p, "--examples", file}).code, 0);
    EXPECT_EQ(run({"verify", program("map_dec.asm"), "--examples", file, "--base", "8"}).code, 1);
}

TEST_F(Commands, ACertificateIsCheckedAgainAndATamperedOneNoticed) {
    const std::string file = path("c.json");
    ASSERT_EQ(run({"verify", program("map_inc.asm"), "--task", "map-inc", "-o", file}).code, 0);
    EXPECT_EQ(run({"verify", file}).code, 0);
    const Json certificate = Json::parse(read(file));
    // The first version says nothing twice, so that it takes the check itself to notice.
    const auto code_with = [&](const char* key, const Json& value, int version = 1) {
        Json changed = certificate;
        changed["version"] = version;
        changed[key] = value;
        return run({"verify", write("t.json", changed.dump())}).code;
    };
    EXPECT_EQ(code_with("seed", certificate["seed"]), 0);
    EXPECT_EQ(code_with("seed", certificate["seed"], 2), 0);
    for (const auto& [key, value] : {std::pair("holds", Json(false)),
                                     {"exhaustive", Json(false)},
                                     {"domain_size", Json(17)},
                                     {"task", Json("map-dec")},
                                     {"steps", Json(3)},
                                     {"claim", Json("right")}})
        EXPECT_EQ(code_with(key, value, 2), 2) << key;
    EXPECT_EQ(code_with("inputs_checked", 17, 2), 1);
    EXPECT_EQ(code_with("holds", false), 1);
    EXPECT_EQ(code_with("exhaustive", false), 1);
    EXPECT_EQ(code_with("inputs_checked", 17), 1);
    EXPECT_EQ(code_with("domain_size", 17), 1);
    EXPECT_EQ(code_with("task", "map-dec"), 1);
    EXPECT_EQ(code_with("counterexample", Json{{"memory", {1}}}), 1);
    EXPECT_EQ(code_with("steps", 3), 1);
    std::string text = certificate["program"];
    text.replace(text.find("inc"), 3, "dec");
    EXPECT_EQ(code_with("program", text), 1);
    EXPECT_EQ(code_with("program", text, 2), 2);
    EXPECT_EQ(code_with("program", "frob 1 2"), 2);
    EXPECT_EQ(code_with("task", "nonsense"), 2);
    EXPECT_EQ(code_with("steps", -3), 2);
    EXPECT_EQ(code_with("steps", 18446744073709551615u), 2);
    EXPECT_EQ(code_with("format", "another"), 2);
    EXPECT_EQ(run({"verify", write("t.json", read(file).substr(0, 100))}).code, 2);
}

TEST_F(Commands, ACertificateOfAWrongProgramIsCheckedAgainToo) {
    const std::string file = path("c.json");
    ASSERT_EQ(run({"verify", program("map_inc.asm"), "--task", "map-dec", "-o", file}).code, 1);
    Outcome again = run({"verify", file});
    EXPECT_EQ(again.code, 1);
    EXPECT_EQ(again.err, "");
    Json changed = Json::parse(read(file));
    changed["counterexample"]["found_memory"][0] = changed["counterexample"]["expected_memory"][0];
    again = run({"verify", write("t.json", changed.dump())});
    EXPECT_EQ(again.code, 1);
    EXPECT_THAT(again.err, HasSubstr("does not agree"));
}

class Tune : public Command {};

Json without_seconds(Json object) {
    object.erase("seconds");
    return object;
}

TEST_F(Tune, GivesTheSameResultOnOneThreadAndOnTwo) {
    const auto tuned = [&](const char* threads) {
        return without_seconds(
            Json::parse(run({"tune", "--task", "inc", "--restarts", "40", "--iterations", "30", "--batch",
                             "4", "--seed", "3", "--json", "--quiet", "--threads", threads})
                            .out));
    };
    const Json one = tuned("1");
    EXPECT_EQ(one["restarts"], 40);
    EXPECT_EQ(one.dump(), tuned("2").dump());
}

TEST_F(Tune, WritesAFolderThatChecksOut) {
    const std::string out = path("out");
    const Json object = json({"tune", "--task", "map-inc", "--init", program("map_inc.asm"), "--gamma",
                              "0.01", "--restarts", "2", "--iterations", "2", "--json", "-o", out});
    EXPECT_EQ(Json::parse(read(out + "/run.json")), without_seconds(object));
    EXPECT_EQ(Json::parse(read(out + "/times.json"))["seconds"], object["seconds"]);
    EXPECT_EQ(read(out + "/program.asm"), object["program"].get<std::string>());
    EXPECT_EQ(run({"verify", out + "/certificate.json"}).code, 0);
    EXPECT_EQ(run({"verify", out + "/program.asm", "--task", "map-inc"}).code, 0);
    EXPECT_EQ(run({"verify", out + "/weights.safetensors", "--task", "map-inc"}).code, 0);
    // A later run that finds nothing leaves nothing that looks like its result.
    EXPECT_EQ(
        run({"tune", "--task", "sort", "--restarts", "1", "--iterations", "0", "--force", "-o", out}).code,
        1);
    EXPECT_TRUE(fs::exists(out + "/run.json"));
    EXPECT_FALSE(fs::exists(out + "/program.asm"));
    EXPECT_FALSE(fs::exists(out + "/certificate.json"));
}

TEST_F(Tune, SaysWhenNothingWasFound) {
    const Json object = json({"tune", "--task", "sort", "--restarts", "1", "--iterations", "0", "--json"}, 1);
    EXPECT_TRUE(object["program"].is_null());
    EXPECT_TRUE(object["certificate"].is_null());
}

/// Whether the process has put a handler of its own on SIGINT.
bool catches_interrupts(pid_t process) {
    std::ifstream status("/proc/" + std::to_string(process) + "/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("SigCgt:"))
            return (std::stoull(line.substr(7), nullptr, 16) >> (SIGINT - 1) & 1) != 0;
    return false;
}

TEST_F(Tune, KeepsItsResultWhenInterrupted) {
    const pid_t process = start({"tune", "--task", "sort", "--restarts", "4", "--iterations", "10000000",
                                 "--json", "-o", path("out")});
    for (int i = 0; i < 1000 && !catches_interrupts(process); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    kill(process, SIGINT);
    const Outcome outcome = finish(process);
    EXPECT_TRUE(outcome.code == 0 || outcome.code == 1) << outcome.code << outcome.err;
    const Json object = Json::parse(outcome.out, nullptr, false);
    ASSERT_TRUE(object.is_object()) << outcome.out;
    EXPECT_EQ(object["stopped_early"], true);
    EXPECT_EQ(object["restarts"], 4);
    EXPECT_EQ(Json::parse(read(path("out/run.json"))), without_seconds(object));
}

} // namespace
} // namespace ropewalk::cli
