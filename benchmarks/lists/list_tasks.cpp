// Public tasks over lists, one JSON object a line: what is found, whether it is right on held-out tests, how long.
//   ropewalk_list_tasks FILE.jsonl [--seconds S] [--learn N] [--task NAME] [--csv FILE]
#include <cstdio>
#include <fstream>
#include <iostream>

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
    for (const json& input : row["inputs"]) example.inputs.push_back(*values::value_from(input, "input"));
    example.output = *values::value_from(row["output"], "output");
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

} // namespace

int main(int argc, char** argv) {
    double seconds = 10;
    std::size_t learn = 1000;
    std::string only;
    for (int i = 2; i + 1 < argc; i += 2) {
        const std::string option = argv[i];
        if (option == "--seconds") seconds = std::stod(argv[i + 1]);
        if (option == "--learn") learn = std::stoul(argv[i + 1]);
        if (option == "--task") only = argv[i + 1];
    }
    std::ifstream file(argv[1]);
    int solved = 0, wrong = 0, none = 0;
    long tests_right = 0, tests = 0, candidates = 0;
    double total = 0;
    for (std::string line; std::getline(file, line);) {
        const Task task = task_of(json::parse(line), learn);
        if (!only.empty() && task.name.find(only) == std::string::npos) continue;
        // Processor time, so that what else the machine does is not counted.
        const base::Stopwatch watch;
        const auto late = [&] { return watch.processor_seconds() > seconds; };
        auto result = synthesis::synthesise(task.examples, {.seconds = 1e9, .without = task.without, .stop = late});
        result.seconds = watch.processor_seconds();
        std::size_t right = 0;
        std::string text = "-";
        if (!result.programs.empty()) {
            const functional::Program& program = result.programs[0].program;
            text = functional::to_string(program.body, program.parameters);
            for (const auto& test : task.tests) {
                const auto value = functional::run(program, test.inputs);
                right += value && *value == test.output;
            }
        }
        const char* verdict = result.programs.empty() ? "NONE" : right == task.tests.size() ? "ok" : "WRONG";
        (result.programs.empty() ? none : right == task.tests.size() ? solved : wrong)++;
        tests_right += static_cast<long>(right), tests += static_cast<long>(task.tests.size());
        candidates += result.candidates;
        total += result.seconds;
        fmt::print("{:<6}{:<32}{:>7.2f} s {:>10} level {:>2} cost {:>2}  {}/{}  {}\n", verdict, task.name, result.seconds,
                   result.candidates, result.level, result.programs.empty() ? 0 : result.programs[0].cost, right,
                   task.tests.size(), text);
        std::fflush(stdout);
    }
    fmt::print("solved {} wrong {} none {}   tests right {}/{}   {:.2f} M/s\n", solved, wrong, none, tests_right, tests,
               static_cast<double>(candidates) / total / 1e6);
}
