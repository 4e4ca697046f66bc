// exact_machine/...: instructions per second of the integer machine on one core.
#include <vector>

#include <benchmark/benchmark.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/assembly/assembly.hpp"
#include "ropewalk/programs/machine/exact.hpp"

namespace ropewalk::machine {
namespace {

std::vector<Example> random_examples(const assembly::Program& program, int count) {
    base::RandomStream random(1, base::Purpose::test);
    std::vector<Example> examples(static_cast<std::size_t>(count));
    for (Example& example : examples)
        for (int cell = 0; cell < program.cells; ++cell)
            example.memory.push_back(
                static_cast<int>(random.below(static_cast<std::uint32_t>(program.base))));
    return examples;
}

void run(benchmark::State& state, const assembly::Program& program, long steps) {
    ExactMachine machine(program);
    const std::vector<Example> examples = random_examples(program, 64);
    long ran = 0;
    for (auto _ : state)
        for (const Example& example : examples) {
            machine.load(example);
            ran += machine.run(steps);
        }
    state.counters["instructions/s"] = benchmark::Counter(
        static_cast<double>(ran), benchmark::Counter::kIsRate, benchmark::Counter::kIs1000);
}

/// M[i] += 1 for every i, forever: four lines, no halt.
void map_increment(benchmark::State& state) {
    using enum assembly::Opcode;
    const assembly::Program program{.instructions = {{.opcode = read, .first = 0, .destination = 1},
                                                     {.opcode = inc, .first = 1, .destination = 1},
                                                     {.opcode = write, .first = 0, .second = 1},
                                                     {.opcode = inc, .first = 0, .destination = 0}},
                                    .base = 8,
                                    .cells = 8};
    run(state, program, state.range(0));
}
BENCHMARK(map_increment)->Name("exact_machine/map_increment/steps")->Arg(32)->Arg(10'000)->UseRealTime();

/// A random program without halt: every instruction, unpredictable order of operations.
void random_program(benchmark::State& state) {
    assembly::InstructionSet set = assembly::all_instructions();
    std::erase(set, assembly::Opcode::halt);
    base::RandomStream random(2, base::Purpose::test);
    run(state, assembly::random_program(set, 10, 10, 4, 16, random), state.range(0));
}
BENCHMARK(random_program)->Name("exact_machine/random_program/steps")->Arg(32)->Arg(10'000)->UseRealTime();

} // namespace
} // namespace ropewalk::machine
