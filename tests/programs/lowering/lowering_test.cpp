// Programs over lists on machines: what runs there is what the evaluator says.
#include <map>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/functional/signature.hpp"
#include "ropewalk/programs/lowering/lowering.hpp"
#include "ropewalk/programs/machine/machine.hpp"

namespace ropewalk::lowering {
namespace {

using functional::Operator;
using values::Kind;
using values::Type;
using values::Value;

functional::Program program_of(const std::string& text) {
    auto program = functional::parse(text, "program");
    EXPECT_TRUE(program) << (program ? "" : base::render(program.error()));
    return program ? std::move(*program) : functional::Program{};
}

std::vector<Value> inputs_of(const std::vector<std::string>& texts) {
    std::vector<Value> inputs;
    for (const std::string& each : texts) inputs.push_back(*values::parse_value(each, "input"));
    return inputs;
}

/// What the machine gives for the program's arguments.
std::string on_machine(const std::string& text, const std::vector<std::string>& arguments, int number_base = 0, int cells = 0) {
    const functional::Program program = program_of(text);
    const auto inputs = inputs_of(arguments);
    const auto lowered = lower_for(program, {inputs}, number_base, cells);
    if (!lowered) return base::render(lowered.error());
    const auto memory = memory_of(lowered->layout, program, inputs);
    if (!memory) return base::render(memory.error());
    const auto state = machine::run_exact(lowered->program, *memory, {}, 1'000'000);
    const auto value = value_in(lowered->layout, program.result, state.memory);
    return state.halted && value ? values::to_text(*value) : "no value";
}

TEST(Lowering, EveryKindOfOperatorRunsOnAMachine) {
    const std::map<std::string, std::string> cases{
        {"map(x, a -> a * 2 + 1)", "[7,3,5]"},
        {"filter(x, a -> a > 1)", "[3,2]"},
        {"fold(x, 0, (s, a) -> s * 2 + a)", "16"},
        {"scan(x, 0, (s, a) -> s + a)", "[3,4,6]"},
        {"accumulate(x, (s, a) -> max(s, a))", "[3,3,3]"},
        {"accumulate(x, (s, a, i) -> s + i)", "[3,4,6]"},
        {"sum(x)", "6"},
        {"product(x)", "6"},
        {"count(x, 1)", "1"},
        {"count_if(x, (a, i) -> a > i)", "1"},
        {"maximum(x)", "3"},
        {"minimum(x)", "1"},
        {"reverse(x)", "[2,1,3]"},
        {"sort(x)", "[1,2,3]"},
        {"sort_by(x, a -> -a)", "[3,2,1]"},
        {"take(x, 2)", "[3,1]"},
        {"take(x, -1)", "[3,1]"},
        {"drop(x, 2)", "[2]"},
        {"drop(x, -5)", "[3,1,2]"},
        {"unique(concat(x, reverse(x)))", "[3,1,2]"},
        {"append(prepend(tail(x), 9), 8)", "[9,1,2,8]"},
        {"init(x)", "[3,1]"},
        {"range(1, last(x) + 2)", "[1,2,3]"},
        {"repeat(first(x), 2)", "[3,3]"},
        {"insert(x, 1, 7)", "[3,7,1,2]"},
        {"set(x, -1, 7)", "[3,1,7]"},
        {"remove_at(x, 0)", "[1,2]"},
        {"swap(x, 0, 2)", "[2,1,3]"},
        {"pad(x, 5, 4)", "[3,1,2,4,4]"},
        {"flat_map(x, a -> repeat(a, a))", "[3,3,3,1,2,2]"},
        {"zip_with(x, reverse(x), (a, b) -> a * b)", "[6,1,6]"},
        {"pairwise(x, (a, b) -> a - b)", "[2,-1]"},
        {"take_while(x, a -> a != 2)", "[3,1]"},
        {"drop_while(x, a -> a == 3)", "[1,2]"},
        {"max_by(x, a -> a % 3)", "2"},
        {"min_by(x, a -> -a)", "3"},
        {"cancel([1,2,2,1,3], (a, b) -> a == b)", "[3]"},
        {"iterate(3, x, (s, i) -> append(tail(s), i))", "[0,1,2]"},
        {"index(x, 2) + index(x, 9)", "1"},
        {"get(x, -1) // 2 + (0 - 7) // 2 + (0 - 7) % 3", "-1"},
        {"if contains(x, 1) and x == x then [sum(x), length(x)] else x", "[6,3]"},
        {"let y = map(x, a -> a + 1) in concat(y, x)", "[4,2,3,3,1,2]"},
        {"map(x, a -> sum(filter(x, b -> b < a)))", "[3,0,1]"},
        {"digits(from_digits(take(x, 2)) * 4)", "[1,2,4]"},
        {"concat(digits(0), digits(-40 - first(x)))", "[0,4,3]"},
        {"bits(first(x) * 4)", "[1,1,0,0]"},
        {"from_digits(tail(x))", "12"},
        {"gcd(4 * first(x), 0 - 18)", "6"},
        {"[gcd(0, 0), gcd(0, first(x)), gcd(7, last(x))]", "[0,3,1]"},
    };
    for (const auto& [body, value] : cases) {
        const bool is_list = value[0] == '[';
        EXPECT_EQ(on_machine("solve(x: [int]) -> " + std::string(is_list ? "[int]" : "int") + ":\n    " + body + "\n", {"[3,1,2]"}), value)
            << body;
    }
}

TEST(Lowering, AMachineGivesWhatTheEvaluatorGivesWhereTheInputsFit) {
    const Type number{}, list{Kind::integer, 1}, truth{Kind::boolean, 0};
    int lowered_programs = 0, run = 0;
    for (std::uint64_t i = 0; i < 2000; ++i) {
        base::RandomStream random(11, base::Purpose::random_program, i);
        const Type results[] = {number, list, list, truth};
        const auto program = functional::random_program({{"x", list}, {"k", number}, {"y", list}, {"p", truth}}, results[random.below(4)], 4, random);
        std::vector<std::vector<Value>> inputs;
        for (int row = 0; row < 4; ++row) {
            std::vector<Value> arguments;
            for (const auto& each : program.parameters) arguments.push_back(functional::random_value(each.type, random));
            if (functional::run(program, arguments)) inputs.push_back(std::move(arguments));
        }
        const auto needs = needs_of(program, inputs);
        if (!needs) continue;
        ++lowered_programs;
        for (const auto& arguments : inputs) {
            const auto of_these = needs_of(program, {arguments});
            if (!of_these || of_these->base() > assembly::largest_base) continue;
            ++run;
            const auto lowered = lower_for(program, {arguments}, 0, 0);
            if (!lowered) {
                const std::string why = base::render(lowered.error());
                ASSERT_TRUE(why.find("too many") != std::string::npos) << functional::to_string(program) << why;
            }
        }
    }
    EXPECT_GT(lowered_programs, 600);
    EXPECT_GT(run, 800);
}

TEST(Lowering, WhatDoesNotFitIsRefusedWithWhatWouldBeNeeded) {
    const std::string sums = "solve(x: [int]) -> int:\n    sum(x)\n";
    EXPECT_EQ(on_machine(sums, {"[40,60]"}, 64, 16), "machine: base 64 and 16 cells; expected base 101 and 3 cells: on these inputs "
                                                    "numbers go from 0 to 100\n");
    EXPECT_EQ(on_machine("solve(x: [int]) -> [int]:\n    reverse(concat(x, x))\n", {"[1,2,3]"}, 16, 16),
              "machine: base 16 and 16 cells; expected base 18 and 18 cells: on these inputs numbers go from 0 to 3\n");
    EXPECT_NE(on_machine("solve(x: [int]) -> [int]:\n    map(chunks(x, 2), a -> sum(a))\n", {"[1,2,3]"}).find("chunks, a list of lists"),
              std::string::npos);
    EXPECT_NE(on_machine("solve(x: [[int]]) -> int:\n    length(x)\n", {"[[1]]"}).find("[[int]]"), std::string::npos);
    EXPECT_NE(on_machine(sums, {"[300]"}).find("expected base 301"), std::string::npos);
}

TEST(Lowering, OperatorsThatCannotBeLoweredAreThoseThatAreListed) {
    const auto refused = not_lowered();
    for (const functional::OperatorFacts& row : functional::all_operators()) {
        if (row.op <= functional::Operator::condition || row.parameters > 0) continue;
        const functional::Signature signature = functional::signature_of(row.op);
        functional::Program program{{{"x", {values::Kind::integer, 1}}, {"k", {}}}, {}, functional::call(row.op, {})};
        for (const functional::Pattern& each : signature.arguments) {
            const auto x = functional::variable(0), k = functional::variable(1);
            program.body.arguments.push_back(each.depth > 1    ? functional::call(functional::Operator::list, {x})
                                             : each.depth == 1 ? x
                                             : each.letter == 'b' ? functional::call(functional::Operator::even, {k})
                                                                  : k);
        }
        program.result = {signature.result.letter == 'b' ? values::Kind::boolean : values::Kind::integer, signature.result.depth};
        const bool is_refused = std::find(refused.begin(), refused.end(), row.op) != refused.end();
        EXPECT_EQ(lower_for_any(program, 64, 64).has_value(), !is_refused) << row.name;
    }
}

TEST(Lowering, WithoutInputsTheMachineHasRoomForListsOfHalfItsCells) {
    const auto lowered = lower_for_any(program_of("solve(x: [int], k: int) -> [int]:\n    map(x, a -> a + k)\n"), 32, 32);
    ASSERT_TRUE(lowered);
    EXPECT_EQ(lowered->layout.longest, 14);
    EXPECT_FALSE(lowered->layout.negative);
    const auto parsed = assembly::parse(to_text(*lowered, program_of("solve(x: [int], k: int) -> [int]:\n    map(x, a -> a + k)\n")), "text", {});
    ASSERT_TRUE(parsed);
    EXPECT_EQ(*parsed, lowered->program);
    EXPECT_FALSE(lower_for_any(program_of("solve(x: int) -> [int]:\n    digits(x)\n"), 8, 8)) << "10 is no number there";
}

} // namespace
} // namespace ropewalk::lowering
