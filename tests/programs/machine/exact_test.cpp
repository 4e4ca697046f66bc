// The exact machine, and the instruction table as the one source of what every engine does.
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/machine/kernels/reference.hpp"
#include "tests/programs/machine/random_case.hpp"

namespace ropewalk::machine {
namespace {

using assembly::Instruction;
using assembly::Opcode;
using assembly::OperandRole;
using assembly::Program;

/// Meanings written down a second time, from the design, in words a table cannot share.
int meaning(Opcode opcode, int x, int y, int b, const std::vector<int>& memory) {
    switch (opcode) {
    case Opcode::zero: return 0;
    case Opcode::mov: return x;
    case Opcode::inc: return (x + 1) % b;
    case Opcode::dec: return (x + b - 1) % b;
    case Opcode::add: return (x + y) % b;
    case Opcode::sub: return (x + b - y) % b;
    case Opcode::mul: return (x * y) % b;
    case Opcode::div: return y > 0 ? x / y : 0;
    case Opcode::mod: return y > 0 ? x - x / y * y : 0;
    case Opcode::min: return std::min(x, y);
    case Opcode::max: return std::max(x, y);
    case Opcode::eq: return x == y;
    case Opcode::lt: return x < y;
    case Opcode::read: return memory[static_cast<std::size_t>(x) % memory.size()];
    default: return -1;
    }
}

/// The instruction on r1 and r2, its result in r3, its label on line 3, with lines to land on.
Program program_around(Opcode opcode, int base, int cells, int x, int y) {
    Instruction instruction{.opcode = opcode};
    for (const auto& operand : info(opcode).operands())
        set_operand(instruction, operand.role,
                    operand.role == OperandRole::first    ? 0
                    : operand.role == OperandRole::second ? 1
                    : operand.role == OperandRole::label  ? 3
                                                          : 2);
    return {.instructions = {instruction, {}, {}, {}},
            .base = base,
            .cells = cells,
            .registers = 3,
            .initial_registers = {x, y, base - 1}};
}

std::vector<int> some_memory(int base, int cells) {
    std::vector<int> memory;
    for (int a = 0; a < cells; ++a) memory.push_back((3 * a + 1) % base);
    return memory;
}

class EveryInstruction : public testing::TestWithParam<Opcode> {};

TEST_P(EveryInstruction, HasANameOperandsAndAMeaningInTheTable) {
    const auto& row = info(GetParam());
    EXPECT_EQ(row.opcode, GetParam());
    EXPECT_FALSE(row.name.empty());
    EXPECT_FALSE(row.meaning.empty());
    ASSERT_NE(assembly::find_instruction(row.name), nullptr);
    EXPECT_EQ(assembly::find_instruction(row.name)->opcode, row.opcode);
    EXPECT_LE(row.operand_count, 3);
    EXPECT_EQ(row.produces_value, row.uses(OperandRole::destination));
    EXPECT_EQ(row.value != nullptr, row.produces_value && row.opcode != Opcode::read);
    for (const auto& operand : row.operands()) EXPECT_FALSE(operand.name.empty());
}

TEST_P(EveryInstruction, ParsesAndPrints) {
    const Program program = program_around(GetParam(), 10, 10, 0, 0);
    const auto again = assembly::parse(to_string(program), "printed");
    ASSERT_TRUE(again) << base::render(again.error());
    EXPECT_EQ(*again, program);
}

TEST_P(EveryInstruction, CommutesOnlyIfTheTableSaysSo) {
    const auto& row = info(GetParam());
    if (row.value == nullptr || !row.uses(OperandRole::second)) {
        EXPECT_FALSE(row.commutative);
        return;
    }
    bool commutes = true;
    for (int x = 0; x < 7; ++x)
        for (int y = 0; y < 7; ++y) commutes = commutes && row.value(x, y, 7) == row.value(y, x, 7);
    EXPECT_EQ(row.commutative, commutes);
}

TEST_P(EveryInstruction, MeansWhatTheDesignSaysOnTheExactMachine) {
    for (const int base : {2, 3, 5, 10, 12, 256})
        for (const int cells : {1, (base + 1) / 2, base})
            for (int x = 0; x<base; x += base> 12 ? 15 : 1)
                for (int y = 0; y<base; y += base> 12 ? 17 : 1) {
                    const auto memory = some_memory(base, cells);
                    const Program program = program_around(GetParam(), base, cells, x, y);
                    const auto state = run_exact(program, memory, {}, 1);
                    auto expected_memory = memory;
                    std::vector<int> expected_registers{x, y, base - 1};
                    int expected_line = 1;
                    if (info(GetParam()).produces_value)
                        expected_registers[2] = meaning(GetParam(), x, y, base, memory);
                    if (GetParam() == Opcode::write) expected_memory[static_cast<std::size_t>(x % cells)] = y;
                    if (GetParam() == Opcode::jump && x == 0) expected_line = 3;
                    if (GetParam() == Opcode::halt) expected_line = 0;
                    ASSERT_EQ(state.memory, expected_memory);
                    ASSERT_EQ(state.registers, expected_registers) << x << ' ' << y << " base " << base;
                    ASSERT_EQ(state.line, expected_line);
                    ASSERT_EQ(state.halted, GetParam() == Opcode::halt);
                }
}

TEST_P(EveryInstruction, HasADifferentiableKernelThatAgreesOnAllInputs) {
    for (const int base : {2, 3, 5, 8, 11})
        for (const int cells : {1, (base + 1) / 2, base}) {
            const auto memory = some_memory(base, cells);
            base::RandomStream unused(0, base::Purpose::compile_noise);
            const auto model =
                compiler::compile(program_around(GetParam(), base, cells, 0, 0),
                                  {.gamma = 0, .instruction_set = assembly::all_instructions()}, unused);
            ASSERT_TRUE(model);
            const reference::Machine<double> machine(model->configuration);
            const std::vector<double> weights(model->weights.begin(), model->weights.end());
            for (int x = 0; x < base; ++x)
                for (int y = 0; y < base; ++y) {
                    const Example input{.memory = memory, .registers = {x, y, base - 1}};
                    const auto exact =
                        run_exact(program_around(GetParam(), base, cells, x, y), memory, input.registers, 1);
                    const auto tape = machine.forward(weights, input, 1);
                    const auto& state = tape.states.back();
                    const auto expect_one_hot = [&](const std::vector<double>& rows,
                                                    const std::vector<int>& values) {
                        for (std::size_t i = 0; i < rows.size(); ++i) {
                            const auto b = static_cast<std::size_t>(base);
                            const double expected = values[i / b] == static_cast<int>(i % b) ? 1 : 0;
                            ASSERT_NEAR(rows[i], expected, 1e-4) << x << ' ' << y << " base " << base;
                        }
                    };
                    expect_one_hot(state.memory, exact.memory);
                    expect_one_hot(state.registers, exact.registers);
                    for (std::size_t line = 0; line < state.line.size(); ++line)
                        ASSERT_NEAR(state.line[line], static_cast<int>(line) == exact.line ? 1 : 0, 1e-4);
                    ASSERT_NEAR(state.halted, exact.halted ? 1 : 0, 1e-4);
                }
        }
}

INSTANTIATE_TEST_SUITE_P(Table, EveryInstruction, testing::ValuesIn(assembly::all_instructions()),
                         [](const auto& test) { return std::string(assembly::info(test.param).name); });

Program parsed(const std::string& text) { return assembly::parse(text, "test").value(); }

TEST(ExactMachine, WrapsAtTheLastLineAndCountsSteps) {
    const auto state = run_exact(parsed("inc 1 1\nnop\n"), {}, {}, 7);
    EXPECT_EQ(state.registers[0], 4);
    EXPECT_EQ(state.line, 1);
    EXPECT_EQ(state.steps, 7);
    EXPECT_FALSE(state.halted);
}

TEST(ExactMachine, StandsStillAfterHalt) {
    const auto state = run_exact(parsed("inc 1 1\nhalt\ninc 1 1\n"), {}, {}, 1'000'000'000);
    EXPECT_EQ(state.registers[0], 1);
    EXPECT_EQ(state.line, 1);
    EXPECT_EQ(state.steps, 2);
    EXPECT_TRUE(state.halted);
}

TEST(ExactMachine, RunsNoStepsWhenAskedForNone) {
    const auto state = run_exact(parsed(".let r2 3\ninc 1 1\n"), {4, 5}, {}, 0);
    EXPECT_EQ(state.registers, (std::vector<int>{0, 3, 0, 0}));
    EXPECT_EQ(state.memory[1], 5);
    EXPECT_EQ(state.steps, 0);
}

TEST(ExactMachine, TracesEveryStepBeforeItRuns) {
    std::vector<int> lines;
    std::vector<long> steps;
    const auto traced =
        run_exact(parsed("loop: inc 1 1\njump 2 loop\n"), {}, {}, 5, [&](const ExactState& state) {
            lines.push_back(state.line);
            steps.push_back(state.steps);
        });
    EXPECT_EQ(lines, (std::vector<int>{0, 1, 0, 1, 0}));
    EXPECT_EQ(steps, (std::vector<long>{0, 1, 2, 3, 4}));
    EXPECT_EQ(traced.registers[0], 3);
}

TEST(ExactMachine, StartsAfreshOnEveryLoad) {
    ExactMachine machine(parsed(".cells 3\nread 1 2\ninc 2 2\nwrite 1 2\nhalt\n"));
    for (const int value : {3, 9, 0}) {
        machine.load({.memory = {value, 7, 7}});
        EXPECT_EQ(machine.run(100), 4);
        EXPECT_EQ(machine.state().memory, (std::vector<int>{(value + 1) % 10, 7, 7}));
    }
}

TEST(ExactMachine, ScoresOnlyWhatIsExpected) {
    ExactMachine machine(parsed(".cells 3\nhalt\n"));
    const Example example{
        .memory = {1, 2, 3}, .expected_memory = {1, not_scored, 4}, .expected_registers = {0, not_scored}};
    machine.load(example);
    machine.run(1);
    EXPECT_EQ(machine.score(example), std::pair(2, 3));
    EXPECT_FALSE(machine.matches(example));
    EXPECT_TRUE(machine.matches({.memory = {}, .expected_memory = {1, 2, 3}}));
}

} // namespace
} // namespace ropewalk::machine
