#include <algorithm>
#include <array>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "tests/programs/search/random_memory.hpp"

namespace ropewalk::search {
namespace {

using language::Expression;
using language::Machine;
using language::Operator;

struct Hole {
    HoleKind kind;
    int arity;
};

constexpr std::array holes{Hole{HoleKind::combine, 2}, Hole{HoleKind::value, 1},   Hole{HoleKind::value, 2},
                           Hole{HoleKind::value, 3},   Hole{HoleKind::address, 1}, Hole{HoleKind::address, 2},
                           Hole{HoleKind::test, 1},    Hole{HoleKind::test, 2},    Hole{HoleKind::step, 1},
                           Hole{HoleKind::cell, 0},    Hole{HoleKind::start, 0},   Hole{HoleKind::range, 0},
                           Hole{HoleKind::point, 0}};

const std::vector<Machine> machines{{2, 2}, {3, 1}, {6, 6}, {7, 4}, {8, 8}};

BankOptions options_for(const Machine& machine) {
    return {.machine = machine, .functions = standard_library(), .largest_cost = 6, .most_entries = 3000};
}

std::vector<machine::Example> examples_for(const Machine& machine) {
    return specification_by(machine, 6, [](std::vector<int> memory) { return memory; }).examples;
}

template<class Body>
void for_each_bank(Body body) {
    for (const Machine& machine : machines)
        for (const Hole& hole : holes)
            body(machine, hole,
                 make_bank(hole.kind, hole.arity, options_for(machine), examples_for(machine)));
}

std::string name_of(const Machine& machine, const Hole& hole) {
    return to_string(hole.kind) + " of " + std::to_string(hole.arity) + " in base " +
           std::to_string(machine.base) + " with " + std::to_string(machine.cells) + " cells";
}

/// The value of an expression whose arguments a, b, c have these values.
int value_of(const Expression& expression, const Machine& machine, const std::vector<int>& arguments,
             const std::vector<int>& memory, std::vector<language::Function> functions) {
    language::Program program{std::move(functions), {}};
    for (std::size_t i = 0; i < arguments.size(); ++i)
        program.statements.push_back(
            language::assign(language::variable(parameter_names()[i]), language::constant(arguments[i])));
    const bool condition =
        expression.kind == language::ExpressionKind::operation && expression.operation >= Operator::equal;
    const Expression target = language::load(language::constant(0));
    if (condition)
        program.statements.push_back({.kind = language::StatementKind::if_else,
                                      .expressions = {expression},
                                      .body = {language::assign(target, language::constant(1))},
                                      .otherwise = {language::assign(target, language::constant(0))}});
    else
        program.statements.push_back(language::assign(target, expression));
    return language::evaluate(program, machine, memory).value()[0];
}

/// A table as something sets compare.
std::string bytes_of(const HoleBank& bank, std::size_t entry) {
    return {bank.table(entry), bank.table(entry) + bank.stride};
}

bool has(const HoleBank& bank, const std::string& text) {
    return std::any_of(bank.expressions.begin(), bank.expressions.end(),
                       [&](const Expression& each) { return language::to_string(each) == text; });
}

/// Whether some entry computes this function of two arguments.
template<class Compute>
bool computes(const HoleBank& bank, int base, Compute compute) {
    std::vector<std::uint8_t> wanted;
    for (int a = 0; a < base; ++a)
        for (int b = 0; b < base; ++b) wanted.push_back(static_cast<std::uint8_t>(compute(a, b)));
    for (std::size_t i = 0; i < bank.size(); ++i)
        if (std::equal(wanted.begin(), wanted.end(), bank.table(i))) return true;
    return false;
}

TEST(HoleBank, HoldsEveryBehaviourOnce) {
    for_each_bank([](const Machine& machine, const Hole& hole, const HoleBank& bank) {
        std::set<std::string> tables;
        for (std::size_t i = 0; i < bank.size(); ++i)
            EXPECT_TRUE(tables.insert(bytes_of(bank, i)).second)
                << name_of(machine, hole) << ": " << language::to_string(bank.expressions[i]);
        EXPECT_EQ(bank.tables.size(), bank.size() * bank.stride);
    });
}

TEST(HoleBank, IsSortedByCostAndLevelsCoverIt) {
    for_each_bank([](const Machine& machine, const Hole& hole, const HoleBank& bank) {
        EXPECT_TRUE(std::is_sorted(bank.costs.begin(), bank.costs.end())) << name_of(machine, hole);
        std::size_t next = 0;
        for (const HoleBank::Level& level : bank.levels) {
            EXPECT_EQ(level.begin, next);
            EXPECT_GT(level.end, level.begin);
            for (std::size_t i = level.begin; i < level.end; ++i) EXPECT_EQ(bank.costs[i], level.cost);
            next = level.end;
        }
        EXPECT_EQ(next, bank.size());
        if (!bank.costs.empty()) {
            EXPECT_GE(bank.costs[0], 1) << name_of(machine, hole);
        }
    });
}

TEST(HoleBank, HasFillingsForEveryHoleOfAMachineOfSeveralCells) {
    for_each_bank([](const Machine& machine, const Hole& hole, const HoleBank& bank) {
        EXPECT_GT(bank.size(), 0u) << name_of(machine, hole);
    });
}

TEST(HoleBank, TabulatesWhatTheExpressionsMean) {
    for_each_bank([](const Machine& machine, const Hole& hole, const HoleBank& bank) {
        const auto plain = [&](HoleKind kind) { return hole.kind == kind; };
        if (plain(HoleKind::start) || plain(HoleKind::range) || plain(HoleKind::point)) return;
        base::RandomStream random(2, base::Purpose::test);
        const auto b = static_cast<std::size_t>(machine.base);
        for (std::size_t i = 0; i < bank.size(); ++i)
            for (int repeat = 0; repeat < 12; ++repeat) {
                const std::size_t place = random.below(static_cast<unsigned>(bank.stride));
                std::vector<int> arguments(static_cast<std::size_t>(hole.arity));
                std::size_t rest = place;
                for (std::size_t k = arguments.size(); k-- > 0; rest /= b)
                    arguments[k] = static_cast<int>(rest % b);
                int value = value_of(bank.expressions[i], machine, arguments, random_memory(machine, random),
                                     standard_library());
                if (plain(HoleKind::address) || plain(HoleKind::cell)) value %= machine.cells;
                ASSERT_EQ(bank.table(i)[place], value)
                    << name_of(machine, hole) << ": " << language::to_string(bank.expressions[i]);
            }
    });
}

TEST(HoleBank, TabulatesPointsByTheirValueOnEachExample) {
    for (const Machine& machine : machines) {
        const auto examples = examples_for(machine);
        const HoleBank bank = make_bank(HoleKind::point, 0, options_for(machine), examples);
        ASSERT_EQ(bank.stride, examples.size());
        for (std::size_t i = 0; i < bank.size(); ++i)
            for (std::size_t e = 0; e < examples.size(); ++e)
                ASSERT_EQ(bank.table(i)[e],
                          value_of(bank.expressions[i], machine, {}, examples[e].memory, {}))
                    << language::to_string(bank.expressions[i]);
    }
}

TEST(HoleBank, TabulatesStartsAsNumbersOrCells) {
    const HoleBank bank = make_bank(HoleKind::start, 0, options_for({7, 4}), {});
    EXPECT_EQ(bank.size(), 7u + 4);
    for (std::size_t i = 0; i < bank.size(); ++i) {
        const std::string number = std::to_string(bank.table(i)[1]);
        EXPECT_EQ(language::to_string(bank.expressions[i]),
                  bank.table(i)[0] != 0 ? "M[" + number + "]" : number);
    }
}

TEST(HoleBank, HasNoEmptyRanges) {
    for (const Machine& machine : machines) {
        const HoleBank bank = make_bank(HoleKind::range, 0, options_for(machine), {});
        for (std::size_t i = 0; i < bank.size(); ++i) {
            ASSERT_EQ(bank.expressions[i].operands.size(), 2u);
            const auto from = language::constant_integer(bank.expressions[i].operands[0], machine);
            const auto to = language::constant_integer(bank.expressions[i].operands[1], machine);
            ASSERT_TRUE(from && to);
            EXPECT_LT(*from, *to);
            EXPECT_EQ(bank.table(i)[0], *from);
            EXPECT_EQ(bank.table(i)[1], *to - *from);
        }
        EXPECT_EQ(bank.expressions[0].operands,
                  (std::vector<Expression>{language::constant(0), language::size()}));
    }
}

TEST(HoleBank, HasNoTestThatIsAlwaysTheSame) {
    for (const Machine& machine : machines)
        for (const int arity : {1, 2, 3}) {
            const HoleBank bank = make_bank(HoleKind::test, arity, options_for(machine), {});
            for (std::size_t i = 0; i < bank.size(); ++i) {
                const std::set<std::uint8_t> values(bank.table(i), bank.table(i) + bank.stride);
                EXPECT_EQ(values, (std::set<std::uint8_t>{0, 1})) << language::to_string(bank.expressions[i]);
            }
        }
}

TEST(HoleBank, KeepsBothOrdersOfAnOperatorThatDoesNotCommute) {
    const BankOptions options = options_for({7, 7});
    for (const HoleKind kind : {HoleKind::value, HoleKind::combine}) {
        const HoleBank bank = make_bank(kind, 2, options, {});
        for (const char* text : {"a + b", "a - b", "b - a", "a / b", "b / a", "a % b", "b % a", "lt(a, b)",
                                 "lt(b, a)", "min(a, b)", "max(a, b)", "a * b", "eq(a, b)"})
            EXPECT_TRUE(has(bank, text)) << to_string(kind) << ": " << text;
        EXPECT_FALSE(has(bank, "b + a"));
    }
    const HoleBank tests = make_bank(HoleKind::test, 2, options, {});
    EXPECT_TRUE(computes(tests, 7, [](int a, int b) { return a < b; }));
    EXPECT_TRUE(computes(tests, 7, [](int a, int b) { return a > b; }));
    EXPECT_TRUE(computes(tests, 7, [](int a, int b) { return a >= b; }));
}

TEST(HoleBank, LosesNoOperationOnTwoOperations) {
    // Every operator on every pair of cheap expressions, in either order, is there in some form.
    const int base = 5;
    BankOptions options = options_for({base, 5});
    options.largest_cost = 7;
    options.most_entries = 200000;
    const HoleBank bank = make_bank(HoleKind::value, 2, options, {});
    std::set<std::string> tables;
    for (std::size_t i = 0; i < bank.size(); ++i) tables.insert(bytes_of(bank, i));
    int checked = 0;
    for (std::size_t x = 0; x < bank.size(); ++x)
        for (std::size_t y = 0; y < bank.size(); ++y)
            for (int op = 0; op < static_cast<int>(Operator::equal); ++op) {
                const auto operation = static_cast<Operator>(op);
                if (bank.costs[x] + bank.costs[y] + options.costs.of(operation) > options.largest_cost)
                    continue;
                std::string wanted;
                for (std::size_t i = 0; i < bank.stride; ++i)
                    wanted.push_back(static_cast<char>(
                        language::apply(operation, bank.table(x)[i], bank.table(y)[i], base)));
                EXPECT_TRUE(tables.contains(wanted)) << language::to_string(
                    language::operation(operation, bank.expressions[x], bank.expressions[y]));
                ++checked;
            }
    EXPECT_GT(checked, 1000);
}

TEST(HoleBank, CallsFunctionsThatCallOthers) {
    BankOptions options = options_for({7, 7});
    options.functions =
        language::parse("def f1(a) = a * a + 2\ndef f2(a, b) = f1(a) - f1(b)\nM[0] = 0\n", "test")
            .value()
            .functions;
    const HoleBank bank = make_bank(HoleKind::value, 2, options, {});
    bool called = false;
    for (std::size_t i = 0; i < bank.size(); ++i) {
        called = called || language::to_string(bank.expressions[i]) == "f2(a, b)";
        for (int a = 0; a < 7; ++a)
            for (int b = 0; b < 7; ++b)
                ASSERT_EQ(bank.table(i)[7 * a + b], value_of(bank.expressions[i], options.machine, {a, b},
                                                             std::vector<int>(7), options.functions))
                    << language::to_string(bank.expressions[i]);
    }
    EXPECT_TRUE(called);
}

TEST(HoleBank, StaysWithinItsLimits) {
    BankOptions options = options_for({8, 8});
    options.most_entries = 100;
    EXPECT_LE(make_bank(HoleKind::value, 3, options, {}).size(), 100u);
    options = options_for({8, 8});
    options.most_bytes = 10000;
    EXPECT_LE(make_bank(HoleKind::value, 3, options, {}).tables.size(), 10000u + 512);
}

TEST(HoleKinds, HaveNames) {
    for (const Hole& hole : holes) EXPECT_EQ(hole_kind(to_string(hole.kind)), hole.kind);
    EXPECT_FALSE(hole_kind("values"));
    EXPECT_FALSE(hole_kind(""));
}

} // namespace
} // namespace ropewalk::search
