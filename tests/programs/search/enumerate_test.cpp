#include <algorithm>
#include <stop_token>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "tests/programs/search/random_memory.hpp"

namespace ropewalk::search {
namespace {

using language::Machine;
using testing::HasSubstr;

constexpr Machine enumerated_machine{8, 6};

/// Every cell has to become its own mixture of all: nothing small does that.
Specification hopeless(int examples = 12) {
    return specification_by(enumerated_machine, examples, [](std::vector<int> memory) {
        const std::vector<int> old = memory;
        for (std::size_t i = 0; i < memory.size(); ++i) {
            unsigned mixed = static_cast<unsigned>(i) + 1;
            for (const int each : old)
                mixed = mixed * 2654435761u + static_cast<unsigned>(each) * 40503u + (mixed >> 13);
            if (i % 2 == 0) memory[i] = static_cast<int>((mixed >> 16) % 8);
        }
        return memory;
    });
}

double score_of(const language::Program& program, const std::vector<machine::Example>& examples) {
    int right = 0, scored = 0;
    for (const machine::Example& example : examples) {
        const auto memory = language::evaluate(program, enumerated_machine, example.memory);
        for (std::size_t i = 0; i < example.expected_memory.size(); ++i) {
            if (example.expected_memory[i] == machine::not_scored) continue;
            ++scored;
            right += memory && (*memory)[i] == example.expected_memory[i];
        }
    }
    return static_cast<double>(right) / scored;
}

void expect_same(const Candidate& a, const Candidate& b) {
    EXPECT_EQ(a.program, b.program);
    EXPECT_EQ(std::tuple(a.sketch, a.cost, a.score), std::tuple(b.sketch, b.cost, b.score));
}

void expect_same(const SearchResult& a, const SearchResult& b) {
    EXPECT_EQ(a.candidates, b.candidates);
    EXPECT_EQ(std::pair(a.stop_reason, a.cost), std::pair(b.stop_reason, b.cost));
    ASSERT_EQ(a.solution.has_value(), b.solution.has_value());
    if (a.solution) expect_same(*a.solution, *b.solution);
    ASSERT_EQ(a.near_misses.size(), b.near_misses.size());
    for (std::size_t i = 0; i < a.near_misses.size(); ++i) expect_same(a.near_misses[i], b.near_misses[i]);
    ASSERT_EQ(a.first_parts.size(), b.first_parts.size());
    for (std::size_t i = 0; i < a.first_parts.size(); ++i) expect_same(a.first_parts[i], b.first_parts[i]);
    EXPECT_EQ(a.examples, b.examples);
}

SearchResult found(const Specification& specification, const SearchOptions& options,
                   const Verifier& verify = {}) {
    auto result = enumerate(specification, options, verify);
    EXPECT_TRUE(result) << (result ? "" : base::render(result.error()));
    return result ? std::move(*result) : SearchResult{};
}

TEST(Enumerate, FindsAMap) {
    const SearchResult result =
        found(specification_by(enumerated_machine, 8, "for i in 0..n: M[i] = M[i] + 1"), {.programs = 1'000'000});
    ASSERT_TRUE(result.solution);
    EXPECT_EQ(language::to_string(result.solution->program), "for i in 0..n: M[i] = M[i] + 1\n");
    EXPECT_EQ(result.solution->sketch, "map");
    EXPECT_EQ(result.solution->score, 1);
    EXPECT_EQ(result.stop_reason, StopReason::found);
    EXPECT_LT(result.candidates, 100'000u);
}

TEST(Enumerate, FindsProgramsOfManyKinds) {
    for (const char* source : {"swap M[1], M[4]", "for i in 0..n: M[i] = M[i] - i",
                               "x = 0\nfor i in 0..n: x = max(x, M[i])\nM[0] = x",
                               "x = 0\nfor i in 0..n:\n    if M[i] == 2: x = x + 1\nM[0] = x",
                               "for i in 1..n: M[i] = M[i] + M[i - 1]", "M[0] = M[M[1]]",
                               "for i in 0..n:\n    if M[i] < 2: M[i] = 7"}) {
        const Specification specification = specification_by(enumerated_machine, 20, source);
        const SearchResult result = found(specification, {.programs = 20'000'000});
        ASSERT_TRUE(result.solution) << source;
        EXPECT_EQ(score_of(result.solution->program, specification.examples), 1)
            << language::to_string(result.solution->program);
    }
}

TEST(Enumerate, GivesTheSameAtAnyNumberOfThreads) {
    for (const Specification& specification :
         {hopeless(), specification_by(enumerated_machine, 8, "for i in 1..n: M[i] = M[i] + M[i - 1]")}) {
        SearchOptions options{.run = {.threads = 1}, .programs = 300'000};
        const SearchResult one = found(specification, options);
        for (const int threads : {2, 3}) {
            options.run.threads = threads;
            expect_same(one, found(specification, options));
        }
    }
}

TEST(Enumerate, GivesTheSameAtAnyNumberOfThreadsWhenItLearnsFromCounterexamples) {
    const language::Program right = language::parse("for i in 0..n: M[i] = M[n - 1] - M[i]", "test").value();
    base::RandomStream random(9, base::Purpose::test);
    std::vector<std::vector<int>> inputs;
    for (int i = 0; i < 200; ++i) inputs.push_back(random_memory(enumerated_machine, random));
    const Verifier verify = [&](const language::Program& program) {
        for (const auto& memory : inputs) {
            const auto expected = language::evaluate(right, enumerated_machine, memory).value();
            if (language::evaluate(program, enumerated_machine, memory) != expected)
                return Verdict{false, machine::Example{memory, {}, expected, {}}};
        }
        return Verdict{};
    };
    Specification specification{enumerated_machine, {}};
    specification.examples.push_back(
        {{0, 1, 0, 1, 0, 1}, {}, language::evaluate(right, enumerated_machine, {0, 1, 0, 1, 0, 1}).value(), {}});
    SearchOptions options{.run = {.threads = 1}, .programs = 3'000'000};
    const SearchResult one = found(specification, options, verify);
    EXPECT_GT(one.examples.size(), 1u);
    options.run.threads = 3;
    expect_same(one, found(specification, options, verify));
    ASSERT_TRUE(one.solution);
    EXPECT_TRUE(verify(one.solution->program).accepted);
}

TEST(Enumerate, StopsAtTheLimitOfPrograms) {
    const SearchResult result = found(hopeless(), {.programs = 123'456});
    EXPECT_FALSE(result.solution);
    EXPECT_EQ(result.stop_reason, StopReason::work);
    EXPECT_EQ(result.candidates, 123'456u);
}

TEST(Enumerate, StopsAtTheLargestCost) {
    const SearchResult result = found(hopeless(), {.largest_cost = 5});
    EXPECT_EQ(result.stop_reason, StopReason::exhausted);
    EXPECT_LE(result.cost, 5);
    EXPECT_GT(result.candidates, 0u);
}

TEST(Enumerate, StopsInTime) {
    const SearchResult result = found(hopeless(), {.run = {.seconds = 0.2}});
    EXPECT_EQ(result.stop_reason, StopReason::seconds);
}

TEST(Enumerate, StopsWhenAsked) {
    std::stop_source stop;
    stop.request_stop();
    const SearchResult result = found(hopeless(), {.run = {.stop = stop.get_token()}});
    EXPECT_EQ(result.stop_reason, StopReason::interrupted);
    EXPECT_EQ(result.candidates, 0u);
}

TEST(Enumerate, TakesNoForAnAnswer) {
    // The first program that fits is refused without a reason, the next one is another program.
    const Specification specification = specification_by(enumerated_machine, 8, "for i in 0..n: M[i] = M[i] + 1");
    std::optional<language::Program> first;
    const SearchResult result =
        found(specification, {.programs = 3'000'000}, [&](const language::Program& program) {
            if (!first) first = program;
            return Verdict{.accepted = !(program == *first), .counterexample = {}};
        });
    ASSERT_TRUE(result.solution && first);
    EXPECT_NE(result.solution->program, *first);
    EXPECT_EQ(score_of(result.solution->program, specification.examples), 1);
}

TEST(Enumerate, LearnsFromACounterexample) {
    // One example says too little: M[0] = 3 would do. The counterexample rules that out.
    Specification specification{enumerated_machine, {{{2, 1, 4, 4, 4, 4}, {}, {3, 1, 4, 4, 4, 4}, {}}}};
    const machine::Example other{{5, 7, 0, 0, 0, 0}, {}, {4, 7, 0, 0, 0, 0}, {}};
    int refused = 0;
    const SearchResult result =
        found(specification, {.programs = 10'000'000}, [&](const language::Program& program) {
            if (language::evaluate(program, enumerated_machine, other.memory) == other.expected_memory) return Verdict{};
            ++refused;
            return Verdict{false, other};
        });
    EXPECT_EQ(refused, 1) << "what a counterexample rules out is not asked about again";
    ASSERT_TRUE(result.solution);
    EXPECT_EQ(language::evaluate(result.solution->program, enumerated_machine, other.memory), other.expected_memory);
    EXPECT_EQ(result.examples.size(), 2u);
}

TEST(Enumerate, ReportsNearMissesBestFirst) {
    const Specification specification = hopeless();
    const SearchResult result = found(specification, {.programs = 300'000});
    ASSERT_FALSE(result.near_misses.empty());
    const double untouched = score_of({}, specification.examples);
    double last = 1;
    for (const Candidate& miss : result.near_misses) {
        EXPECT_GT(miss.score, untouched);
        EXPECT_LE(miss.score, last);
        EXPECT_NEAR(miss.score, score_of(miss.program, specification.examples), 1e-9)
            << language::to_string(miss.program);
        last = miss.score;
    }
    EXPECT_LE(result.near_misses.size(), 24u);
}

TEST(Enumerate, LooksOnlyAtScoredCells) {
    Specification specification = specification_by(enumerated_machine, 6, "M[2] = M[0] + M[1]");
    for (machine::Example& example : specification.examples)
        for (const std::size_t cell : {0u, 1u, 3u, 4u, 5u})
            example.expected_memory[cell] = machine::not_scored;
    EXPECT_TRUE(found(specification, {.programs = 1'000'000}).solution);
    // An expected memory that ends early leaves the rest open too.
    for (machine::Example& example : specification.examples) example.expected_memory.resize(3);
    EXPECT_TRUE(found(specification, {.programs = 1'000'000}).solution);
}

TEST(Enumerate, FillsAUsersSketch) {
    SearchOptions options{.programs = 1'000'000};
    options.sketches = {parse_sketch("mine", "for i in 1..n: M[i] = ?value.f(M[i], M[0])").value()};
    const SearchResult result =
        found(specification_by(enumerated_machine, 8, "for i in 1..n: M[i] = max(M[i], M[0]) - 1"), options);
    ASSERT_TRUE(result.solution);
    EXPECT_EQ(result.solution->sketch, "mine");
    EXPECT_EQ(language::to_string(result.solution->program), "for i in 1..n: M[i] = max(M[i], M[0]) - 1\n");
}

TEST(Enumerate, FillsASketchThatVisitsEveryCellOfAFullMemory) {
    SearchOptions options{.programs = 1'000'000};
    options.sketches = {parse_sketch("mine", "for i in 0..n: M[i] = ?value.f(M[i])").value()};
    EXPECT_TRUE(found(specification_by({8, 8}, 8, "for i in 0..n: M[i] = M[i] + 2"), options).solution);
}

TEST(Enumerate, FindsValuesBeyondTheCells) {
    // The place behind the first 0 may be 4, which is no cell of a enumerated_machine of 4.
    const Machine small{8, 4};
    const Specification specification = specification_by(small, 30, [](std::vector<int> memory) {
        std::size_t p = 1;
        while (memory[p % 4] != memory[0]) ++p;
        memory[0] = static_cast<int>(p) + 1;
        return memory;
    });
    const auto result = enumerate(specification, {.programs = 30'000'000});
    ASSERT_TRUE(result && result->solution);
    for (const machine::Example& example : specification.examples)
        EXPECT_EQ(language::evaluate(result->solution->program, small, example.memory),
                  example.expected_memory)
            << language::to_string(result->solution->program);
}

TEST(Enumerate, CallsFunctionsOfItsOwn) {
    SearchOptions options{.programs = 3'000'000};
    options.functions =
        language::parse("def f1(a) = a * a + 3\ndef f2(a, b) = f1(a) - f1(b)\nM[0] = 0\n", "test")
            .value()
            .functions;
    const char* source = "def f1(a) = a * a + 3\ndef f2(a, b) = f1(a) - f1(b)\n"
                         "for i in 0..n: M[i] = f2(M[i], i)\n";
    const Specification specification = specification_by(enumerated_machine, 12, source);
    const SearchResult result = found(specification, options);
    ASSERT_TRUE(result.solution);
    EXPECT_EQ(score_of(result.solution->program, specification.examples), 1);
    EXPECT_TRUE(result.solution->program.functions.empty()) << "written out in full";
}

TEST(Enumerate, RefusesWhatItCannotSearch) {
    const auto refusal = [](const Specification& specification) {
        const auto result = enumerate(specification, {.programs = 1000});
        EXPECT_FALSE(result);
        return result ? "" : base::render(result.error());
    };
    const machine::Example good{{1, 2}, {}, {2, 1}, {}};
    EXPECT_THAT(refusal({{4, 2}, {}}), HasSubstr("no examples"));
    EXPECT_THAT(refusal({{1, 1}, {{{0}, {}, {0}, {}}}}), HasSubstr("base 1"));
    EXPECT_THAT(refusal({{65, 2}, {good}}), HasSubstr("base 65"));
    EXPECT_THAT(refusal({{4, 0}, {good}}), HasSubstr("0 cells"));
    EXPECT_THAT(refusal({{4, 5}, {good}}), HasSubstr("5 cells"));
    EXPECT_THAT(refusal({{4, 3}, {good}}), HasSubstr("does not fit the machine"));
    EXPECT_THAT(refusal({{4, 2}, {good, {{1, 4}, {}, {1, 1}, {}}}}), HasSubstr("does not fit the machine"));
    EXPECT_THAT(refusal({{4, 2}, {{{1, 2}, {}, {1, 9}, {}}}}), HasSubstr("does not fit the machine"));
    EXPECT_THAT(refusal({{4, 2}, {{{1, 2}, {}, std::vector<int>(300, 1), {}}}}),
                HasSubstr("does not fit the machine"));
    SearchOptions options{.programs = 1000};
    options.sketches = {parse_sketch("mine", "def f(x) = x + x\nM[0] = f(?value.v(M[0]))").value()};
    const auto result = enumerate({{4, 2}, {good}}, options);
    ASSERT_FALSE(result);
    EXPECT_THAT(base::render(result.error()), HasSubstr("sketch mine"));
}

/// Digits of a sum of two numbers: the sum goes to M[2], what is carried to M[3].
Specification addition() {
    const Machine digits{8, 4};
    Specification specification = specification_by(digits, 20, [](std::vector<int> memory) {
        memory[2] = (memory[0] + memory[1]) % 8;
        memory[3] = (memory[0] + memory[1]) / 8;
        return memory;
    });
    return specification;
}

TEST(Sequences, FindTheSecondPartBehindTheFirst) {
    SearchOptions options{.programs = 1'000'000};
    // One store at a time, so that no program of one part does both.
    std::erase_if(options.sketches, [](const Sketch& sketch) { return sketch.name != "store"; });
    const Specification specification = addition();
    const SearchResult first = found(specification, options);
    EXPECT_FALSE(first.solution);
    ASSERT_FALSE(first.first_parts.empty());
    const auto both = enumerate_sequences(specification, first.first_parts, options);
    ASSERT_TRUE(both);
    ASSERT_TRUE(both->solution);
    EXPECT_EQ(both->stop_reason, StopReason::found);
    EXPECT_EQ(both->solution->sketch, "store, then store");
    for (const machine::Example& example : specification.examples)
        EXPECT_EQ(language::evaluate(both->solution->program, specification.machine, example.memory),
                  example.expected_memory);
}

TEST(Sequences, AreTheSameAtAnyNumberOfThreads) {
    SearchOptions options{.run = {.threads = 1}, .programs = 300'000};
    const Specification specification = hopeless();
    const auto parts = found(specification, options).near_misses;
    ASSERT_FALSE(parts.empty());
    const auto one = enumerate_sequences(specification, parts, options);
    ASSERT_TRUE(one);
    EXPECT_EQ(one->stop_reason, StopReason::work);
    EXPECT_EQ(one->candidates, 300'000u);
    for (const int threads : {2, 3}) {
        options.run.threads = threads;
        const auto more = enumerate_sequences(specification, parts, options);
        ASSERT_TRUE(more);
        expect_same(*one, *more);
    }
}

TEST(Sequences, WithoutFirstPartsEndAtOnce) {
    const auto result = enumerate_sequences(addition(), {}, {});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->candidates, 0u);
    EXPECT_FALSE(result->solution);
}

} // namespace
} // namespace ropewalk::search
