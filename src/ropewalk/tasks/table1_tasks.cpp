#include <array>
#include <numeric>

#include "ropewalk/tasks/choices.hpp"
#include "ropewalk/tasks/families.hpp"

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

Task inc() {
    Task task{.name = "inc",
              .summary = "M[0] becomes M[0] + 1 (mod 8); the other cells stay.",
              .base = 8,
              .cells = 4,
              .registers = 4,
              .lines = 8,
              .steps = 8,
              .domain_size = power(8, 4)};
    task.example = [](std::uint64_t index) {
        machine::Example example{.memory = Choices(index).values(4, 8)};
        example.expected_memory = example.memory;
        example.expected_memory[0] = (example.memory[0] + 1) % 8;
        return example;
    };
    return task;
}

Task map_add(const char* name, const char* summary, int difference) {
    Task task{.name = name,
              .summary = summary,
              .base = 8,
              .cells = 4,
              .registers = 4,
              .lines = 8,
              .steps = 32,
              .domain_size = power(8, 4)};
    return in_stages(std::move(task), 4, [difference](std::uint64_t index, int cells) {
        machine::Example example{.memory = Choices(index).values(4, 8)};
        example.expected_memory = example.memory;
        for (int i = 0; i < cells; ++i) {
            int& value = example.expected_memory[static_cast<std::size_t>(i)];
            value = (value + 8 + difference) % 8;
        }
        return example;
    });
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
              .registers = 5,
              .lines = 12,
              .steps = 36,
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
              .registers = 5,
              .lines = 12,
              .steps = 36,
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
              .registers = 4,
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
    return {inc(),
            map_add("map-inc", "Every cell becomes itself plus 1 (mod 8).", 1),
            map_add("map-dec", "Every cell becomes itself minus 1 (mod 8).", -1),
            reduce(),
            parity(),
            fibonacci()};
}

} // namespace ropewalk::tasks
