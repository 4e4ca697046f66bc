// The mass ledger: which switches keep distributions whole, and where the others first leak.
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "tests/programs/machine/random_case.hpp"

namespace ropewalk::machine {
namespace {

std::vector<double> random_weights(const Configuration& configuration, std::uint64_t seed) {
    base::RandomStream random(seed, base::Purpose::test);
    std::vector<double> weights(weight_count(configuration));
    for (double& weight : weights) weight = 4 * random.uniform() - 2;
    return weights;
}

Configuration machine_with(const Switches& switches) {
    return {.base = 5,
            .cells = 4,
            .registers = 3,
            .lines = 6,
            .instruction_set = assembly::all_instructions(),
            .switches = switches};
}

TEST(MassLedger, FindsNoDriftWhereMassIsConserved) {
    for (const Mass mass : {Mass::conserve, Mass::zero})
        for (const Mix mix : {Mix::logits, Mix::probabilities})
            for (const Halting halting : {Halting::absorb, Halting::maximum})
                for (const bool freeze : {true, false})
                    for (const Target target : {Target::line, Target::register_value, Target::second_operand})
                        for (std::uint64_t seed = 0; seed < 3; ++seed) {
                            const Configuration c = machine_with({mix, mass, halting, freeze, target});
                            const auto weights = random_weights(c, seed);
                            const Example input{.memory = {1, 2, 3, 4}};
                            EXPECT_FALSE(find_mass_drift(c, weights, input, 20, 1e-12))
                                << to_string(c.switches);
                            // Rounding errors of a mass are multiplied where two masses are: they grow.
                            EXPECT_FALSE(find_mass_drift(c, weights, input, 60)) << to_string(c.switches);
                        }
    EXPECT_EQ(mass_warning({}), "");
    EXPECT_EQ(mass_warning({.mass = Mass::zero}), "");
}

TEST(MassLedger, NamesStepLineAndRowOfTheFirstDrift) {
    // `write` is the first instruction without a value: it drains its destination at step 3, on the third
    // line.
    const auto program =
        assembly::parse(".base 5\n.cells 4\n.registers 2\ninc 1 1\ninc 2 2\nwrite 1 2\nhalt\n", "x");
    ASSERT_TRUE(program);
    const Switches literal{.mass = Mass::literal};
    base::RandomStream unused(0, base::Purpose::compile_noise);
    const auto model = compiler::compile(*program, {.gamma = 0, .switches = literal}, unused);
    ASSERT_TRUE(model);
    const std::vector<double> weights(model->weights.begin(), model->weights.end());
    EXPECT_FALSE(find_mass_drift(model->configuration, weights, {.memory = {0, 0, 0, 0}}, 2));
    const auto drift = find_mass_drift(model->configuration, weights, {.memory = {0, 0, 0, 0}}, 10);
    ASSERT_TRUE(drift);
    EXPECT_EQ(drift->step, 3);
    EXPECT_EQ(drift->line, 2);
    EXPECT_EQ(drift->row, "r3");
    EXPECT_LT(drift->mass, 0.01);
    EXPECT_NE(mass_warning(literal), "");
}

TEST(MassLedger, FindsThatTheLiteralEquationsLeakUnderRandomWeights) {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        const Configuration c = machine_with({.mass = Mass::literal});
        const auto drift = find_mass_drift(c, random_weights(c, seed), {.memory = {1, 2, 3, 4}}, 5);
        ASSERT_TRUE(drift);
        EXPECT_EQ(drift->step, 1);
        EXPECT_EQ(drift->line, 0);
        EXPECT_EQ(drift->row, "r1");
    }
}

TEST(MassLedger, CountsAMassThatIsNotANumberAsDrift) {
    const Configuration c = machine_with({});
    std::vector<double> weights = random_weights(c, 1);
    weights[0] = std::numeric_limits<double>::quiet_NaN();
    EXPECT_TRUE(find_mass_drift(c, weights, {.memory = {1, 2, 3, 4}}, 1));
}

} // namespace
} // namespace ropewalk::machine
