// Thousands of random programs: text and tree say the same, and so do evaluator and assembly.
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/language/language.hpp"
#include "tests/programs/language/lowered_run.hpp"

namespace ropewalk::language {
namespace {

Program drawn(base::RandomStream& random) {
    return random_program(1 + static_cast<int>(random.below(14)), random);
}

TEST(RandomPrograms, ComeBackFromPrintingAndParsing) {
    for (unsigned seed = 0; seed < 20000; ++seed) {
        base::RandomStream random(seed, base::Purpose::test, 1);
        const Program program = drawn(random);
        const std::string text = to_string(program);
        const auto parsed = parse(text, "random");
        ASSERT_TRUE(parsed) << base::render(parsed.error()) << text;
        ASSERT_EQ(*parsed, program) << text;
        ASSERT_EQ(to_string(*parsed), text);
    }
}

TEST(RandomPrograms, DoTheSameWithoutFunctions) {
    const Machine machine{.base = 7, .cells = 5};
    for (unsigned seed = 0; seed < 3000; ++seed) {
        base::RandomStream random(seed, base::Purpose::test, 2);
        const Program program = drawn(random), plain = inlined(program);
        EXPECT_TRUE(plain.functions.empty());
        EXPECT_EQ(evaluate(program, machine, {1, 6, 2, 0, 3}), evaluate(plain, machine, {1, 6, 2, 0, 3}))
            << to_string(program);
    }
}

TEST(RandomPrograms, DoTheSameEvaluatedAndLowered) {
    int runs = 0, with_steps = 0, endless = 0;
    for (unsigned seed = 0; seed < 5000; ++seed) {
        base::RandomStream random(seed, base::Purpose::test, 3);
        const Program program = drawn(random);
        Machine machine{.base = 2 + static_cast<int>(random.below(15))};
        machine.cells = 1 + static_cast<int>(random.below(static_cast<unsigned>(machine.base)));
        for (const LowerOptions& options : all_lower_options(machine)) {
            const auto lowered = lower(program, options);
            ASSERT_TRUE(lowered) << base::render(lowered.error()) << to_string(program);
            with_steps += lowered->steps ? 1 : 0;
            endless += lowered->instructions.back().opcode != assembly::Opcode::halt ? 1 : 0;
            for (int repeat = 0; repeat < 2; ++repeat) {
                std::vector<int> memory;
                for (int cell = 0; cell < machine.cells; ++cell)
                    memory.push_back(static_cast<int>(random.below(static_cast<unsigned>(machine.base))));
                const auto expected = evaluate(program, machine, memory);
                ASSERT_TRUE(expected) << to_string(program);
                ASSERT_EQ(run_lowered(*lowered, options, memory, random), *expected)
                    << seed << ": " << describe(options) << to_string(program)
                    << assembly::to_string(*lowered);
                ++runs;
            }
        }
    }
    EXPECT_EQ(runs, 5000 * 12 * 2);
    EXPECT_GT(with_steps, 5000);
    EXPECT_GT(endless, 500);
}

TEST(RandomPrograms, LowerToAssemblyThatComesBackFromItsText) {
    for (unsigned seed = 0; seed < 500; ++seed) {
        base::RandomStream random(seed, base::Purpose::test, 4);
        const auto lowered = lower(drawn(random), {.machine = {.base = 8, .cells = 6}});
        ASSERT_TRUE(lowered) << base::render(lowered.error());
        const auto again = assembly::parse(assembly::to_string(*lowered), "lowered");
        ASSERT_TRUE(again) << base::render(again.error());
        EXPECT_EQ(*again, *lowered);
    }
}

TEST(RandomPrograms, AreTheSameForTheSameStream) {
    base::RandomStream a(3, base::Purpose::test), b(3, base::Purpose::test);
    EXPECT_EQ(random_program(10, a), random_program(10, b));
}

} // namespace
} // namespace ropewalk::language
