// Files of examples: every example that is read fits the machine that is made for them.
#include "ropewalk/programs/tasks/tasks.hpp"
#include "tests/fuzz/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ropewalk;
    const auto task = tasks::parse_examples(fuzz::text_of(data, size), "fuzz");
    if (!task) return fuzz::refused(task.error());
    for (std::uint64_t i = 0; i < task->domain_size; ++i) {
        const machine::Example example = task->example(i);
        fuzz::holds(example.memory.size() == static_cast<std::size_t>(task->cells) &&
                        example.expected_memory.size() == example.memory.size(),
                    "memories have the machine's cells");
        fuzz::holds(example.registers.empty() ||
                        example.registers.size() == static_cast<std::size_t>(task->registers),
                    "registers are the machine's");
        for (const int value : example.memory)
            fuzz::holds(value >= 0 && value < task->base, "values are below the base");
    }
    return 0;
}
