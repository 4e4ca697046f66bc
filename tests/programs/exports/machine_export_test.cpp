// Exported machines compute what ours do.
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/exports/exports.hpp"
#include "tests/scratch.hpp"

namespace ropewalk::exports {
namespace {

/// A machine of every instruction with random weights.
compiler::Model random_model(const machine::Switches& switches, std::uint64_t index) {
    compiler::Model model{.configuration = {.base = 5,
                                            .cells = 3,
                                            .registers = 2,
                                            .lines = 4,
                                            .instruction_set = assembly::all_instructions(),
                                            .switches = switches,
                                            .initial_registers = {3}},
                          .weights = {},
                          .program_registers = 2,
                          .steps = 7};
    base::RandomStream random(11, base::Purpose::test, index);
    for (std::size_t i = 0; i < weight_count(model.configuration); ++i)
        model.weights.push_back(static_cast<float>(2 * random.normal()));
    return model;
}

std::vector<machine::Switches> every_switch() {
    return {{},
            *machine::find_profile("paper"),
            *machine::find_profile("anc"),
            *machine::parse_switches("target=operand,mass=zero,freeze=off", {}),
            *machine::parse_switches("mix=probabilities,halting=maximum", {})};
}

class MachineExports : public Scratch {};

TEST_F(MachineExports, InCGiveWhatTheMachineGives) {
    std::uint64_t index = 0;
    for (const machine::Switches& switches : every_switch()) {
        const std::string folder = path(fmt::format("machine{}", ++index));
        ASSERT_TRUE(export_machine(random_model(switches, index), folder, {}, base::Overwrite::refuse));
        const std::string command =
            fmt::format("cd {} && cc -std=c99 -Wall -Wextra -Werror -DROPE_SELF_TEST machine.c -lm -o machine && ./machine > said",
                        folder);
        EXPECT_EQ(std::system(command.c_str()), 0) << to_string(switches);
    }
}

TEST_F(MachineExports, NoticeWhatIsComputedWrongly) {
    const auto files = machine_files(random_model({}, 1));
    ASSERT_TRUE(files);
    for (const auto& [name, content] : *files) {
        std::string text = content;
        if (name == std::string_view("machine.c")) text.replace(text.find("(x + 1)"), 7, "(x + 2)");
        ASSERT_TRUE(base::write_file(path(name), text, base::Overwrite::refuse));
    }
    const std::string command =
        fmt::format("cd {} && cc -std=c99 -DROPE_SELF_TEST machine.c -lm -o machine && ! ./machine > said", path(""));
    EXPECT_EQ(std::system(command.c_str()), 0);
}

TEST_F(MachineExports, HaveVectorsOfWholeNumbersAndOfDistributions) {
    const compiler::Model model = random_model({}, 2);
    const auto files = machine_files(model);
    ASSERT_TRUE(files);
    const auto vectors = nlohmann::json::parse(files->back().second);
    ASSERT_EQ(vectors.size(), 6u);
    int whole = 0;
    for (const auto& each : vectors) {
        double most = 0;
        std::vector<double> memory;
        for (const auto& row : each.at("memory"))
            for (const double value : row) memory.push_back(value), most = std::max(most, value);
        whole += most == 1 ? 1 : 0;
        const auto state = machine::soft_state(model.configuration, model.weights, memory, *model.steps);
        EXPECT_EQ(each.at("halted").get<double>(), state.halted);
        EXPECT_EQ(each.at("registers").at(1).at(2).get<double>(), state.registers[7]);
    }
    EXPECT_EQ(whole, 3);
}

TEST_F(MachineExports, OfWholeInputsEndWhereTheProgramEnds) {
    const auto program = assembly::parse(".base 4\n.cells 2\n.steps 6\nagain:\nread r1 r2\ninc r2 r2\nwrite r1 r2\nhalt\n", "test");
    ASSERT_TRUE(program);
    base::RandomStream noise(0, base::Purpose::compile_noise);
    const auto model = compiler::compile(*program, {}, noise);
    ASSERT_TRUE(model);
    const std::vector<double> memory{0, 0, 1, 0, 0, 1, 0, 0};
    const auto state = machine::soft_state(model->configuration, model->weights, memory, *model->steps);
    EXPECT_EQ(machine::most_probable(state.memory, 4), (std::vector<int>{3, 1}));
}

TEST_F(MachineExports, NeedStepsAndFiniteWeightsAndReplaceNothingUnasked) {
    compiler::Model model = random_model({}, 3);
    ASSERT_TRUE(export_machine(model, path("m"), 2, base::Overwrite::refuse));
    const auto again = export_machine(model, path("m"), 2, base::Overwrite::refuse);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().front().found, "a folder with machine.safetensors in it");
    EXPECT_TRUE(export_machine(model, path("m"), 2, base::Overwrite::allow));
    model.steps.reset();
    EXPECT_EQ(machine_files(model).error().front().expected, "how many steps the machine is to run");
    model.weights[1] = NAN;
    EXPECT_EQ(machine_files(model, 2).error().front().expected, "finite numbers");
}

} // namespace
} // namespace ropewalk::exports
