// How often a program induced from a few random examples is right on inputs it has not seen:
// `ropewalk_few_examples [first set] [sets of 5] [sets of 20 and of 100] [task]`.
#include <algorithm>
#include <cstdlib>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/induction/induction.hpp"

namespace {

using namespace ropewalk;
using Memory = std::vector<int>;

constexpr int number_base = 8;
constexpr int cells = 6;
constexpr int unseen_inputs = 2000;

struct UserTask {
    const char* name;
    Memory (*apply)(Memory memory);
    /// Whether two thirds of the cells of an input are set to 0.
    bool many_zeros = false;
};

const std::vector<UserTask> user_tasks{
    {"pairsum",
     [](Memory m) {
         for (std::size_t i = 0; i + 1 < m.size(); ++i) m[i] += m[i + 1];
         return m;
     }},
    {"largest",
     [](Memory m) {
         m.front() = *std::max_element(m.begin(), m.end());
         return m;
     }},
    {"zeros",
     [](Memory m) {
         m.front() = static_cast<int>(std::count(m.begin(), m.end(), 0));
         return m;
     },
     true},
    {"absdiff",
     [](Memory m) {
         for (std::size_t i = 0; i + 1 < m.size(); ++i) m[i] = std::abs(m[i] - m[i + 1]);
         return m;
     }},
    {"rotate",
     [](Memory m) {
         std::rotate(m.begin(), m.begin() + 1, m.end());
         return m;
     }},
    {"prefixmax",
     [](Memory m) {
         for (std::size_t i = 1; i < m.size(); ++i) m[i] = std::max(m[i], m[i - 1]);
         return m;
     }},
    {"smallest to last",
     [](Memory m) {
         m.back() = *std::min_element(m.begin(), m.end());
         return m;
     }},
    {"sum to first",
     [](Memory m) {
         m.front() = std::accumulate(m.begin(), m.end(), 0);
         return m;
     }},
    {"reverse",
     [](Memory m) {
         std::reverse(m.begin(), m.end());
         return m;
     }},
    {"double",
     [](Memory m) {
         for (int& each : m) each *= 2;
         return m;
     }},
    {"zeros to minus 1",
     [](Memory m) {
         std::replace(m.begin(), m.end(), 0, number_base - 1);
         return m;
     }},
    {"shift right",
     [](Memory m) {
         std::copy_backward(m.begin(), m.end() - 1, m.end());
         return m;
     }},
    {"sevens to last",
     [](Memory m) {
         m.back() = static_cast<int>(std::count(m.begin(), m.end(), 7));
         return m;
     }},
    {"product of ends",
     [](Memory m) {
         m[0] = m.front() * m.back();
         return m;
     }},
};

/// Random inputs and what is expected of them; the same for a set's number whatever else is drawn.
std::vector<machine::Example> draw(const UserTask& task, int count, std::uint64_t set, bool unseen) {
    base::RandomStream random(set,
                              unseen ? base::Purpose::held_out_examples : base::Purpose::training_examples,
                              static_cast<std::uint64_t>(count));
    std::vector<machine::Example> examples;
    for (int i = 0; i < count; ++i) {
        Memory memory(cells);
        for (int& each : memory) {
            each = static_cast<int>(random.below(number_base));
            if (task.many_zeros && random.below(3) < 2) each = 0;
        }
        Memory expected = task.apply(memory);
        for (int& each : expected) each %= number_base;
        examples.push_back({.memory = std::move(memory), .expected_memory = std::move(expected)});
    }
    return examples;
}

struct Tally {
    int sets = 0, right = 0, none = 0;
    double seconds = 0, candidates = 0;
    /// Weight of the chosen reading where it is right, and where it is wrong.
    double weight_right = 0, weight_wrong = 0;
};

void measure(const UserTask& user_task, int count, std::uint64_t set, Tally& tally) {
    std::string text;
    for (const machine::Example& each : draw(user_task, count, set, false))
        text += fmt::format("{{\"memory\":[{}],\"expect\":{{\"memory\":[{}]}}}}\n",
                            fmt::join(each.memory, ","), fmt::join(each.expected_memory, ","));
    const tasks::Task task = tasks::parse_examples(text, user_task.name, {.base = number_base}).value();
    const auto found = induction::induce(task, {.run = {.seconds = 60}}).value();
    ++tally.sets;
    tally.seconds += found.seconds;
    tally.candidates += static_cast<double>(found.candidates);
    if (!found.source) {
        ++tally.none;
        return;
    }
    const auto unseen = draw(user_task, unseen_inputs, set, true);
    const bool right = std::all_of(unseen.begin(), unseen.end(), [&](const machine::Example& each) {
        return language::evaluate(*found.source, {number_base, cells}, each.memory) == each.expected_memory;
    });
    const double weight = found.choice.readings.empty() ? 1 : found.choice.readings.front().weight;
    tally.right += right;
    (right ? tally.weight_right : tally.weight_wrong) += weight;
    if (!right && std::getenv("SHOW_WRONG") != nullptr && *std::getenv("SHOW_WRONG"))
        fmt::print("{} {} {:.2f} {}: {}\n", count, set, weight, found.found_by,
                   language::to_string(*found.source));
}

} // namespace

int main(int count, char** arguments) {
    const auto number = [&](int place, int otherwise) {
        return count > place ? std::atoi(arguments[place]) : otherwise;
    };
    const int first = number(1, 0), few_sets = number(2, 20), more_sets = number(3, 5);
    fmt::print("{:<18} {:>9} {:>12} {:>11} {:>8} {:>7} {:>7}\n", "task", "examples", "right of", "candidates",
               "seconds", "w right", "w wrong");
    for (const UserTask& task : user_tasks) {
        if (count > 4 && std::string(arguments[4]) != task.name) continue;
        for (const int examples : {5, 20, 100}) {
            Tally tally;
            for (int set = 0; set < (examples == 5 ? few_sets : more_sets); ++set)
                measure(task, examples, static_cast<std::uint64_t>(first + set), tally);
            if (tally.sets == 0) continue;
            const int wrong = tally.sets - tally.right - tally.none;
            fmt::print("{:<18} {:>9} {:>6} of {:<3} {:>11.0f} {:>8.2f} {:>7.2f} {:>7.2f}\n", task.name,
                       examples, tally.right, tally.sets, tally.candidates / tally.sets,
                       tally.seconds / tally.sets, tally.right > 0 ? tally.weight_right / tally.right : 0,
                       wrong > 0 ? tally.weight_wrong / wrong : 0);
            std::fflush(stdout);
        }
    }
}
