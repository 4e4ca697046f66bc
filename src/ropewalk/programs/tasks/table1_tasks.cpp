#include <array>
#include <numeric>

#include <fmt/format.h>

#include "ropewalk/programs/tasks/choices.hpp"
#include "ropewalk/programs/tasks/families.hpp"

namespace ropewalk::tasks {

namespace {

/// A task whose work falls into equal parts; the whole task is its last stage.
Task in_stages(Task task, int stages,
               std::function<machine::Example(std::uint64_t index, int stage)> prefix) {
    task.stages = stages;
    task.prefix = prefix;
    task.example = [prefix = std::move(prefix), stages](std::uint64_t index) {
        return prefix(index, stages);
    };
    return task;
}

Task inc(int base, int cells) {
    Task task{.name = "inc",
              .summary = fmt::format("M[0] becomes M[0] + 1 (mod {}); the other cells stay.", base),
              .base = base,
              .cells = cells,
              .registers = 4,
              .lines = 8,
              .steps = 8,
              .domain_size = array_count(base, cells)};
    task.example = [base, cells](std::uint64_t index) {
        machine::Example example{.memory = array_at(index, base, cells)};
        example.expected_memory = example.memory;
        example.expected_memory[0] = (example.memory[0] + 1) % base;
        return example;
    };
    task.resized = inc;
    return task;
}

Task map_add(const char* name, const char* change, int difference, int base, int cells) {
    Task task{.name = name,
              .summary = fmt::format("Every cell becomes itself {} 1 (mod {}).", change, base),
              .base = base,
              .cells = cells,
              .registers = 4,
              .lines = 8,
              .steps = 8L * cells,
              .domain_size = array_count(base, cells)};
    task = in_stages(std::move(task), cells, [base, cells, difference](std::uint64_t index, int done) {
        machine::Example example{.memory = array_at(index, base, cells)};
        example.expected_memory = example.memory;
        for (int i = 0; i < done; ++i) {
            int& value = example.expected_memory[static_cast<std::size_t>(i)];
            value = (value + base + difference) % base;
        }
        return example;
    });
    task.resized = [name, change, difference](int other_base, int other_cells) {
        return map_add(name, change, difference, other_base, other_cells);
    };
    return task;
}

/// The three inputs of a task whose result goes to M[3], and what M[3] holds before.
machine::Example three_to_one(const std::vector<int>& inputs, int before, int result) {
    using machine::not_scored;
    machine::Example example{.memory = inputs};
    example.memory.push_back(before);
    example.expected_memory = {not_scored, not_scored, not_scored, result};
    return example;
}

Task reduce() {
    Task task{.name = "reduce",
              .summary = "M[3] becomes M[0] + M[1] + M[2] (mod 4).",
              .base = 4,
              .cells = 4,
              .registers = 8,
              .lines = 16,
              .steps = 48,
              .domain_size = power(4, 4)};
    return in_stages(std::move(task), 3, [](std::uint64_t index, int terms) {
        Choices choices(index);
        const std::vector<int> inputs = choices.values(3, 4);
        const int before = choices.below(4);
        return three_to_one(inputs, before, std::accumulate(inputs.begin(), inputs.begin() + terms, 0) % 4);
    });
}

Task parity() {
    Task task{.name = "parity",
              .summary = "M[3] becomes 1 when an odd number of the bits M[0..2] is 1, else 0.",
              .base = 4,
              .cells = 4,
              .registers = 10,
              .lines = 20,
              .steps = 60,
              .domain_size = power(2, 3) * 4};
    return in_stages(std::move(task), 3, [](std::uint64_t index, int terms) {
        Choices choices(index);
        const std::vector<int> bits = choices.values(3, 2);
        const int before = choices.below(4);
        return three_to_one(bits, before, std::accumulate(bits.begin(), bits.begin() + terms, 0) % 2);
    });
}

Task fibonacci() {
    Task task{.name = "fibonacci",
              .summary = "Memory becomes 1, 2, 3, 5, 8, ... (mod 10), whatever it holds before.",
              .base = 10,
              .cells = 8,
              .registers = 6,
              .lines = 8,
              .steps = 64,
              .domain_size = power(10, 8)};
    return in_stages(std::move(task), 8, [](std::uint64_t index, int cells) {
        machine::Example example{.memory = Choices(index).values(8, 10)};
        example.expected_memory = example.memory;
        constexpr std::array numbers{1, 2, 3, 5, 8, 3, 1, 4};
        std::copy_n(numbers.begin(), cells, example.expected_memory.begin());
        return example;
    });
}

} // namespace

std::vector<Task> table1_tasks() {
    return {inc(8, 4),
            map_add("map-inc", "plus", 1, 8, 4),
            map_add("map-dec", "minus", -1, 8, 4),
            reduce(),
            parity(),
            fibonacci()};
}

} // namespace ropewalk::tasks
