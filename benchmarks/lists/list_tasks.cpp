// Public tasks over lists, one JSON object a line: what is found, whether it is right on held-out tests, how long.
//   ropewalk_list_tasks FILE.jsonl [--seconds S] [--learn N] [--task NAME] [--csv FILE]
// Seconds are of the processor and for each task; --learn N shows the solver the first N examples and tests it on
// the others as well. With --csv, tasks that stand in the file already are not run again, and their rows count.
#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "ropewalk/programs/synthesis/synthesis.hpp"

namespace {

using namespace ropewalk;
using nlohmann::json;

struct Task {
    std::string name;
    synthesis::Examples examples;
    std::vector<synthesis::Example> tests;
    std::vector<std::string> without;
};

synthesis::Example example_of(const json& row) {
    synthesis::Example example;
    for (const json& input : row["inputs"]) example.inputs.push_back(*values::parse_value(input.dump(), "input"));
    example.output = *values::parse_value(row["output"].dump(), "output");
    return example;
}

Task task_of(const json& line, std::size_t learn) {
    Task task;
    task.name = line["task"];
    for (const json& row : line["examples"]) {
        auto& into = task.examples.rows.size() < learn ? task.examples.rows : task.tests;
        into.push_back(example_of(row));
    }
    if (line.contains("tests"))
        for (const json& row : line["tests"]) task.tests.push_back(example_of(row));
    if (line.contains("forbidden"))
        for (const json& each : line["forbidden"]) {
            task.without.push_back(each);
            if (each == "max") task.without.push_back("maximum");
        }
    const std::vector<std::string> names = line["arguments"];
    for (std::size_t i = 0; i < names.size(); ++i) {
        values::Type type = task.examples.rows[0].inputs[i].type;
        task.examples.parameters.push_back({names[i], type});
    }
    task.examples.result = task.examples.rows[0].output.type;
    return task;
}

struct Outcome {
    std::string verdict = "none"; ///< solved, wrong or none
    double seconds = 0;
    long candidates = 0;
    std::size_t right = 0, tests = 0;
    bool decided = false;
    std::string program;
};

Outcome solved(const Task& task, double seconds) {
    // Processor time, so that what else the machine does is not counted.
    const base::Stopwatch watch;
    const auto late = [&] { return watch.processor_seconds() > seconds; };
    const auto result = synthesis::synthesise(task.examples, {.run = {.stop = late}, .without = task.without});
    Outcome outcome{.seconds = watch.processor_seconds(), .candidates = result.candidates, .tests = task.tests.size()};
    if (result.programs.empty()) return outcome;
    const auto choice = synthesis::choose(result, task.examples, 0);
    for (const auto& test : task.tests) {
        const auto value = functional::run(choice.program, test.inputs);
        outcome.right += value && *value == test.output;
    }
    outcome.verdict = outcome.right == outcome.tests ? "solved" : "wrong";
    outcome.decided = choice.decided();
    outcome.program = functional::to_string(choice.program.body, choice.program.parameters);
    return outcome;
}

/// Rows of an earlier run: task, verdict, seconds, candidates, right, tests, decided, program.
std::map<std::string, Outcome> outcomes_in(const std::string& path) {
    std::map<std::string, Outcome> outcomes;
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
        std::stringstream cells(line);
        std::string name, verdict, seconds, candidates, right, tests, decided;
        for (std::string* cell : {&name, &verdict, &seconds, &candidates, &right, &tests, &decided}) std::getline(cells, *cell, ',');
        outcomes[name] = {verdict, std::stod(seconds), std::stol(candidates), std::stoul(right), std::stoul(tests), decided == "1", ""};
    }
    return outcomes;
}

void append(const std::string& path, const std::string& name, const Outcome& outcome) {
    const bool fresh = !std::ifstream(path).good();
    std::ofstream file(path, std::ios::app);
    if (fresh) file << "task,verdict,seconds,candidates,right,tests,decided,program\n";
    file << fmt::format("{},{},{:.2f},{},{},{},{:d},\"{}\"\n", name, outcome.verdict, outcome.seconds, outcome.candidates,
                        outcome.right, outcome.tests, outcome.decided, outcome.program);
}

void show_summary(const std::map<std::string, Outcome>& outcomes) {
    std::map<std::string, int> verdicts, undecided;
    std::size_t right = 0, tests = 0;
    double seconds = 0;
    long candidates = 0;
    for (const auto& [name, outcome] : outcomes) {
        ++verdicts[outcome.verdict];
        undecided[outcome.verdict] += outcome.verdict != "none" && !outcome.decided;
        right += outcome.right, tests += outcome.tests;
        seconds += outcome.seconds, candidates += outcome.candidates;
    }
    fmt::print("\nsolved {} (a warning on {}), wrong {} (a warning on {}), none {}; tests right {} of {}\n", verdicts["solved"],
               undecided["solved"], verdicts["wrong"], undecided["wrong"], verdicts["none"], right, tests);
    fmt::print("{:.1f} s of processor, {:.2f} M programs a second\n", seconds, static_cast<double>(candidates) / seconds / 1e6);
}

} // namespace

int main(int argc, char** argv) {
    double seconds = 10;
    std::size_t learn = 1000;
    std::string only, csv;
    for (int i = 2; i + 1 < argc; i += 2) {
        const std::string option = argv[i];
        if (option == "--seconds") seconds = std::stod(argv[i + 1]);
        if (option == "--learn") learn = std::stoul(argv[i + 1]);
        if (option == "--task") only = argv[i + 1];
        if (option == "--csv") csv = argv[i + 1];
    }
    if (argc < 2) {
        fmt::print(stderr, "usage: ropewalk_list_tasks FILE.jsonl [--seconds S] [--learn N] [--task NAME] [--csv FILE]\n");
        return 2;
    }
    std::map<std::string, Outcome> outcomes = csv.empty() ? std::map<std::string, Outcome>{} : outcomes_in(csv);
    std::ifstream file(argv[1]);
    for (std::string line; std::getline(file, line);) {
        const Task task = task_of(json::parse(line), learn);
        if (task.name.find(only) == std::string::npos || outcomes.contains(task.name)) continue;
        const Outcome outcome = solved(task, seconds);
        outcomes[task.name] = outcome;
        fmt::print("{:<7}{:<32}{:>7.2f} s {:>10}  {:>2}/{:<2} {} {}\n", outcome.verdict, task.name, outcome.seconds,
                   outcome.candidates, outcome.right, outcome.tests, outcome.decided ? ' ' : '?', outcome.program);
        std::fflush(stdout);
        if (!csv.empty()) append(csv, task.name, outcome);
    }
    show_summary(outcomes);
}
