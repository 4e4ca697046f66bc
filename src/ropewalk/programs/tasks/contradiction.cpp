#include "ropewalk/programs/tasks/contradiction.hpp"

#include <map>

#include <fmt/format.h>

namespace ropewalk::tasks {

namespace {

/// What has been expected of the places of one input so far, and by which example.
using Expected = std::map<std::string, std::pair<int, std::uint64_t>>;

} // namespace

std::optional<Contradiction> find_contradiction(const Task& task) {
    if (!task.from_examples) return std::nullopt;
    std::map<std::pair<std::vector<int>, std::vector<int>>, Expected> known;
    for (std::uint64_t index = 0; index < task.domain_size; ++index) {
        const machine::Example example = task.example(index);
        Expected& expected = known[{example.memory, example.registers}];
        std::optional<Contradiction> found;
        const auto compare = [&](const std::vector<int>& values, const char* form, int from) {
            for (std::size_t i = 0; i < values.size() && !found; ++i) {
                if (values[i] == machine::not_scored) continue;
                const std::string place = fmt::format(fmt::runtime(form), static_cast<int>(i) + from);
                const auto [old, fresh] = expected.try_emplace(place, values[i], index);
                if (!fresh && old->second.first != values[i])
                    found = Contradiction{.first = old->second.second,
                                          .second = index,
                                          .example = example,
                                          .place = place,
                                          .first_value = old->second.first,
                                          .second_value = values[i]};
            }
        };
        compare(example.expected_memory, "M[{}]", 0);
        compare(example.expected_registers, "r{}", 1);
        if (found) return found;
    }
    return std::nullopt;
}

} // namespace ropewalk::tasks
