// The short code that candidates run as means what the language says it means.
#include <algorithm>
#include <map>
#include <tuple>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "tests/programs/search/random_memory.hpp"

namespace ropewalk::search {
namespace {

using language::Machine;

/// Banks of every kind of hole for one machine, made once each.
class Banks {
public:
    Banks(const Machine& machine, std::vector<machine::Example> examples)
        : options_{.machine = machine,
                   .functions = standard_library(),
                   .largest_cost = 6,
                   .most_entries = 2000,
                   .most_bytes = std::size_t{1} << 20},
          examples_(std::move(examples)) {}

    const HoleBank& of(const Sketch::Hole& hole) {
        const auto found = banks_.find({hole.kind, hole.arity, hole.is_value});
        if (found != banks_.end()) return found->second;
        options_.fold_addresses = !hole.is_value;
        return banks_[{hole.kind, hole.arity, hole.is_value}] =
                   make_bank(hole.kind, hole.arity, options_, examples_);
    }

private:
    BankOptions options_;
    std::vector<machine::Example> examples_;
    std::map<std::tuple<HoleKind, int, bool>, HoleBank> banks_;
};

struct Counts {
    int ended = 0, gave_up = 0;
};

/// Fills a sketch at random and runs it both ways on every example.
void expect_same(const Sketch& sketch, const Machine& machine, const std::vector<machine::Example>& examples,
                 Banks& banks, int fillings, base::RandomStream& random, Counts& counts) {
    const auto code = translate(sketch, machine);
    ASSERT_TRUE(code) << base::render(code.error());
    for (int repeat = 0; repeat < fillings; ++repeat) {
        CandidateMachine candidate(*code);
        std::vector<language::Expression> expressions;
        for (std::size_t h = 0; h < sketch.holes.size(); ++h) {
            const HoleBank& bank = banks.of(sketch.holes[h]);
            ASSERT_GT(bank.size(), 0u) << sketch.name << " in base " << machine.base;
            const std::size_t entry = random.below(static_cast<unsigned>(bank.size()));
            candidate.fill(h, bank.table(entry));
            expressions.push_back(bank.expressions[entry]);
        }
        language::Program program = filled(sketch, expressions);
        program.functions = standard_library();
        for (std::size_t e = 0; e < examples.size(); ++e) {
            std::vector<std::uint8_t> memory(examples[e].memory.begin(), examples[e].memory.end());
            if (!candidate.run(memory.data(), e)) {
                ++counts.gave_up;
                ASSERT_FALSE(language::evaluate(program, machine, examples[e].memory, 4L * machine.base - 1))
                    << "gave up too early\n"
                    << language::to_string(program);
                continue;
            }
            ++counts.ended;
            const auto expected = language::evaluate(program, machine, examples[e].memory);
            ASSERT_TRUE(expected) << language::to_string(program);
            ASSERT_EQ(std::vector<int>(memory.begin(), memory.end()), *expected)
                << sketch.name << ", base " << machine.base << ", cells " << machine.cells << ", on "
                << testing::PrintToString(examples[e].memory) << "\n"
                << language::to_string(program);
        }
    }
}

void expect_same_on_all_machines(const std::vector<Sketch>& sketches, int fillings) {
    base::RandomStream random(7, base::Purpose::test);
    Counts counts;
    for (int base = 2; base <= 12; ++base)
        for (const int cells : {base, 1 + static_cast<int>(random.below(static_cast<unsigned>(base)))}) {
            const Machine machine{base, cells};
            std::vector<machine::Example> examples;
            for (int i = 0; i < 5; ++i)
                examples.push_back({.memory = random_memory(machine, random),
                                    .registers = {},
                                    .expected_memory = {},
                                    .expected_registers = {}});
            Banks banks(machine, examples);
            for (const Sketch& sketch : sketches) {
                expect_same(sketch, machine, examples, banks, fillings, random, counts);
                if (testing::Test::HasFatalFailure()) return;
            }
        }
    EXPECT_GT(counts.ended, 4 * counts.gave_up);
}

TEST(CandidateMachine, LeavesTheSameMemoryAsTheEvaluator) {
    expect_same_on_all_machines(sketch_library(), 150);
}

TEST(CandidateMachine, LeavesTheSameMemoryForSketchesOfUsers) {
    std::vector<Sketch> sketches;
    for (const char* text :
         {"for i in 0..n: M[i] = ?value.f(M[i])", "for i in 1..n-1: M[i] = ?value.f(M[i - 1], M[i + 1])",
          "x = 1\nfor i in 3..1: x = ?step.f(x)\nM[x] = i + x", "for i in 0..20: M[i] = ?value.f(M[i], i)",
          "x, y = M[0], M[1]\nx, y = y, x\nM[?cell.a], M[?cell.b] = x, y",
          "i = 0\nwhile M[i] < M[i + 1]:\n    if ?test.t(i): i = i + 1\n    else: i = i + 2\nM[0] = i",
          "for i in 0..n:\n    for k in i..?start.s: M[k] = ?combine.f(M[i], M[k])\nM[0] = i",
          "M[0] = ?address.a(M[1])", "x = ?address.a(M[0])\nif x == M[0]: M[0] = x + n"}) {
        auto sketch = parse_sketch("mine", text);
        ASSERT_TRUE(sketch) << base::render(sketch.error());
        sketches.push_back(std::move(*sketch));
    }
    expect_same_on_all_machines(sketches, 60);
}

TEST(CandidateMachine, RefusesWhatItCannotRun) {
    for (const char* text :
         {"def f(x) = x + x\nM[0] = f(?value.v(M[0]))", "if M[0] == M[1] and ?test.t(M[0]): M[0] = 0"}) {
        const auto sketch = parse_sketch("mine", text);
        ASSERT_TRUE(sketch) << base::render(sketch.error());
        const auto code = translate(*sketch, {8, 8});
        ASSERT_FALSE(code) << text;
        EXPECT_NE(base::render(code.error()).find("sketch mine"), std::string::npos);
    }
}

} // namespace
} // namespace ropewalk::search
