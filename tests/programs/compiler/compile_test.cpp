// Neural compilation and decompilation: equation 3, labels in registers, what is refused, what is reported.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/compiler/compiler.hpp"
#include "ropewalk/programs/compiler/lower.hpp"

namespace ropewalk::compiler {
namespace {

using machine::Mass;
using machine::Target;
using testing::HasSubstr;

assembly::Program parsed(const std::string& text) { return assembly::parse(text, "test").value(); }

base::Result<Model> compiled(const assembly::Program& program, const CompileOptions& options = {}) {
    base::RandomStream noise(1, base::Purpose::compile_noise);
    return compile(program, options, noise);
}

std::string complaint(const assembly::Program& program, const CompileOptions& options) {
    const auto model = compiled(program, options);
    return model ? "accepted" : base::render(model.error());
}

const char* const loop = ".base 4\n.cells 4\n.registers 2\nloop: inc 1 1\nnop\njump 2 loop\nhalt\n";

TEST(Compile, WritesTheLogarithmOfEquation3) {
    const auto model = compiled(parsed(loop), {.gamma = 0, .epsilon = 1e-3});
    ASSERT_TRUE(model);
    const auto layout = layout_of(model->configuration);
    const int inc = position(model->configuration.instruction_set, assembly::Opcode::inc);
    for (int i = 0; i < layout.instruction.width; ++i)
        EXPECT_NEAR(model->weights[static_cast<std::size_t>(i)], std::log((i == inc ? 1 : 0) + 1e-3), 1e-6);
    // `inc` has no second operand: uniform.
    for (int i = 0; i < layout.second.width; ++i)
        EXPECT_NEAR(model->weights[static_cast<std::size_t>(layout.second.offset + i)], std::log(0.5 + 1e-3),
                    1e-6);
}

TEST(Compile, DrawsTheSameNoiseForTheSameSeed) {
    EXPECT_EQ(compiled(parsed(loop), {.gamma = 0.3})->weights,
              compiled(parsed(loop), {.gamma = 0.3})->weights);
    base::RandomStream other(2, base::Purpose::compile_noise);
    EXPECT_NE(compile(parsed(loop), {.gamma = 0.3}, other)->weights,
              compiled(parsed(loop), {.gamma = 0.3})->weights);
}

TEST(Compile, PadsWithHalt) {
    const auto model = compiled(parsed(loop), {.lines = 7});
    ASSERT_TRUE(model);
    const auto decompiled = decompile(*model);
    EXPECT_EQ(decompiled.complete.lines(), 7);
    EXPECT_EQ(decompiled.complete.instructions[6].opcode, assembly::Opcode::halt);
    EXPECT_EQ(decompiled.complete.instructions[3], parsed(loop).instructions[3]);
}

TEST(Compile, RefusesWhatDoesNotFit) {
    EXPECT_THAT(complaint(parsed(loop), {.lines = 3}), HasSubstr("at most 3 lines"));
    EXPECT_THAT(complaint(parsed("mod 1 2 3\nmod 1 2 3\neq 1 2 3\n"), {}),
                testing::AllOf(HasSubstr("instruction 'mod' in the program"), HasSubstr("instruction 'eq'")));
    EXPECT_THAT(complaint(parsed("inc 1 1\n"), {.lines = 2, .instruction_set = {assembly::Opcode::inc}}),
                HasSubstr("'halt' for padding"));
    for (const double bad : {-0.1, 101.0, std::nan(""), HUGE_VAL})
        EXPECT_THAT(complaint(parsed(loop), {.gamma = bad}), HasSubstr("gamma"));
    for (const double bad : {-0.1, 0.0, 1.1, std::nan("")})
        EXPECT_THAT(complaint(parsed(loop), {.epsilon = bad}), HasSubstr("epsilon"));
}

TEST(Compile, PutsLabelsIntoRegistersUpToTheBase) {
    const CompileOptions in_registers{.switches = {.target = Target::register_value}};
    const auto model = compiled(parsed(loop), in_registers);
    ASSERT_TRUE(model);
    EXPECT_EQ(model->configuration.registers, 3);
    EXPECT_EQ(model->configuration.initial_registers, (std::vector<int>{0, 0, 0}));
    EXPECT_THAT(complaint(parsed(std::string(loop) + "halt\n"), in_registers),
                HasSubstr("a program of 5 lines in base 4; expected at most as many lines as the base"));
    EXPECT_THAT(complaint(parsed(loop), {.lines = 5, .switches = {.target = Target::register_value}}),
                HasSubstr("5 lines"));
    EXPECT_TRUE(compiled(parsed(".base 2\n.cells 1\ninc 1 1\ninc 1 1\nhalt\n"), in_registers))
        << "no label, no limit";
}

TEST(Compile, RefusesMoreLabelsThanRegisters) {
    std::string text = ".base 100\n.registers 60\n";
    for (int i = 0; i < 10; ++i) text += "l" + std::to_string(i) + ": jump 1 l" + std::to_string(i) + "\n";
    EXPECT_THAT(complaint(parsed(text), {.switches = {.target = Target::register_value}}),
                HasSubstr("registers from 1 to 64"));
    EXPECT_TRUE(compiled(parsed(text), {.switches = {.target = Target::second_operand}}));
}

TEST(Lower, GivesInstructionsWithoutDestinationARegisterOfTheirOwn) {
    for (const Mass mass : {Mass::literal, Mass::zero}) {
        const auto lowered = lower(parsed(loop), assembly::paper13(), {.mass = mass}, 0);
        ASSERT_TRUE(lowered);
        EXPECT_EQ(lowered->configuration.registers, 3);
        EXPECT_EQ(lowered->rows[0].destination, 0);
        for (const std::size_t line : {1, 2, 3}) EXPECT_EQ(lowered->rows[line].destination, 2);
        EXPECT_EQ(lowered->rows[0].second.has_value(), mass == Mass::literal)
            << "nothing reads a register that drains";
    }
}

TEST(Decompile, IsCertainWithoutNoiseAndNamesAlternativesWithIt) {
    for (const auto& line : decompile(*compiled(parsed(loop))).lines) {
        EXPECT_GT(line.confidence, 0.999);
        EXPECT_FALSE(line.distributed);
        EXPECT_TRUE(line.alternatives.empty());
    }
    const auto noisy = decompile(*compiled(parsed(loop), {.gamma = 0.9}), {.alternatives_from = 0.01});
    for (const auto& line : noisy.lines) {
        EXPECT_LT(line.confidence, 0.5);
        EXPECT_TRUE(line.distributed);
        EXPECT_FALSE(line.alternatives.empty());
    }
}

TEST(Decompile, LeavesUnreachableLinesOutOfTheProgramOnly) {
    const auto decompiled = decompile(*compiled(parsed("jump 2 end\ninc 1 1\nend: halt\n")));
    EXPECT_EQ(decompiled.complete.lines(), 3);
    EXPECT_EQ(decompiled.program.lines(), 2);
    EXPECT_FALSE(decompiled.lines[1].reachable);
}

TEST(Decompile, NotesATargetThatIsComputedWhileTheProgramRuns) {
    auto model = compiled(parsed(loop), {.switches = {.target = Target::register_value}});
    ASSERT_TRUE(model);
    // The first line writes the label's register, r3, instead of r1.
    const auto destination = layout_of(model->configuration).destination;
    std::swap(model->weights[static_cast<std::size_t>(destination.offset)],
              model->weights[static_cast<std::size_t>(destination.offset + 2)]);
    const auto decompiled = decompile(*model);
    EXPECT_THAT(decompiled.lines[2].note, HasSubstr("computed in r3"));
    EXPECT_EQ(decompiled.complete.registers, 3);
}

TEST(Switches, ReadBackFromTheirText) {
    for (const char* name : {"default", "paper", "anc"}) {
        const auto switches = machine::find_profile(name);
        ASSERT_TRUE(switches);
        EXPECT_EQ(*machine::parse_switches(to_string(*switches), {}), *switches);
    }
    EXPECT_FALSE(machine::find_profile("papers"));
    for (const char* text :
         {"mix", "mix=", "=logits", "mix=logits=x", "freeze=1", "target=Line", ",", "mix=logits, freeze=on"})
        EXPECT_FALSE(machine::parse_switches(text, {})) << text;
    EXPECT_EQ(*machine::parse_switches("", {.freeze = false}), (machine::Switches{.freeze = false}));
}

} // namespace
} // namespace ropewalk::compiler
