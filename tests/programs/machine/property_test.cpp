// The exact and the differentiable machine agree on random programs, under every switch combination where
// they must; programs survive compilation, decompilation, printing and the removal of unreachable lines.
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "tests/programs/machine/random_case.hpp"

namespace ropewalk::machine {
namespace {

/// The floor of probabilities the project compiles with. Both operands of an instruction count as
/// independent, so an error can double at every step (see ErrorsDoubleWhenARegisterMeetsItself): ten steps
/// are safe from that.
constexpr double usual_epsilon = 1e-7;
constexpr long safe_steps = 10;

/// With this floor a doubling error takes a hundred steps to matter.
constexpr double vanishing_epsilon = 1e-30;

/// What the soft machine, compiled without noise, gets wrong about a case; empty when nothing.
std::string disagreement(const RandomCase& c, const Switches& switches, double epsilon) {
    base::RandomStream unused(0, base::Purpose::compile_noise);
    const auto model = compiler::compile(c.program,
                                         {.gamma = 0,
                                          .epsilon = epsilon,
                                          .instruction_set = assembly::all_instructions(),
                                          .switches = switches},
                                         unused);
    if (!model) return "does not compile: " + base::render(model.error());
    const auto exact = run_exact(c.program, c.input.memory, {}, c.steps);
    auto soft = run_soft(model->configuration, model->weights, c.input, c.steps);
    soft.registers.resize(static_cast<std::size_t>(c.program.registers));
    if (exact.memory != soft.memory) return "memory";
    if (exact.registers != soft.registers) return "registers";
    if ((soft.halted > 0.5) != exact.halted) return "halting";
    return {};
}

void expect_agreement(const CaseLimits& limits, double epsilon, std::uint64_t first_case) {
    std::vector<int> executed(assembly::instruction_count, 0);
    for (std::uint64_t i = first_case; i < first_case + 3000; ++i) {
        const RandomCase c = random_case(assembly::all_instructions(), i, limits);
        ASSERT_EQ(disagreement(c, {}, epsilon), "") << "case " << i << ", " << c.steps << " steps\n"
                                                    << to_string(c.program);
        run_exact(c.program, c.input.memory, {}, c.steps, [&](const ExactState& state) {
            const auto& line = c.program.instructions[static_cast<std::size_t>(state.line)];
            ++executed[static_cast<std::size_t>(line.opcode)];
        });
    }
    for (const auto& row : assembly::instruction_table())
        EXPECT_GT(executed[static_cast<std::size_t>(row.opcode)], 300) << row.name;
}

TEST(Machines, AgreeOnRandomPrograms) { expect_agreement({.most_steps = safe_steps}, usual_epsilon, 0); }

TEST(Machines, AgreeOnRandomProgramsForManyStepsWithASmallerFloor) {
    expect_agreement({.most_steps = 60}, vanishing_epsilon, 3000);
}

std::vector<Switches> all_switches() {
    std::vector<Switches> all;
    for (const Mix mix : {Mix::logits, Mix::probabilities})
        for (const Mass mass : {Mass::conserve, Mass::literal, Mass::zero})
            for (const Halting halting : {Halting::absorb, Halting::maximum})
                for (const bool freeze : {true, false})
                    for (const Target target : {Target::line, Target::register_value, Target::second_operand})
                        all.push_back({mix, mass, halting, freeze, target});
    return all;
}

TEST(Machines, AgreeUnderEverySwitchCombination) {
    for (const Switches& switches : all_switches()) {
        // Without freezing a halted machine goes on; the maximum of eq. 11 is compared without `halt` too.
        const bool halts = switches.freeze && switches.halting == Halting::absorb;
        const auto set = halts ? assembly::all_instructions() : instructions_without_halt();
        const CaseLimits limits{.largest_base = 8,
                                .most_lines = 8,
                                .most_registers = 5,
                                .most_steps = safe_steps,
                                .lines_within_base = switches.target == Target::register_value};
        for (std::uint64_t i = 0; i < 250; ++i) {
            const RandomCase c = random_case(set, 10'000 + i, limits);
            ASSERT_EQ(disagreement(c, switches, usual_epsilon), "")
                << to_string(switches) << ", case " << i << ", " << c.steps << " steps\n"
                << to_string(c.program);
        }
    }
}

TEST(Machines, AgreeOnTheValueOfHaltWithTheMaximumOfEquation11) {
    for (std::uint64_t i = 0; i < 250; ++i) {
        const RandomCase c =
            random_case(assembly::all_instructions(), 20'000 + i, {.most_steps = safe_steps});
        ASSERT_EQ(disagreement(c, {.halting = Halting::maximum}, usual_epsilon), "") << "case " << i << '\n'
                                                                                     << to_string(c.program);
    }
}

TEST(Machines, ErrorsDoubleWhenARegisterMeetsItself) {
    // The soft machine takes both operands as independent: a 1 with probability 1 - d times itself is 1 - 2
    // d.
    const auto program = assembly::parse(".base 2\n.registers 1\n.let r1 1\nmul r1 r1 r1\n", "square");
    ASSERT_TRUE(program);
    base::RandomStream unused(0, base::Purpose::compile_noise);
    const auto model = compiler::compile(*program, {.gamma = 0, .epsilon = usual_epsilon}, unused);
    ASSERT_TRUE(model);
    const auto error_after = [&](long steps) {
        return 1 - run_soft(model->configuration, model->weights, {.memory = {0, 0}}, steps).confidence;
    };
    EXPECT_NEAR(error_after(14) / error_after(13), 2, 0.05);
    EXPECT_LT(error_after(safe_steps), 0.01);
}

/// The program with `lines` lines, those beyond it `halt`.
assembly::Program padded(assembly::Program program, int lines) {
    program.instructions.resize(static_cast<std::size_t>(lines), {.opcode = assembly::Opcode::halt});
    return program;
}

TEST(Programs, SurviveCompilationAndDecompilation) {
    for (const double gamma : {0.0, 0.3, 0.9})
        for (const bool pin : {false, true})
            for (const Target target : {Target::line, Target::register_value, Target::second_operand})
                for (const Mass mass : {Mass::conserve, Mass::literal, Mass::zero})
                    for (std::uint64_t i = 0; i < 60; ++i) {
                        const bool in_registers = target == Target::register_value;
                        RandomCase c = random_case(assembly::all_instructions(), 40'000 + i,
                                                   {.lines_within_base = in_registers});
                        if (i % 2 == 0) c.program.steps = c.steps + 1;
                        const int room = in_registers ? c.program.base : 16;
                        const int lines = i % 3 == 0 ? room : c.program.lines();
                        base::RandomStream noise(i, base::Purpose::compile_noise);
                        const auto model = compiler::compile(c.program,
                                                             {.gamma = gamma,
                                                              .pin = pin,
                                                              .lines = lines,
                                                              .instruction_set = assembly::all_instructions(),
                                                              .switches = {.mass = mass, .target = target}},
                                                             noise);
                        ASSERT_TRUE(model) << base::render(model.error());
                        ASSERT_EQ(compiler::decompile(*model).complete, padded(c.program, lines))
                            << to_string(model->configuration.switches) << ", gamma " << gamma;
                    }
}

TEST(Programs, ReadBackFromTheirAnnotatedListing) {
    for (std::uint64_t i = 0; i < 200; ++i) {
        const RandomCase c = random_case(assembly::all_instructions(), 50'000 + i);
        base::RandomStream noise(i, base::Purpose::compile_noise);
        const auto model = compiler::compile(
            c.program, {.gamma = 0.9, .instruction_set = assembly::all_instructions()}, noise);
        ASSERT_TRUE(model);
        const auto decompiled = compiler::decompile(*model);
        const std::string text =
            compiler::annotated(decompiled, std::vector<double>(decompiled.lines.size(), 1.5));
        const auto again = assembly::parse(text, "listing");
        ASSERT_TRUE(again) << base::render(again.error()) << text;
        ASSERT_EQ(*again, decompiled.program) << text;
    }
}

TEST(Programs, SurvivePrintingAndParsing) {
    for (std::uint64_t i = 0; i < 2000; ++i) {
        RandomCase c = random_case(assembly::all_instructions(), 60'000 + i,
                                   {.largest_base = 256, .most_registers = 64});
        if (i % 2 == 0) c.program.steps = c.steps + 1;
        // Names people give, among them ones the printer would make up itself.
        for (int line = 0; line < c.program.lines(); line += 1 + static_cast<int>(i % 3))
            c.program.labels[line] =
                i % 4 == 0 ? "line_" + std::to_string(line + 2) : "l" + std::to_string(line);
        const std::string text = to_string(c.program);
        const auto again = assembly::parse(text, "printed");
        ASSERT_TRUE(again) << base::render(again.error()) << text;
        ASSERT_EQ(*again, c.program) << text;
        ASSERT_EQ(again->labels, [&] {
            // Jump targets without a name get one.
            auto labels = c.program.labels;
            for (const auto& each : c.program.instructions)
                if (each.opcode == assembly::Opcode::jump)
                    labels.emplace(each.target, label_of(each.target, c.program));
            return labels;
        }());
        ASSERT_EQ(to_string(*again), text);
    }
}

TEST(Programs, BehaveTheSameWithoutTheirUnreachableLines) {
    int shorter = 0;
    for (std::uint64_t i = 0; i < 4000; ++i) {
        RandomCase c = random_case(assembly::all_instructions(), 70'000 + i, {.largest_base = 6});
        // Zeros in registers are what makes the outcome of a jump known.
        if (i % 2 == 0) std::fill(c.program.initial_registers.begin(), c.program.initial_registers.end(), 0);
        const auto reduced = without_unreachable_lines(c.program);
        shorter += reduced.lines() < c.program.lines() ? 1 : 0;
        std::vector<assembly::Instruction> visited, visited_reduced;
        const auto note = [](const assembly::Program& program, auto& list) {
            return [&](const ExactState& state) {
                auto instruction = program.instructions[static_cast<std::size_t>(state.line)];
                instruction.target = 0;
                list.push_back(instruction);
            };
        };
        const auto full = run_exact(c.program, c.input.memory, {}, c.steps, note(c.program, visited));
        const auto less = run_exact(reduced, c.input.memory, {}, c.steps, note(reduced, visited_reduced));
        ASSERT_EQ(visited, visited_reduced) << to_string(c.program);
        ASSERT_EQ(full.memory, less.memory) << to_string(c.program);
        ASSERT_EQ(full.registers, less.registers);
        ASSERT_EQ(full.steps, less.steps);
        ASSERT_EQ(full.halted, less.halted);
        ASSERT_EQ(without_unreachable_lines(reduced).lines(), reduced.lines());
    }
    EXPECT_GT(shorter, 1000);
}

} // namespace
} // namespace ropewalk::machine
