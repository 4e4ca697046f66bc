#include "ropewalk/tasks/task.hpp"

namespace ropewalk::tasks {

std::vector<machine::Example> draw_examples(const Task& task, int count, base::RandomStream& random) {
    std::vector<machine::Example> examples;
    for (int i = 0; i < count; ++i) examples.push_back(task.example(random.below64(task.domain_size)));
    return examples;
}

} // namespace ropewalk::tasks
