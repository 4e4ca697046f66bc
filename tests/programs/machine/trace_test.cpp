// Both machines step by step: without noise they agree, with noise the trace says where they part.
#include <algorithm>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/compiler/compiler.hpp"
#include "tests/places.hpp"

namespace ropewalk::machine {
namespace {

assembly::Program map_inc() { return *assembly::parse_file(source_dir() + "/programs/map_inc.asm"); }

compiler::Model compiled(double gamma, std::uint64_t seed) {
    base::RandomStream noise(seed, base::Purpose::compile_noise);
    return *compiler::compile(map_inc(), {.gamma = gamma}, noise);
}

Example input(const assembly::Program& program) {
    Example example;
    for (int i = 0; i < program.cells; ++i) example.memory.push_back((3 * i + 1) % program.base);
    return example;
}

TEST(Trace, OfAProgramWithoutNoiseAgreesToItsEnd) {
    const assembly::Program program = map_inc();
    const compiler::Model model = compiled(0, 0);
    const long steps = *program.steps;
    const Trace both = trace(program, model.configuration, model.weights, input(program), steps);
    EXPECT_FALSE(both.parts);
    for (const TraceStep& step : both.steps) EXPECT_GT(step.agreement, 0.99);
    const ExactState end = run_exact(program, input(program).memory, {}, steps);
    EXPECT_EQ(both.steps.back().exact.memory, end.memory);
}

TEST(Trace, EndsWithTheStateOfASoftRun) {
    const assembly::Program program = map_inc();
    const compiler::Model model = compiled(0.3, 5);
    const Trace both = trace(program, model.configuration, model.weights, input(program), 40);
    const SoftOutcome outcome = run_soft(model.configuration, model.weights, input(program), 40);
    ASSERT_EQ(both.steps.size(), 41u);
    EXPECT_EQ(both.steps.back().soft.halted, outcome.halted);
    const SoftState& last = both.steps.back().soft;
    for (int cell = 0; cell < program.cells; ++cell) {
        const auto row = last.memory.begin() + cell * program.base;
        EXPECT_EQ(std::max_element(row, row + program.base) - row,
                  outcome.memory[static_cast<std::size_t>(cell)]);
    }
}

TEST(Trace, SaysAtWhichStepNoiseHasTakenHalfOfTheMass) {
    const assembly::Program program = map_inc();
    const compiler::Model model = compiled(0.1, 0);
    const Trace both = trace(program, model.configuration, model.weights, input(program), *program.steps);
    ASSERT_TRUE(both.parts);
    EXPECT_GT(*both.parts, 1u);
    for (std::size_t t = 0; t < *both.parts; ++t) EXPECT_GE(both.steps[t].agreement, 0.5);
    EXPECT_LT(both.steps[*both.parts].agreement, 0.5);
}

TEST(Trace, OfNoStepsIsTheInput) {
    const assembly::Program program = map_inc();
    const compiler::Model model = compiled(0, 0);
    const Trace both = trace(program, model.configuration, model.weights, input(program), 0);
    ASSERT_EQ(both.steps.size(), 1u);
    EXPECT_EQ(both.steps[0].exact.memory, input(program).memory);
}

} // namespace
} // namespace ropewalk::machine
