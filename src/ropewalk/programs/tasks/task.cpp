#include "ropewalk/programs/tasks/task.hpp"

#include "ropewalk/base/random.hpp"

namespace ropewalk::tasks {

std::vector<machine::Example> draw_examples(const Task& task, int count, base::RandomStream& random) {
    std::vector<machine::Example> examples;
    for (int i = 0; i < count; ++i) examples.push_back(task.example(random.below64(task.domain_size)));
    return examples;
}

std::vector<machine::Example> draw_prefixes(const Task& task, int stage, int count,
                                            base::RandomStream& random) {
    if (!task.prefix || stage >= task.stages) return draw_examples(task, count, random);
    std::vector<machine::Example> examples;
    for (int i = 0; i < count; ++i) examples.push_back(task.prefix(random.below64(task.domain_size), stage));
    return examples;
}

} // namespace ropewalk::tasks
