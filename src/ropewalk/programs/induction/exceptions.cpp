#include "ropewalk/programs/induction/exceptions.hpp"

#include <algorithm>
#include <utility>

#include "ropewalk/programs/language/language.hpp"
#include "ropewalk/programs/machine/machine.hpp"

namespace ropewalk::induction {

namespace {

bool is_right(const language::Program& program, const tasks::Task& task, const machine::Example& example) {
    const auto after = language::evaluate(program, {task.base, task.cells}, example.memory);
    return after && machine::agrees(*after, example.expected_memory);
}

} // namespace

std::optional<Exceptions> exceptions_of(const std::vector<search::Candidate>& near_misses, const tasks::Task& task) {
    constexpr std::uint64_t fewest_examples = 8, most_examples = 10'000, share = 10;
    if (!task.from_examples || task.domain_size < fewest_examples || task.domain_size > most_examples) return std::nullopt;
    const std::size_t most_missed = std::max<std::uint64_t>(1, task.domain_size / share);
    std::optional<Exceptions> best;
    const auto rank = [&](const Exceptions& each) {
        return std::pair(each.missed.size(), near_misses[each.near_miss].cost);
    };
    for (std::size_t k = 0; k < near_misses.size(); ++k) {
        Exceptions each{k, {}};
        for (std::uint64_t i = 0; i < task.domain_size && each.missed.size() <= most_missed; ++i)
            if (!is_right(near_misses[k].program, task, task.example(i))) each.missed.push_back(static_cast<std::size_t>(i));
        if (each.missed.size() > most_missed || (best && rank(*best) <= rank(each))) continue;
        best = std::move(each);
    }
    return best;
}

} // namespace ropewalk::induction
