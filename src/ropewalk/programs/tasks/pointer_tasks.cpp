#include <algorithm>
#include <numeric>

#include "ropewalk/programs/tasks/cells.hpp"
#include "ropewalk/programs/tasks/choices.hpp"
#include "ropewalk/programs/tasks/families.hpp"

namespace ropewalk::tasks {

namespace {

// Lists: M[0] = address of the first node, M[1] = what is asked, up to three nodes in M[2..3], M[4..5],
// M[6..7]. A node at address a has the address of the next node in M[a] (0: none) and its value in M[a+1].
constexpr int list_base = 8;
constexpr int list_slots = 3;

/// Memory with a list of these values, whose nodes stand in these slots; unused slots hold 0.
std::vector<int> list_memory(const std::vector<int>& slots, const std::vector<int>& values, int asked) {
    std::vector<int> memory(8, 0);
    memory[1] = asked;
    int link = 0;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        const int node = 2 + 2 * slots[i];
        at(memory, link) = node;
        at(memory, node + 1) = values[i];
        link = node;
    }
    return memory;
}

machine::Example answer_in_first_cell(std::vector<int> memory, int answer) {
    const int cells = static_cast<int>(memory.size());
    machine::Example example{.memory = std::move(memory), .expected_memory = unscored(cells)};
    example.expected_memory[0] = answer;
    return example;
}

std::uint64_t sum(const std::vector<std::uint64_t>& sizes) {
    return std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0});
}

Task list_k() {
    std::vector<std::uint64_t> sizes;
    for (int length = 1; length <= list_slots; ++length)
        sizes.push_back(arrangements(length, list_slots) * static_cast<std::uint64_t>(length) *
                        power(list_base, length));
    Task task{
        .name = "list-k",
        .summary =
            "M[0] becomes the value of element M[1], counted from 0, of the linked list at M[0]'s address.",
        .base = list_base,
        .cells = 8,
        .registers = 4,
        .lines = 11,
        .steps = 16,
        .domain_size = sum(sizes)};
    task.example = [sizes](std::uint64_t index) {
        Choices choices(index);
        const int length = 1 + choices.part(sizes);
        const std::vector<int> slots = choices.arrangement(length, list_slots);
        const int k = choices.below(length);
        std::vector<int> values = choices.values(length, list_base);
        return answer_in_first_cell(list_memory(slots, values, k), at(values, k));
    };
    return task;
}

/// For each place of the first match, the number of lists: elements before it differ from the value, later
/// ones are free.
std::vector<std::uint64_t> match_sizes(int length) {
    std::vector<std::uint64_t> sizes;
    for (int place = 0; place < length; ++place)
        sizes.push_back(power(list_base - 1, place) * power(list_base, length - 1 - place));
    return sizes;
}

Task list_search() {
    std::vector<std::uint64_t> sizes;
    for (int length = 1; length <= list_slots; ++length)
        sizes.push_back(arrangements(length, list_slots) * list_base * sum(match_sizes(length)));
    Task task{.name = "list-search",
              .summary = "M[0] becomes the address of the first node with value M[1] of the linked list at "
                         "M[0]'s address.",
              .base = list_base,
              .cells = 8,
              .registers = 4,
              .lines = 11,
              .steps = 21,
              .domain_size = sum(sizes)};
    task.example = [sizes](std::uint64_t index) {
        Choices choices(index);
        const int length = 1 + choices.part(sizes);
        std::vector<int> slots = choices.arrangement(length, list_slots);
        const int value = choices.below(list_base);
        const int place = choices.part(match_sizes(length));
        std::vector<int> values = choices.values(place, list_base - 1);
        for (int& each : values) each += each >= value ? 1 : 0;
        values.push_back(value);
        for (const int each : choices.values(length - 1 - place, list_base)) values.push_back(each);
        return answer_in_first_cell(list_memory(slots, values, value), 2 + 2 * at(slots, place));
    };
    return task;
}

// Trees: M[0] = address of the root, M[1..3] = path of 1 (left) and 2 (right) ended by 0, up to three nodes
// in M[4..6], M[7..9], M[10..12]. A node at address a has its value in M[a] and its children in M[a+1] and
// M[a+2].
constexpr int tree_base = 13;
constexpr int tree_slots = 3;

/// Every shape of a search tree with 1 to 3 nodes, as an order in which to insert the values (by rank).
const std::vector<std::vector<int>>& tree_shapes() {
    static const std::vector<std::vector<int>> shapes = {{0},       {0, 1},    {1, 0},    {0, 1, 2},
                                                         {0, 2, 1}, {1, 0, 2}, {2, 0, 1}, {2, 1, 0}};
    return shapes;
}

/// Puts a value into the tree in the node at this address and returns the path to it.
std::vector<int> insert(std::vector<int>& memory, int node, int value) {
    std::vector<int> path;
    int link = 0;
    while (at(memory, link) != 0) {
        const int parent = at(memory, link);
        path.push_back(value < at(memory, parent) ? 1 : 2);
        link = parent + path.back();
    }
    at(memory, link) = node;
    at(memory, node) = value;
    return path;
}

machine::Example walk_example(const std::vector<int>& order, Choices& choices) {
    const int nodes = static_cast<int>(order.size());
    const std::vector<int> slots = choices.arrangement(nodes, tree_slots);
    std::vector<int> values = choices.subset(nodes, tree_base);
    const std::size_t goal = static_cast<std::size_t>(choices.below(nodes));
    std::vector<int> memory(13, 0);
    std::vector<int> path;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const std::vector<int> way = insert(memory, 4 + 3 * slots[i], at(values, order[i]));
        if (i == goal) path = way;
    }
    std::copy(path.begin(), path.end(), memory.begin() + 1);
    return answer_in_first_cell(std::move(memory), at(values, order[goal]));
}

Task walk_bst() {
    std::vector<std::uint64_t> sizes;
    for (const std::vector<int>& order : tree_shapes()) {
        const int nodes = static_cast<int>(order.size());
        sizes.push_back(arrangements(nodes, tree_slots) * subsets(nodes, tree_base) *
                        static_cast<std::uint64_t>(nodes));
    }
    Task task{.name = "walk-bst",
              .summary = "M[0] becomes the value at the end of the path M[1..3] through the search tree at "
                         "M[0]'s address.",
              .base = tree_base,
              .cells = 13,
              .registers = 4,
              .lines = 10,
              .steps = 19,
              .domain_size = sum(sizes)};
    task.example = [sizes](std::uint64_t index) {
        Choices choices(index);
        const int shape = choices.part(sizes);
        return walk_example(tree_shapes()[static_cast<std::size_t>(shape)], choices);
    };
    return task;
}

} // namespace

std::vector<Task> pointer_tasks() { return {list_k(), list_search(), walk_bst()}; }

} // namespace ropewalk::tasks
