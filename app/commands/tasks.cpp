// ropewalk tasks: the catalogue.
#include <fmt/format.h>

#include "app/commands/commands.hpp"
#include "ropewalk/base/random.hpp"

namespace ropewalk::cli {

namespace {

struct TasksOptions {
    CommonOptions common;
    std::string name;
    int examples = 3;
};

Json scored(const std::vector<int>& values) {
    Json list = Json::array();
    for (const int value : values) list.push_back(value == machine::not_scored ? Json(nullptr) : Json(value));
    return list;
}

Json to_json(const tasks::Task& task) {
    return {{"name", task.name},   {"summary", task.summary},        {"base", task.base},
            {"cells", task.cells}, {"registers", task.registers},    {"lines", task.lines},
            {"steps", task.steps}, {"domain_size", task.domain_size}};
}

int show_one(const TasksOptions& options) {
    const auto task = tasks::find_task(options.name);
    if (!task) return report(task.error());
    base::RandomStream random(options.common.seed, base::Purpose::held_out_examples);
    const auto examples = draw_examples(*task, options.examples, random);
    if (options.common.json) {
        // The examples have the form of an examples file, one per line.
        Json object = to_json(*task);
        for (const auto& each : examples)
            object["examples"].push_back(
                {{"memory", each.memory}, {"expect", {{"memory", scored(each.expected_memory)}}}});
        print(object);
        return exit_done;
    }
    fmt::print("{}: {}\nbase {}, {} cells, {} registers, {} lines, {} steps, {} inputs\n", task->name,
               task->summary, task->base, task->cells, task->registers, task->lines, task->steps,
               task->domain_size);
    for (const auto& each : examples)
        fmt::print("  {}  ->  {}\n", spaced(each.memory), spaced(each.expected_memory));
    return exit_done;
}

int show_all(const TasksOptions& options) {
    if (options.common.json) {
        Json list = Json::array();
        for (const tasks::Task& task : tasks::catalogue()) list.push_back(to_json(task));
        print({{"tasks", list}});
        return exit_done;
    }
    fmt::print("{:<15} {:>4} {:>5} {:>5} {:>12}  {}\n", "task", "base", "cells", "steps", "inputs",
               "what the program is to do");
    for (const tasks::Task& task : tasks::catalogue())
        fmt::print("{:<15} {:>4} {:>5} {:>5} {:>12}  {}\n", task.name, task.base, task.cells, task.steps,
                   task.domain_size, task.summary);
    return exit_done;
}

} // namespace

void add_tasks(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<TasksOptions>();
    CLI::App* command = app.add_subcommand("tasks", "List the tasks that come with Ropewalk, or show one");
    command->add_option("name", options->name, "A task to show with examples");
    command->add_option("--count", options->examples, "Examples to show")
        ->capture_default_str()
        ->check(CLI::Range(0, 1'000'000));
    add_common_options(*command, options->common);
    command->footer("Example: ropewalk tasks sort\n"
                    "In examples, `.` marks a cell that is not scored.");
    command->callback([options, &exit_code] {
        exit_code = options->name.empty() ? show_all(*options) : show_one(*options);
    });
}

} // namespace ropewalk::cli
