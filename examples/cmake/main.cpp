// Induces a program from examples, explains a table, and tunes a program into another one.
#include <cstdio>
#include <fstream>

#include <ropewalk/ropewalk.hpp>

int fail(const ropewalk::Diagnostics& reasons) {
    std::fputs(ropewalk::base::render(reasons).c_str(), stderr);
    return 1;
}

int main() {
    // A program from examples of what it does to memory, certified on each of them.
    const auto task = ropewalk::parse_examples(R"({"memory": [3, 1, 2], "expect": {"memory": [4, 2, 3]}}
{"memory": [0, 5, 5], "expect": {"memory": [1, 6, 6]}}
{"memory": [7, 2, 0], "expect": {"memory": [8, 3, 1]}}
)",
                                               "plus one");
    if (!task) return fail(task.error());
    const auto induced = ropewalk::induce(*task, {.run = {.seconds = 10}});
    if (!induced) return fail(induced.error());
    if (!induced->program) return std::puts("no program found"), 1;
    std::printf("%s\n", to_string(*induced->program).c_str());

    // A formula for the column y.
    std::ofstream("kinetic.csv") << "m,v,y\n1,2,2\n2,3,9\n4,1,2\n3,5,37.5\n5,4,40\n2,8,64\n";
    const auto table = ropewalk::read_table("kinetic.csv", {.target = "y"});
    if (!table) return fail(table.error());
    const auto report = ropewalk::search_formulas(table->problem, {.run = {.seconds = 5}, .constants = true});
    if (!report) return fail(report.error());
    std::printf("y = %s\n\n",
                ropewalk::formula::to_infix(report->front.back().program, table->names).c_str());

    // The program above, blurred into weights and tuned into one that subtracts one.
    const auto down = ropewalk::find_task("map-dec");
    if (!down) return fail(down.error());
    const auto tuned = ropewalk::tune(*down, std::nullopt, {.restarts = 32, .iterations = 400});
    if (!tuned) return fail(tuned.error());
    std::printf("map-dec from random weights: %zu restarts, %s\n", tuned->restarts.size(),
                tuned->certificate ? "one is certified" : "none certified");
    return 0;
}
