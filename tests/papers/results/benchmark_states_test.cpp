// States of benchmarks: what is gone on with, and what is refused.
#include <fstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "papers/results/results.hpp"
#include "papers/shared/shared.hpp"
#include "tests/scratch.hpp"

namespace ropewalk::papers {
namespace {

using nlohmann::ordered_json;

/// A run as state files have it; every kind of field.
struct Measured {
    std::string name;
    int count = 0;
    bool right = false;
    double loss = 0;
    std::optional<double> seconds;
};

const RunFields measured_fields{std::pair{"name", &Measured::name}, std::pair{"count", &Measured::count},
                                std::pair{"right", &Measured::right}, std::pair{"loss", &Measured::loss},
                                std::pair{"seconds", &Measured::seconds}};

TEST(RunFields, AreReadAsTheyWereWrittenAndInTheirOrder) {
    const Measured run{"a", 3, true, std::nan(""), std::nullopt};
    const std::string text = measured_fields.to_json(run).dump();
    EXPECT_EQ(text, R"({"name":"a","count":3,"right":true,"loss":null,"seconds":null})");
    const Measured again = measured_fields.from_json(ordered_json::parse(text));
    EXPECT_EQ(measured_fields.to_json(again).dump(), text);
    EXPECT_TRUE(std::isnan(again.loss));
    EXPECT_EQ(measured_fields.from_json(measured_fields.to_json({"b", 1, false, 2.5, 4.0})).seconds, 4.0);
}

TEST(RunFields, AreAllThereAndOfTheirTypes) {
    for (const char* text : {R"([])", R"({"name":"a"})", R"({"name":7,"count":3,"right":true,"loss":1,"seconds":2})",
                             R"({"name":"a","count":3,"right":"yes","loss":1,"seconds":2})"})
        EXPECT_THROW((void)measured_fields.from_json(ordered_json::parse(text)), ordered_json::exception) << text;
}

class BenchmarkStates : public Scratch {
protected:
    /// The same file with another text in the place of one.
    std::string changed(const std::string& name, const std::string& from, const std::string& to) const {
        std::string text = *base::read_file(path(name));
        const std::size_t at = text.find(from);
        EXPECT_NE(at, std::string::npos) << text;
        text.replace(at, from.size(), to);
        return write(name, text);
    }

    /// Two laws, learned from a few rows.
    LawBenchmarkOptions laws() const {
        const auto law = [](const char* id, const char* formula) {
            return std::string(R"({"id": ")") + id + R"(", "formula": ")" + formula +
                   R"(", "variables": [{"name": "a", "low": 1, "high": 2}, {"name": "b", "low": 1, "high": 2}]})" + "\n";
        };
        LawBenchmarkOptions options;
        options.data = folder_.string();
        write("feynman.jsonl", law("I.1", "a*b") + law("I.2", "a + b"));
        options.sets = {"feynman"};
        options.noise = {0};
        options.units = false;
        options.seconds = 0.5;
        options.run.threads = 1;
        options.run.state_file = path("state.json");
        options.run.resume = true;
        return options;
    }
};

TEST_F(BenchmarkStates, OfLawsKeepRunsThatAreNotAskedForAndTakeNoOtherSeed) {
    LawBenchmarkOptions options = laws();
    options.laws = {"I.1"};
    const auto first = law_benchmark(options);
    ASSERT_TRUE(first) << base::render(first.error());
    ASSERT_EQ(first->runs.size(), 1u);
    EXPECT_TRUE(first->runs[0].answer);
    options.laws = {"I.2"};
    ASSERT_TRUE(law_benchmark(options));
    EXPECT_EQ(ordered_json::parse(*base::read_file(options.run.state_file))["runs"].size(), 2u);
    options.laws = {};
    changed("state.json", "\"law\": \"I.1\",\n   \"noise\": 0.0,\n   \"units\": false,\n   \"seed\": 0,\n   \"answer\": true",
            "\"law\": \"I.1\",\n   \"noise\": 0.0,\n   \"units\": false,\n   \"seed\": 0,\n   \"answer\": false");
    const auto both = law_benchmark(options);
    ASSERT_TRUE(both) << base::render(both.error());
    ASSERT_EQ(both->runs.size(), 2u);
    EXPECT_FALSE(both->runs[0].answer) << "it was not taken from the state";
    options.seed = 1;
    EXPECT_THAT(complaint(law_benchmark(options), folder_), testing::HasSubstr("the state of another run"));
}

TEST_F(BenchmarkStates, OfLawsThatAreDamagedAreRefused) {
    LawBenchmarkOptions options = laws();
    options.laws = {"I.1"};
    ASSERT_TRUE(law_benchmark(options));
    const std::string good = *base::read_file(options.run.state_file);
    for (const auto& [from, to] : {std::pair{"\"set\": \"feynman\"", "\"set\": 3"}, std::pair{"\"answer\": true,", ""},
                                   std::pair{"\"runs\": [", "\"runs\": [7, "}, std::pair{"]\n}", "]"}}) {
        write("state.json", good);
        changed("state.json", from, to);
        EXPECT_THAT(complaint(law_benchmark(options), folder_), testing::HasSubstr("no state at all")) << to;
    }
}

TEST_F(BenchmarkStates, LawsThatAreDamagedAreNamedWithTheirLine) {
    LawBenchmarkOptions options = laws();
    write("feynman.jsonl", "{\"id\": \"I.1\", \"formula\": \"a\", \"variables\": [{\"name\": \"a\", \"low\": \"1\"}]}\n");
    EXPECT_THAT(complaint(law_benchmark(options), folder_), testing::StartsWith("feynman.jsonl:1: "));
}

TEST_F(BenchmarkStates, OfTasksThatAreDamagedAreRefused) {
    // A run that lacks most of its fields, and strings where numbers are.
    const auto state = [](const std::string& key) {
        return "{\"key\": " + key + R"(, "runs": [{"set": "lambda2", "task": "a", "shown": "b", "verdict": "none"}]})";
    };
    const std::string folder = folder_in_key(folder_.string());
    ListBenchmarkOptions lists;
    lists.data = folder_.string();
    lists.sets = {"lambda2"};
    write("lambda2.jsonl", "");
    lists.run.state_file = write("lists.json", state(ordered_json{{"benchmark", "lists"}, {"data", folder},
                                                               {"seconds", lists.seconds}, {"seed", lists.seed}}.dump()));
    lists.run.resume = true;
    EXPECT_THAT(complaint(list_benchmark(lists), folder_), testing::HasSubstr("no state at all"));
    SequenceBenchmarkOptions sequences;
    sequences.run.state_file = write("sequences.json",
                                 state(ordered_json{{"benchmark", "sequences"}, {"seconds", sequences.seconds},
                                                    {"seed", sequences.seed}, {"examples", sequences.examples},
                                                    {"inputs", sequences.inputs}}.dump()));
    sequences.run.resume = true;
    EXPECT_THAT(complaint(sequence_benchmark(sequences), folder_), testing::HasSubstr("no state at all"));
    DigitBenchmarkOptions digits;
    digits.run.state_file = write("digits.json", state(ordered_json{{"experiment", "digits"}, {"version", 1}, {"data", ""},
                                                                {"lists", ""}, {"seconds", digits.seconds},
                                                                {"steps", digits.steps}}.dump()));
    digits.run.resume = true;
    EXPECT_THAT(complaint(digit_benchmark(digits), folder_), testing::HasSubstr("no state at all"));
}

TEST(ListBenchmark, HasOneOfEverySoManyTasks) {
    const auto refused = list_benchmark({.every = 2, .from = 2});
    ASSERT_FALSE(refused);
    EXPECT_EQ(base::render(refused.error()), "setting `from`: 2; expected 0 to 1, as setting `every` is 2\n");
}

TEST_F(BenchmarkStates, OfDigitsAreOfTheirFolders) {
    DigitBenchmarkOptions digits;
    digits.data = path("nowhere");
    digits.run.resume = true;
    digits.run.state_file = write("digits.json", "{\"key\": " + ordered_json{{"experiment", "digits"}, {"version", 2},
                                                                          {"data", folder_in_key(digits.data)}, {"lists", ""},
                                                                          {"seconds", digits.seconds},
                                                                          {"steps", digits.steps}}.dump() + ", \"runs\": []}");
    EXPECT_THAT(complaint(digit_benchmark(digits), folder_), testing::StartsWith("nowhere/")) << "it goes on";
    digits.lists = path("lists");
    EXPECT_THAT(complaint(digit_benchmark(digits), folder_), testing::HasSubstr("the state of another run"));
}

TEST_F(BenchmarkStates, OfManyUnitsHaveThemAllOnceTheyAreSaved) {
    constexpr std::size_t units = 300;
    const FinishedRunsFile file{.name = path("units.json"), .resume = true, .key = {{"seed", 1}}};
    const auto to_json = [](const int& run) { return ordered_json{{"run", run}}; };
    const auto from_json = [](const ordered_json& run) { return run.at("run").get<int>(); };
    auto finished = FinishedUnits<int>::load(file, units, to_json, from_json);
    ASSERT_TRUE(finished);
    for (std::size_t unit = 0; unit < units; unit += 2) ASSERT_TRUE(finished->keep(unit, static_cast<int>(unit)));
    ASSERT_TRUE(finished->save());
    const auto again = FinishedUnits<int>::load(file, units, to_json, from_json);
    ASSERT_TRUE(again);
    for (std::size_t unit = 0; unit < units; ++unit) {
        EXPECT_EQ((*again)[unit].has_value(), unit % 2 == 0);
        if ((*again)[unit]) {
            EXPECT_EQ(*(*again)[unit], static_cast<int>(unit));
        }
    }
}

} // namespace
} // namespace ropewalk::papers
