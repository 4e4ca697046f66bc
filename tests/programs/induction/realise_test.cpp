#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/induction/induction.hpp"

namespace ropewalk::induction {
namespace {

std::vector<int> random_memory(const tasks::Task& task, base::RandomStream& random) {
    std::vector<int> memory;
    for (int i = 0; i < task.cells; ++i)
        memory.push_back(static_cast<int>(random.below(static_cast<unsigned>(task.base))));
    return memory;
}

tasks::Task task_of(int base, int cells) {
    tasks::Task task;
    task.name = "mine";
    task.base = base;
    task.cells = cells;
    return task;
}

std::vector<int> memory_after(const assembly::Program& program, const std::vector<int>& memory) {
    return machine::run_exact(program, memory, {}, program.steps.value()).memory;
}

TEST(Realised, DoesWhatTheEvaluatorDoes) {
    const tasks::Task task = task_of(8, 5);
    for (unsigned seed = 0; seed < 400; ++seed) {
        base::RandomStream random(seed, base::Purpose::test, 21);
        const language::Program source =
            language::random_program(1 + static_cast<int>(random.below(8)), random);
        std::vector<machine::Example> examples(4);
        for (machine::Example& example : examples) example.memory = random_memory(task, random);
        const auto program = realised(source, task, examples);
        ASSERT_TRUE(program) << base::render(program.error()) << language::to_string(source);
        ASSERT_TRUE(program->steps);
        for (const machine::Example& example : examples)
            EXPECT_EQ(memory_after(*program, example.memory),
                      language::evaluate(source, {8, 5}, example.memory).value())
                << language::to_string(source);
    }
}

TEST(InSequence, DoesOneProgramsWorkAfterTheOthers) {
    const tasks::Task task = task_of(8, 5);
    int halting = 0;
    for (unsigned seed = 0; seed < 400; ++seed) {
        base::RandomStream random(seed, base::Purpose::test, 22);
        const language::Program first =
                                    language::random_program(1 + static_cast<int>(random.below(6)), random),
                                second =
                                    language::random_program(1 + static_cast<int>(random.below(6)), random);
        // The first must halt or run off its end.
        const auto a = language::lower(first, {.machine = {8, 5}, .endless_last_loop = false});
        ASSERT_TRUE(a);
        std::vector<machine::Example> examples(4);
        for (machine::Example& example : examples) example.memory = random_memory(task, random);
        auto b = realised(second, task, examples);
        ASSERT_TRUE(b);
        const auto both = in_sequence(*a, *b);
        ASSERT_TRUE(both) << base::render(both.error());
        EXPECT_EQ(both->lines(), a->lines() + b->lines());
        for (const auto& each : a->instructions) halting += each.opcode == assembly::Opcode::halt;
        for (const machine::Example& example : examples) {
            const auto middle = language::evaluate(first, {8, 5}, example.memory).value();
            const auto expected = language::evaluate(second, {8, 5}, middle).value();
            // However long the two take, one behind the other takes no longer.
            const long steps_of_first = machine::run_exact(*a, example.memory, {}, 100'000).steps;
            const auto alone = machine::run_exact(*b, middle, {}, *b->steps);
            if (alone.memory != expected) continue; // its steps were chosen for other memories
            EXPECT_EQ(machine::run_exact(*both, example.memory, {}, steps_of_first + alone.steps).memory,
                      expected)
                << language::to_string(first) << "then\n"
                << language::to_string(second);
        }
    }
    EXPECT_GT(halting, 100);
}

TEST(InSequence, RefusesProgramsForDifferentMachinesOrTooLong) {
    const auto program = [](const std::string& text) { return assembly::parse(text, "test").value(); };
    EXPECT_FALSE(in_sequence(program(".base 8\n.cells 4\nhalt\n"), program(".base 7\n.cells 4\nhalt\n")));
    EXPECT_FALSE(in_sequence(program(".base 8\n.cells 4\nhalt\n"), program(".base 8\n.cells 5\nhalt\n")));
    std::string lines = ".base 8\n.cells 4\n";
    for (int i = 0; i < assembly::largest_line_count; ++i) lines += "nop\n";
    EXPECT_FALSE(in_sequence(program(lines), program(".base 8\n.cells 4\nhalt\n")));
}

TEST(Specification, OfAFileHoldsAllItsExamples) {
    std::string text;
    for (int i = 0; i < 8; ++i)
        text += "{\"memory\":[" + std::to_string(i) + ",0],\"expect\":{\"memory\":[0," + std::to_string(i) +
                "]}}\n";
    const auto task = tasks::parse_examples(text, "mine.jsonl").value();
    const auto specification = specification_of(task, 3, 1);
    ASSERT_TRUE(specification);
    EXPECT_EQ(specification->examples.size(), 8u);
    EXPECT_EQ(specification->examples[5], task.example(5));
    EXPECT_EQ(specification_of(*tasks::find_task("map-inc"), 3, 1)->examples.size(), 3u);
}

TEST(Specification, RefusesRegistersThatAreScored) {
    const auto task =
        tasks::parse_examples("{\"memory\":[1],\"expect\":{\"memory\":[1],\"registers\":[2]}}", "mine.jsonl")
            .value();
    EXPECT_FALSE(specification_of(task, 3, 1));
}

} // namespace
} // namespace ropewalk::induction
