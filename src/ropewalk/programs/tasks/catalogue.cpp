#include "ropewalk/programs/tasks/catalogue.hpp"

#include "ropewalk/programs/tasks/families.hpp"

namespace ropewalk::tasks {

namespace {

std::vector<Task> all_families() {
    std::vector<Task> tasks = table1_tasks();
    for (Task& task : array_tasks()) tasks.push_back(std::move(task));
    for (Task& task : pointer_tasks()) tasks.push_back(std::move(task));
    return tasks;
}

} // namespace

const std::vector<Task>& catalogue() {
    static const std::vector<Task> tasks = all_families();
    return tasks;
}

base::Result<Task> find_task(std::string_view name) {
    std::vector<std::string> names;
    for (const Task& task : catalogue()) {
        if (task.name == name) return task;
        names.push_back(task.name);
    }
    std::string expected;
    for (const std::string& each : names) expected += (expected.empty() ? "one of " : ", ") + each;
    const std::string suggestion = base::closest(name, names);
    if (!suggestion.empty()) expected = "a task of the catalogue; did you mean '" + suggestion + "'?";
    return base::failure("task", "unknown task " + base::quoted(name), expected);
}

} // namespace ropewalk::tasks
