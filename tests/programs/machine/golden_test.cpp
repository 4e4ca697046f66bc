// The plain kernel against numbers from an independent implementation: every tests/golden/sdp*.json.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "ropewalk/programs/machine/kernels/reference.hpp"
#include "ropewalk/programs/tuning/adam.hpp"
#include "tests/places.hpp"

namespace ropewalk::machine {
namespace {

using nlohmann::json;

std::vector<std::filesystem::path> golden_files() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(source_dir() + "/tests/golden")) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("sdp") && name.ends_with(".json")) files.push_back(entry.path());
    }
    return files;
}

json load(const std::filesystem::path& path) {
    std::ifstream stream(path);
    return json::parse(stream);
}

/// All numbers of a nested list, in order.
void flatten(const json& value, std::vector<double>& numbers) {
    if (value.is_number())
        numbers.push_back(value.get<double>());
    else
        for (const json& each : value) flatten(each, numbers);
}

std::vector<double> flatten(const json& value) {
    std::vector<double> numbers;
    flatten(value, numbers);
    return numbers;
}

assembly::InstructionSet instruction_set_of(const json& names) {
    assembly::InstructionSet set;
    for (const json& each : names) {
        std::string name = each;
        if (name == "noop") name = "nop";
        if (name == "jez") name = "jump";
        set.push_back(assembly::find_instruction(name)->opcode);
    }
    return set;
}

Configuration configuration_of(const json& cfg, const json& names) {
    Configuration c{.base = cfg["b"],
                    .cells = cfg["m"],
                    .registers = cfg["nreg"],
                    .lines = cfg["L"],
                    .instruction_set = instruction_set_of(names)};
    const std::string mass = cfg["mass"], jump = cfg["jump"];
    c.switches.mass = mass == "keep" ? Mass::conserve : mass == "zero" ? Mass::zero : Mass::literal;
    c.switches.mix = cfg["ctrl"] == "logit" ? Mix::logits : Mix::probabilities;
    c.switches.halting = cfg["halt"] == "max" ? Halting::maximum : Halting::absorb;
    c.switches.freeze = cfg["freeze"];
    c.switches.target = jump == "label" ? Target::line
                        : jump == "reg" ? Target::register_value
                                        : Target::second_operand;
    return c;
}

std::vector<int> masked(const std::vector<int>& values, const json& mask) {
    std::vector<int> result = values;
    for (std::size_t i = 0; i < result.size(); ++i)
        if (mask[i].get<double>() == 0) result[i] = not_scored;
    return result;
}

std::vector<Example> examples_of(const json& c) {
    std::vector<Example> examples;
    for (std::size_t i = 0; i < c["mem_init"].size(); ++i)
        examples.push_back({.memory = c["mem_init"][i],
                            .registers = c["reg_init"][i],
                            .expected_memory = masked(c["mem_target"][i], c["mem_mask"][i]),
                            .expected_registers = masked(c["reg_target"][i], c["reg_mask"][i])});
    return examples;
}

constexpr double tolerance = 1e-9;

void expect_near(const std::vector<double>& found, const std::vector<double>& expected,
                 const std::string& what) {
    ASSERT_EQ(found.size(), expected.size()) << what;
    for (std::size_t i = 0; i < found.size(); ++i)
        ASSERT_NEAR(found[i], expected[i], tolerance * std::max(1.0, std::abs(expected[i])))
            << what << " entry " << i;
}

class GoldenVectors : public testing::TestWithParam<std::filesystem::path> {
protected:
    struct Case {
        std::string name;
        Configuration configuration;
        std::vector<Example> examples;
        EvaluationRequest request;
        json data;
    };

    void SetUp() override { std::cout << "golden file: " << GetParam().string() << '\n'; }

    std::vector<Case> cases() {
        const json file = load(GetParam());
        std::vector<Case> result;
        for (const json& c : file["cases"]) {
            const Configuration configuration = configuration_of(c["cfg"], file["about"]["ops"]);
            const Loss loss{.memory = c["lam_mem"], .registers = c["lam_reg"], .efficiency = c["lam_halt"]};
            result.push_back({c["name"],
                              configuration,
                              examples_of(c),
                              {.configuration = configuration, .loss = loss, .steps = c["cfg"]["T"]},
                              c});
        }
        return result;
    }
};

TEST_P(GoldenVectors, StatesAgreeAfterEveryStep) {
    for (const Case& c : cases()) {
        const reference::Machine<double> machine(c.configuration);
        for (std::size_t r = 0; r < c.data["W"].size(); ++r)
            for (std::size_t e = 0; e < c.examples.size(); ++e) {
                const std::vector<double> weights = flatten(c.data["W"][r]);
                const auto tape = machine.forward(weights, c.examples[e], c.request.steps);
                for (std::size_t t = 0; t < tape.steps.size(); ++t) {
                    const json& golden = c.data["steps"][t];
                    const std::string at = c.name + ", step " + std::to_string(t) + ": ";
                    const auto check = [&](const std::vector<double>& found, const char* key) {
                        expect_near(found, flatten(golden[key][r][e]), at + key);
                    };
                    const auto& step = tape.steps[t];
                    const auto& state = tape.states[t + 1];
                    check(step.instruction, "f");
                    std::vector<double> operands = step.first;
                    operands.insert(operands.end(), step.second.begin(), step.second.end());
                    operands.insert(operands.end(), step.destination.begin(), step.destination.end());
                    check(operands, "a");
                    check(step.target, "tgt");
                    check(step.value1, "v1");
                    check(step.value2, "v2");
                    check(step.output, "o");
                    check({state.halted}, "H");
                    check(state.line, "l");
                    check(state.memory, "M");
                    check(state.registers, "R");
                }
            }
    }
}

TEST_P(GoldenVectors, LossAndGradientAgree) {
    for (const Case& c : cases()) {
        const std::vector<double> weights = flatten(c.data["W"]);
        std::vector<double> losses(c.data["W"].size()), gradient(weights.size());
        evaluate(c.request, std::span<const double>(weights), c.examples, losses, gradient);
        expect_near(losses, flatten(c.data["loss"]), c.name + ": loss");
        expect_near(gradient, flatten(c.data["grad_W"]), c.name + ": gradient");
    }
}

TEST_P(GoldenVectors, TwoAdamStepsAgree) {
    for (const Case& c : cases()) {
        std::vector<double> weights = flatten(c.data["W"]);
        std::vector<double> losses(c.data["W"].size()), gradient(weights.size());
        tuning::Adam<double> adam(weights.size(), {.learning_rate = 0.1});
        for (const json& loss_before : c.data["adam_loss_before_step"]) {
            evaluate(c.request, std::span<const double>(weights), c.examples, losses, gradient);
            expect_near(losses, flatten(loss_before), c.name + ": loss before the step");
            adam.step(std::span<double>(weights), gradient);
        }
        expect_near(weights, flatten(c.data["W_after_2_adam"]), c.name + ": weights after two steps");
    }
}

INSTANTIATE_TEST_SUITE_P(Files, GoldenVectors, testing::ValuesIn(golden_files()), [](const auto& file) {
    std::string name = file.param.stem().string();
    std::replace_if(
        name.begin(), name.end(), [](char ch) { return std::isalnum(static_cast<unsigned char>(ch)) == 0; },
        '_');
    return name;
});

TEST(GoldenFiles, ArePresent) { EXPECT_FALSE(golden_files().empty()); }

} // namespace
} // namespace ropewalk::machine
