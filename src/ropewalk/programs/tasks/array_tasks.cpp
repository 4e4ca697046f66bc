#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "ropewalk/programs/tasks/cells.hpp"
#include "ropewalk/programs/tasks/choices.hpp"
#include "ropewalk/programs/tasks/families.hpp"

namespace ropewalk::tasks {

namespace {

std::vector<int> joined(std::vector<int> front, const std::vector<int>& back) {
    front.insert(front.end(), back.begin(), back.end());
    return front;
}

Task access() {
    Task task{.name = "access",
              .summary = "M[0] becomes the element at index M[0] of the array M[1..5]; the array stays.",
              .base = 8,
              .cells = 6,
              .registers = 4,
              .lines = 5,
              .steps = 5,
              .domain_size = 5 * power(8, 5)};
    task.example = [](std::uint64_t index) {
        Choices choices(index);
        const int element = choices.below(5);
        machine::Example example{.memory = joined({element}, choices.values(5, 8))};
        example.expected_memory = example.memory;
        example.expected_memory[0] = at(example.memory, 1 + element);
        return example;
    };
    return task;
}

Task swap() {
    Task task{.name = "swap",
              .summary = "The cells M[0] and M[1] point to (addresses 2..5) exchange their values.",
              .base = 8,
              .cells = 6,
              .registers = 4,
              .lines = 8,
              .steps = 8,
              .domain_size = 4 * 4 * power(8, 4)};
    task.example = [](std::uint64_t index) {
        Choices choices(index);
        const int p = 2 + choices.below(4);
        const int q = 2 + choices.below(4);
        machine::Example example{.memory = joined({p, q}, choices.values(4, 8))};
        example.expected_memory = example.memory;
        std::swap(at(example.expected_memory, p), at(example.expected_memory, q));
        return example;
    };
    return task;
}

// copy and reverse share their inputs: M[0] = destination, then 1 to 4 elements 1..9 and the 0 that ends
// them. The destination lies behind that 0 and leaves room for all elements.
constexpr int copy_base = 10;
constexpr int copy_cells = 10;

int first_destination(int length) { return length + 2; }
int destinations(int length) { return copy_cells - length + 1 - first_destination(length); }

std::vector<std::uint64_t> copy_sizes() {
    std::vector<std::uint64_t> sizes;
    for (int length = 1; destinations(length) > 0; ++length)
        sizes.push_back(static_cast<std::uint64_t>(destinations(length)) * power(copy_base - 1, length));
    return sizes;
}

machine::Example copy_example(std::uint64_t index, bool reversed) {
    Choices choices(index);
    const int length = 1 + choices.part(copy_sizes());
    const int destination = first_destination(length) + choices.below(destinations(length));
    std::vector<int> elements = choices.values(length, copy_base - 1);
    for (int& element : elements) ++element;
    machine::Example example{.memory = joined({destination}, elements),
                             .expected_memory = unscored(copy_cells)};
    example.memory.resize(copy_cells, 0);
    if (reversed) std::reverse(elements.begin(), elements.end());
    std::copy(elements.begin(), elements.end(), example.expected_memory.begin() + destination);
    return example;
}

Task copy_task(bool reversed) {
    const std::vector<std::uint64_t> sizes = copy_sizes();
    Task task{.name = reversed ? "reverse" : "copy",
              .summary =
                  reversed
                      ? "The array from M[1] on, ended by 0, is copied last element first to M[0]'s address."
                      : "The array from M[1] on, ended by 0, is copied to M[0]'s address.",
              .base = copy_base,
              .cells = copy_cells,
              .registers = 4,
              .lines = reversed ? 12 : 8,
              .steps = reversed ? 47 : 29};
    task.domain_size = 0;
    for (const std::uint64_t size : sizes) task.domain_size += size;
    task.example = [reversed](std::uint64_t index) { return copy_example(index, reversed); };
    return task;
}

Task permutation() {
    Task task{.name = "permutation",
              .summary =
                  "Each cell i of M[1..4], a permutation of 0..3, becomes A[i]; A lies at M[0]'s address.",
              .base = 10,
              .cells = 10,
              .registers = 4,
              .lines = 9,
              .steps = 30,
              .domain_size = 2 * arrangements(4, 4) * power(10, 4)};
    task.example = [](std::uint64_t index) {
        Choices choices(index);
        const int array = 5 + choices.below(2);
        machine::Example example{.memory = joined({array}, choices.arrangement(4, 4))};
        example.memory.resize(static_cast<std::size_t>(array), 0);
        example.memory = joined(example.memory, choices.values(4, 10));
        example.memory.resize(10, 0);
        example.expected_memory = example.memory;
        for (int i = 1; i <= 4; ++i)
            at(example.expected_memory, i) = at(example.memory, array + at(example.memory, i));
        return example;
    };
    return task;
}

Task linear_search() {
    // One part for each place of the first match: elements before it differ from the value, later ones are
    // free.
    std::vector<std::uint64_t> sizes;
    std::uint64_t arrays = 0;
    for (int place = 0; place < 5; ++place) {
        sizes.push_back(power(7, place) * power(8, 4 - place));
        arrays += sizes.back();
    }
    Task task{.name = "linear-search",
              .summary = "M[0] becomes the address of the first cell of M[1..5] that holds the value M[0].",
              .base = 8,
              .cells = 6,
              .registers = 4,
              .lines = 8,
              .steps = 27,
              .domain_size = 8 * arrays};
    task.example = [sizes](std::uint64_t index) {
        Choices choices(index);
        const int value = choices.below(8);
        const int place = choices.part(sizes);
        std::vector<int> elements = choices.values(place, 7);
        for (int& element : elements) element += element >= value ? 1 : 0;
        elements.push_back(value);
        machine::Example example{.memory = joined({value}, joined(elements, choices.values(4 - place, 8))),
                                 .expected_memory = unscored(6)};
        example.expected_memory[0] = 1 + place;
        return example;
    };
    return task;
}

/// Three numbers in 0..base-1, never ascending. Subtracting each member's place turns a subset, where members
/// differ, into a sequence where neighbours may be equal.
std::vector<int> descending(Choices& choices, int base) {
    std::vector<int> elements = choices.subset(3, base + 2);
    for (int i = 0; i < 3; ++i) at(elements, i) -= i;
    std::reverse(elements.begin(), elements.end());
    return elements;
}

Task merge() {
    Task task{.name = "merge",
              .summary =
                  "M[8..13] becomes M[0..2] and M[4..6], each descending and ended by 0, merged descending.",
              .base = 14,
              .cells = 14,
              .registers = 6,
              .lines = 13,
              .steps = 65,
              .domain_size = subsets(3, 16) * subsets(3, 16)};
    task.example = [](std::uint64_t index) {
        Choices choices(index);
        const std::vector<int> first = descending(choices, 14);
        const std::vector<int> second = descending(choices, 14);
        std::vector<int> merged(6);
        std::merge(first.begin(), first.end(), second.begin(), second.end(), merged.begin(),
                   std::greater<>());
        machine::Example example{.memory = joined(joined(first, {0}), joined(second, {0})),
                                 .expected_memory = joined(unscored(8), merged)};
        example.memory.resize(14, 0);
        return example;
    };
    return task;
}

Task addition() {
    Task task{.name = "addition",
              .summary = "M[2] becomes the low digit of M[0] + M[1] in base 8 and M[3] the carry.",
              .base = 8,
              .cells = 4,
              .registers = 4,
              .lines = 12,
              .steps = 12,
              .domain_size = power(8, 4)};
    task.example = [](std::uint64_t index) {
        machine::Example example{.memory = Choices(index).values(4, 8), .expected_memory = unscored(4)};
        const int sum = example.memory[0] + example.memory[1];
        example.expected_memory[2] = sum % 8;
        example.expected_memory[3] = sum / 8;
        return example;
    };
    return task;
}

Task sort(int base, int cells) {
    Task task{.name = "sort",
              .summary = fmt::format("M[0..{}] is sorted from small to large.", cells - 1),
              .base = base,
              .cells = cells,
              .registers = 5,
              .lines = 15,
              .steps = 4L * cells * cells + 2,
              .domain_size = array_count(base, cells)};
    task.example = [base, cells](std::uint64_t index) {
        machine::Example example{.memory = array_at(index, base, cells)};
        example.expected_memory = example.memory;
        std::sort(example.expected_memory.begin(), example.expected_memory.end());
        return example;
    };
    task.resized = sort;
    return task;
}

} // namespace

std::vector<Task> array_tasks() {
    return {access(),        swap(),  copy_task(false), copy_task(true), permutation(),
            linear_search(), merge(), addition(),       sort(8, 4)};
}

} // namespace ropewalk::tasks
