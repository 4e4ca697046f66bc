// The commands that find programs: synthesize, induce, library.
#include "tests/app/command.hpp"

namespace ropewalk::cli {
namespace {

using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::ordered_json;

class SearchCommands : public Command {
protected:
    /// Examples that nothing small explains.
    std::string hopeless() const {
        return write("hopeless.jsonl", "{\"memory\":[3,1,4,1],\"expect\":{\"memory\":[5,2,6,5]}}\n"
                                       "{\"memory\":[2,7,1,0],\"expect\":{\"memory\":[2,4,5,1]}}\n"
                                       "{\"memory\":[6,6,2,5],\"expect\":{\"memory\":[0,1,0,6]}}\n"
                                       "{\"memory\":[0,1,5,3],\"expect\":{\"memory\":[7,3,3,2]}}\n"
                                       "{\"memory\":[5,0,7,2],\"expect\":{\"memory\":[4,5,4,4]}}\n"
                                       "{\"memory\":[1,4,0,7],\"expect\":{\"memory\":[6,0,2,7]}}\n");
    }
    std::string contradictory() const {
        return write("both.jsonl", "{\"memory\":[1,2],\"expect\":{\"memory\":[2,2]}}\n"
                                   "\n"
                                   "{\"memory\":[1,2],\"expect\":{\"memory\":[3,2]}}\n");
    }
};

TEST_F(SearchCommands, ExplainThemselvesWithAnExample) {
    const Outcome all = run({"--help"});
    for (const char* command : {"synthesize", "induce", "library"}) {
        const Outcome outcome = run({command, "--help"});
        EXPECT_EQ(outcome.code, 0);
        EXPECT_THAT(outcome.out, HasSubstr(std::string("Example: ropewalk ") + command));
        EXPECT_THAT(outcome.out, HasSubstr("Exit status 1"));
        EXPECT_THAT(all.out, HasSubstr(command));
    }
}

TEST_F(SearchCommands, ANumberThatIsTheSizeOfAllExamplesIsANumber) {
    const std::string five = write("five.jsonl", "{\"memory\":[6,4,3,2,6],\"expect\":{\"memory\":[11,9,8,7,11]}}\n"
                                                 "{\"memory\":[6,7,0,4,0],\"expect\":{\"memory\":[11,12,5,9,5]}}\n"
                                                 "{\"memory\":[2,0,9,7,5],\"expect\":{\"memory\":[7,5,14,12,10]}}\n");
    const Outcome found = run({"induce", "--examples", five, "--base", "15"});
    EXPECT_EQ(found.code, 0) << found.err;
    EXPECT_THAT(found.out, HasSubstr("for i in 0..n: M[i] = M[i] + 5\n"));
    EXPECT_THAT(found.out, HasSubstr("All examples have 5 cells"));
}

TEST_F(SearchCommands, SynthesizeFindsAProgram) {
    const Json object = json({"synthesize", "--task", "map-inc", "-o", path("p.rope"), "--json"});
    EXPECT_EQ(object["task"], "map-inc");
    EXPECT_EQ(object["source"], "for i in 0..n: M[i] = M[i] + 1\n");
    EXPECT_EQ(object["source"].get<std::string>(), read(path("p.rope")));
    EXPECT_THAT(object["program"].get<std::string>(), HasSubstr("inc"));
    EXPECT_EQ(object["found_by"], "enumerate (map)");
    EXPECT_EQ(object["certificate"]["holds"], true);
    EXPECT_GT(object["candidates"].get<long>(), 0);
    EXPECT_EQ(object["stop_reason"], "found");
    EXPECT_TRUE(object["near_misses"].is_array());
    EXPECT_GE(object["seconds"].get<double>(), 0);

    const Outcome refused = run({"synthesize", "--task", "map-inc", "-o", path("p.rope")});
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.err, HasSubstr("p.rope"));
    const Outcome people = run({"synthesize", "--task", "map-inc", "-o", path("p.rope"), "--force"});
    EXPECT_EQ(people.code, 0);
    EXPECT_THAT(people.out, HasSubstr("Program found for map-inc"));
    EXPECT_THAT(people.out, HasSubstr("stopped: found"));
}

TEST_F(SearchCommands, SynthesizeShowsNearMissesWhereNothingExplainsTheExamples) {
    const std::vector<std::string> command{"synthesize", "--examples", hopeless(),   "--base", "8",
                                           "--seconds",  "0",          "--programs", "200000"};
    std::vector<std::string> as_json = command;
    as_json.insert(as_json.end(), {"--json", "--near-misses", "5"});
    const Json object = json(as_json, 1);
    EXPECT_TRUE(object["program"].is_null());
    EXPECT_TRUE(object["source"].is_null());
    EXPECT_EQ(object["stop_reason"], "work");
    EXPECT_EQ(object["candidates"], 200000);
    ASSERT_GE(object["near_misses"].size(), 1u);
    EXPECT_LE(object["near_misses"].size(), 5u);
    double last = 1;
    for (const Json& miss : object["near_misses"]) {
        EXPECT_FALSE(miss["source"].get<std::string>().empty());
        EXPECT_GT(miss["score"].get<double>(), 0);
        EXPECT_LE(miss["score"].get<double>(), last);
        last = miss["score"];
    }
    // The same whatever the number of threads.
    std::vector<std::string> one = as_json, three = as_json;
    one.insert(one.end(), {"--threads", "1"});
    three.insert(three.end(), {"--threads", "3"});
    Json first = json(one, 1), second = json(three, 1);
    first.erase("seconds");
    second.erase("seconds");
    EXPECT_EQ(first, second);

    const Outcome people = run(command);
    EXPECT_EQ(people.code, 1);
    EXPECT_THAT(people.out, HasSubstr("No program found"));
    EXPECT_THAT(people.out, HasSubstr("The best near miss has"));
    EXPECT_THAT(people.out, HasSubstr("200000 programs tried"));
}

TEST_F(SearchCommands, SynthesizeFillsASketchOfTheUsers) {
    const std::string sketch = write("mine.rope", "for i in 0..n: M[i] = ?value.f(M[i])\n");
    const Json object = json({"synthesize", "--task", "map-dec", "--sketch", sketch, "--json"});
    EXPECT_EQ(object["found_by"], "enumerate (mine.rope)");
    const Outcome missing = run({"synthesize", "--task", "map-dec", "--sketch", path("none.rope")});
    EXPECT_EQ(missing.code, 2);
    EXPECT_THAT(missing.err, HasSubstr("none.rope"));
    EXPECT_EQ(missing.out, "");
    const std::string wrong = write("wrong.rope", "M[0] = ?thing.f(M[1])\n");
    const Outcome unknown = run({"induce", "--task", "map-dec", "--sketch", wrong});
    EXPECT_EQ(unknown.code, 2);
    EXPECT_THAT(unknown.err, HasSubstr("a hole of kind 'thing'"));
}

TEST_F(SearchCommands, SayWhichExamplesContradictEachOther) {
    for (const char* command : {"synthesize", "induce"}) {
        const Outcome outcome = run({command, "--examples", contradictory(), "--json"});
        EXPECT_EQ(outcome.code, 1) << command;
        EXPECT_EQ(outcome.out, "");
        EXPECT_THAT(outcome.err, HasSubstr("both.jsonl:1 and "));
        EXPECT_THAT(outcome.err, HasSubstr("both.jsonl:3 contradict"));
        EXPECT_THAT(outcome.err, HasSubstr("expects 2 in M[0], the other 3"));
    }
}

TEST_F(SearchCommands, InduceWritesAFolder) {
    const Json object = json({"induce", "--task", "map-inc", "-o", path("run"), "--json", "--seed", "4"});
    EXPECT_EQ(object["task"], "map-inc");
    EXPECT_EQ(object["restarts"], 0);
    for (const char* kind : {"soft", "hard", "certified"}) {
        ASSERT_TRUE(object["recovered"].contains(kind));
        EXPECT_EQ(object["recovered"][kind]["count"], 1) << object["recovered"].dump();
    }
    EXPECT_THAT(object["program"].get<std::string>(), HasSubstr("inc"));
    EXPECT_EQ(object["found_by"], "enumerate (map)");
    EXPECT_EQ(object["certificate"]["holds"], true);
    EXPECT_EQ(object["seed"], 4);
    ASSERT_EQ(object["record"].size(), 1u);
    EXPECT_EQ(object["record"][0]["strategy"], "enumerate");
    EXPECT_EQ(object["record"][0]["found"], true);
    EXPECT_GE(object["seconds"].get<double>(), 0);
    for (const char* name : {"program.rope", "program.asm", "weights.safetensors", "certificate.json",
                             "search.json", "run.json"})
        EXPECT_TRUE(fs::exists(folder / "run" / name)) << name;
    EXPECT_EQ(read(folder / "run/program.rope"), object["source"].get<std::string>());
    EXPECT_EQ(read(folder / "run/program.asm"), object["program"].get<std::string>());
    EXPECT_EQ(Json::parse(read(folder / "run/run.json")), object);
    EXPECT_EQ(Json::parse(read(folder / "run/search.json"))["record"], object["record"]);

    // What was written is good for the other commands.
    EXPECT_EQ(run({"verify", path("run/certificate.json")}).code, 0);
    EXPECT_EQ(run({"decompile", path("run/weights.safetensors")}).code, 0);
    const Json ran = json({"run", path("run/program.asm"), "--memory", "1,2,3,4", "--json"});
    EXPECT_EQ(ran["memory"], (Json{2, 3, 4, 5}));

    const Outcome refused = run({"induce", "--task", "map-inc", "-o", path("run")});
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.err, HasSubstr("run"));
    EXPECT_EQ(run({"induce", "--task", "map-inc", "-o", path("run"), "--force"}).code, 0);
}

TEST_F(SearchCommands, InduceWithoutSuccessLeavesNoProgramOfAnEarlierRun) {
    ASSERT_EQ(run({"induce", "--task", "map-inc", "-o", path("run")}).code, 0);
    const Json object = json({"induce", "--examples", hopeless(), "--base", "8", "--no-tune", "--seconds",
                              "0", "--programs", "100000", "-o", path("run"), "--force", "--json"},
                             1);
    EXPECT_TRUE(object["program"].is_null());
    EXPECT_EQ(object["recovered"]["certified"]["count"], 0);
    EXPECT_FALSE(fs::exists(folder / "run/program.asm"));
    EXPECT_FALSE(fs::exists(folder / "run/certificate.json"));
    EXPECT_TRUE(fs::exists(folder / "run/run.json"));
}

TEST_F(SearchCommands, InduceMovesProgramsToOtherBases) {
    for (const char* task : {"sort", "map-inc"}) {
        const Json object = json({"induce", "--task", task, "--rebase", "16,64", "--json"});
        ASSERT_EQ(object["rebased"].size(), 2u) << task;
        for (const std::size_t i : {0u, 1u}) {
            EXPECT_EQ(object["rebased"][i]["base"], i == 0 ? 16 : 64);
            EXPECT_EQ(object["rebased"][i]["certificate"]["holds"], true) << task;
            EXPECT_EQ(run({"verify", write("c.json", object["rebased"][i]["certificate"].dump())}).code, 0)
                << task;
        }
    }
}

TEST_F(SearchCommands, InduceRefusesToMoveATaskOfOneSize) {
    const std::string examples = write("one.jsonl", "{\"memory\":[1],\"expect\":{\"memory\":[2]}}\n");
    const Outcome outcome = run({"induce", "--examples", examples, "--rebase", "16"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, HasSubstr("--rebase: task one, which has one size only"));
    EXPECT_THAT(outcome.err, HasSubstr("map-inc"));
    EXPECT_EQ(run({"induce", "--task", "sort", "--rebase", "1"}).code, 2);
}

TEST_F(SearchCommands, LibraryLearnsFunctionsThatSynthesizeCalls) {
    const std::string first = write("a.rope", "for i in 0..n: M[i] = (M[i] * 3 + 2) % 5\n"),
                      second =
                          write("b.rope", "x = 0\nfor i in 0..n: x = x + (M[i] * 3 + 2) % 5\nM[0] = x\n");
    const Json object = json({"library", first, second, "-o", path("library.rope"), "--json"});
    ASSERT_GE(object["functions"].size(), 1u);
    EXPECT_THAT(object["functions"][0]["definition"].get<std::string>(),
                HasSubstr("def f1(a) = (a * 3 + 2) % 5"));
    EXPECT_EQ(object["functions"][0]["uses"], 2);
    EXPECT_GT(object["functions"][0]["saving_bits"].get<double>(), 0);
    EXPECT_LT(object["bits_after"].get<double>(), object["bits_before"].get<double>());
    EXPECT_EQ(run({"library", first, second, "-o", path("library.rope")}).code, 2) << "it exists";
    const Outcome people = run({"library", first, second});
    EXPECT_EQ(people.code, 0);
    EXPECT_THAT(people.out, HasSubstr("2 uses"));

    // Each value becomes (3 v + 2) % 5 in base 8: a call to what was learned.
    std::string examples;
    for (int v = 0; v < 8; ++v)
        examples += "{\"memory\":[" + std::to_string(v) + "],\"expect\":{\"memory\":[" +
                    std::to_string((v * 3 + 2) % 8 % 5) + "]}}\n";
    const Json found = json({"synthesize", "--examples", write("e.jsonl", examples), "--base", "8",
                             "--library", path("library.rope"), "--json"});
    EXPECT_THAT(found["source"].get<std::string>(), HasSubstr("% 5"));
}

TEST_F(SearchCommands, SynthesizeCallsAFunctionOfTheUsersInPlaceOfTheStandardOneOfItsName) {
    const std::string library =
        write("library.rope", "def distance(a, b) = (a * a * 5 + b * 3) % 7 * b\nM[0] = 0\n");
    std::string examples;
    for (int a = 0; a < 8; ++a)
        for (int b = 0; b < 8; ++b)
            examples += "{\"memory\":[" + std::to_string(a) + "," + std::to_string(b) +
                        "],\"expect\":{\"memory\":[" + std::to_string((a * a * 5 + b * 3) % 8 % 7 * b % 8) +
                        "]}}\n";
    const Json found = json({"synthesize", "--examples", write("e.jsonl", examples), "--base", "8",
                             "--library", library, "--json"});
    EXPECT_THAT(found["source"].get<std::string>(), HasSubstr("% 7"));
    const Outcome refused = run({"synthesize", "--task", "inc", "--library",
                                 write("three.rope", "def f(a, b, c) = a + b + c\nM[0] = 0\n")});
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.err, HasSubstr("function f of 3 parameters"));
}

TEST_F(SearchCommands, AnExampleIsNamedThatDecidesWhatTheExamplesLeaveOpen) {
    // The largest value or the number 7.
    const std::string examples =
        write("open.jsonl", "{\"memory\":[3,7,1,4],\"expect\":{\"memory\":[7,7,1,4]}}\n"
                            "{\"memory\":[7,2,6,5],\"expect\":{\"memory\":[7,2,6,5]}}\n"
                            "{\"memory\":[1,0,5,7],\"expect\":{\"memory\":[7,0,5,7]}}\n");
    for (const char* command : {"induce", "synthesize"}) {
        const Json open = json({command, "--examples", examples, "--base", "8", "--json"})["open"];
        ASSERT_TRUE(open.is_object());
        EXPECT_EQ(open["deciding_input"].size(), 4u);
        ASSERT_GE(open["readings"].size(), 2u);
        EXPECT_GE(open["readings"][0]["weight"].get<double>(), open["readings"][1]["weight"].get<double>());
        EXPECT_FALSE(open["readings"][0]["source"].get<std::string>().empty());
        const Outcome people = run({command, "--examples", examples, "--base", "8"});
        EXPECT_THAT(people.out, HasSubstr("An example with this memory decides between them."));
    }
    EXPECT_TRUE(json({"induce", "--task", "map-inc", "--json"})["open"].is_null())
        << "all inputs are certified";
}

TEST_F(SearchCommands, LibrarySaysSoWhereNothingIsInCommon) {
    const std::string first = write("a.rope", "M[0] = M[1] + 1\n"), second = write("b.rope", "M[1] = 0\n");
    const Outcome outcome = run({"library", first, second});
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.out, HasSubstr("Nothing in these programs"));
    EXPECT_EQ(run({"library", path("none.rope")}).code, 2);
    const Outcome wrong = run({"library", write("c.rope", "M[0] = \n")});
    EXPECT_EQ(wrong.code, 2);
    EXPECT_THAT(wrong.err, HasSubstr("c.rope:1:"));
}

TEST_F(SearchCommands, RunAndVerifyTakeHighLevelPrograms) {
    const std::string sum = write("sum.rope", "x = 0\nfor i in 0..n - 1: x = x + M[i]\nM[n - 1] = x\n");
    const Json object = json({"run", sum, "--base", "8", "--cells", "4", "--memory", "1,2,3,7", "--json"});
    EXPECT_EQ(object["memory"], Json({1, 2, 3, 6}));
    EXPECT_EQ(run({"verify", sum, "--task", "reduce"}).code, 0);
    EXPECT_EQ(run({"verify", sum, "--task", "parity"}).code, 1);
    const Outcome wrong = run({"run", write("wrong.rope", "M[0] = y\n"), "--memory", "1"});
    EXPECT_EQ(wrong.code, 2);
    EXPECT_THAT(wrong.err, HasSubstr("wrong.rope:1:8"));
}

} // namespace
} // namespace ropewalk::cli
