// Where descent starts: programs as they are compiled, or random weights that mostly idle and do not stop.
#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/tuning/initialise.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace ropewalk::tuning {
namespace {

using assembly::Opcode;

tasks::Task map_inc() { return *tasks::find_task("map-inc"); }

assembly::Program loop() {
    return *assembly::parse("loop: read 1 2\ninc 2 2\nwrite 1 2\ninc 1 1\njump 3 loop\nhalt\n", "loop",
                            {.base = 8, .cells = 4});
}

compiler::Model model_of(const std::optional<assembly::Program>& initial, const TuneOptions& options,
                         Start start, std::uint64_t seed = 1) {
    base::RandomStream random(seed, base::Purpose::test);
    return *initial_model(map_inc(), initial, options, start, random);
}

float weight(const compiler::Model& model, int line, Opcode opcode) {
    const machine::Layout layout = layout_of(model.configuration);
    return model.weights[static_cast<std::size_t>(line * layout.columns + layout.instruction.offset +
                                                  position(model.configuration.instruction_set, opcode))];
}

TEST(InitialWeights, AreTheCompiledProgramWithoutBias) {
    TuneOptions options;
    options.start.stop_bias = 0;
    base::RandomStream random(1, base::Purpose::test);
    const auto compiled = compiler::compile(loop(), options.compile, random);
    ASSERT_TRUE(compiled);
    EXPECT_EQ(model_of(loop(), options, Start::first).weights, compiled->weights);
}

TEST(InitialWeights, KeepTheStopsAProgramHasAndHinderOthers) {
    TuneOptions options;
    const compiler::Model biased = model_of(loop(), options, Start::first);
    options.start.stop_bias = 0;
    const compiler::Model plain = model_of(loop(), options, Start::first);
    for (int line = 0; line < 6; ++line) {
        EXPECT_FLOAT_EQ(weight(biased, line, Opcode::jump),
                        weight(plain, line, Opcode::jump) - (line == 4 ? 0 : 10))
            << line;
        EXPECT_FLOAT_EQ(weight(biased, line, Opcode::halt),
                        weight(plain, line, Opcode::halt) - (line == 5 ? 0 : 10))
            << line;
        EXPECT_EQ(weight(biased, line, Opcode::nop), weight(plain, line, Opcode::nop)) << line;
    }
}

TEST(InitialWeights, StillReadBackAsTheProgram) {
    const compiler::Model model = model_of(loop(), {}, Start::first);
    EXPECT_EQ(decompile(model).program.instructions,
              decompile(model_of(loop(), {.compile = {.gamma = 0}}, Start::first)).program.instructions);
}

TEST(InitialWeights, SpreadAroundAProgramOnlyWhenItStartsAgain) {
    TuneOptions options;
    options.start.program_spread = 0.5;
    const compiler::Model first = model_of(loop(), options, Start::first),
                          again = model_of(loop(), options, Start::again);
    double square = 0;
    for (std::size_t i = 0; i < first.weights.size(); ++i)
        square += std::pow(first.weights[i] - again.weights[i], 2);
    // About 198 weights: the deviation is known to 5%, and 4 of those are allowed.
    EXPECT_NEAR(std::sqrt(square / static_cast<double>(first.weights.size())), 0.5, 0.1);
}

TEST(InitialWeights, OfNoProgramAreNormalAroundTheirBiases) {
    const TuneOptions options;
    double sum = 0, square = 0, nop = 0, jump = 0, count = 0;
    constexpr int models = 50;
    for (std::uint64_t seed = 0; seed < models; ++seed) {
        const compiler::Model model = model_of(std::nullopt, options, Start::first, seed);
        const machine::Layout layout = layout_of(model.configuration);
        for (int line = 0; line < model.configuration.lines; ++line) {
            nop += weight(model, line, Opcode::nop) / (models * 8);
            jump += weight(model, line, Opcode::jump) / (models * 8);
            for (int c = layout.first.offset; c < layout.columns; ++c, ++count) {
                const double w = model.weights[static_cast<std::size_t>(line * layout.columns + c)];
                sum += w;
                square += w * w;
            }
        }
    }
    // 400 weights of each instruction, 8,000 of operands: four standard errors.
    EXPECT_NEAR(nop, 2, 0.4);
    EXPECT_NEAR(jump, -10, 0.4);
    EXPECT_NEAR(sum / count, 0, 0.09);
    EXPECT_NEAR(std::sqrt(square / count), 2, 0.07);
}

TEST(InitialWeights, AreTheSameInAnyCompany) {
    TuneOptions options{.run = {.seed = 9}, .restarts = 3};
    const auto few = initialise(map_inc(), std::nullopt, options);
    options.restarts = 20;
    const auto many = initialise(map_inc(), std::nullopt, options);
    ASSERT_TRUE(few && many);
    for (std::size_t r = 0; r < few->size(); ++r) EXPECT_EQ((*few)[r].weights, (*many)[r].weights);
}

} // namespace
} // namespace ropewalk::tuning
