#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/assembly/assembly.hpp"
#include "ropewalk/programs/machine/machine.hpp"
#include "ropewalk/programs/tasks/tasks.hpp"
#include "tests/places.hpp"

namespace ropewalk {
namespace {

using assembly::Opcode;
using assembly::Program;
using tasks::Task;

std::string programs_folder() { return source_dir() + "/programs/"; }

Program load(const std::string& file) {
    auto program = assembly::parse_file(programs_folder() + file);
    EXPECT_TRUE(program) << (program ? "" : base::render(program.error()));
    return program ? *program : Program{};
}

std::string reference_file(const Task& task) {
    if (task.name == "reduce") return "sum_reduce.asm";
    std::string name = task.name;
    std::replace(name.begin(), name.end(), '-', '_');
    return name + ".asm";
}

/// Every index of a domain of at most 2^20 inputs, else 2^17 random ones.
template<class Body>
void for_domain(const Task& task, Body body) {
    constexpr std::uint64_t exhaustive = std::uint64_t{1} << 20;
    if (task.domain_size <= exhaustive) {
        for (std::uint64_t index = 0; index < task.domain_size; ++index) body(index);
        return;
    }
    base::RandomStream random(1, base::Purpose::test);
    for (int i = 0; i < 1 << 17; ++i) body(random.below64(task.domain_size));
}

bool halts(const Program& program) {
    return std::any_of(program.instructions.begin(), program.instructions.end(),
                       [](const assembly::Instruction& each) { return each.opcode == Opcode::halt; });
}

struct Outcome {
    std::uint64_t wrong = 0;
    std::uint64_t first_wrong = 0;
    long most_steps = 0;
};

Outcome run_on_domain(const Program& program, const Task& task, long steps) {
    Outcome outcome;
    machine::ExactMachine machine(program);
    for_domain(task, [&](std::uint64_t index) {
        const machine::Example example = task.example(index);
        machine.load(example);
        outcome.most_steps = std::max(outcome.most_steps, machine.run(steps));
        if (machine.matches(example)) return;
        if (outcome.wrong++ == 0) outcome.first_wrong = index;
    });
    return outcome;
}

TEST(ReferencePrograms, AreRightOnTheirWholeDomain) {
    for (const Task& task : tasks::catalogue()) {
        const Program program = load(reference_file(task));
        ASSERT_TRUE(program.steps) << task.name;
        const Outcome outcome = run_on_domain(program, task, *program.steps);
        EXPECT_EQ(outcome.wrong, 0u) << task.name << ", first at index " << outcome.first_wrong;
    }
}

TEST(ReferencePrograms, ThatHaltAreRightWithMoreStepsAndNeedExactlyTheStepsOfTheirTask) {
    // For these the steps of the task leave room on purpose.
    const std::vector<std::string> with_spare_steps = {"inc",    "map-inc", "map-dec",
                                                       "reduce", "parity",  "fibonacci"};
    for (const Task& task : tasks::catalogue()) {
        const Program program = load(reference_file(task));
        if (!halts(program)) continue;
        const Outcome outcome = run_on_domain(program, task, 1000);
        EXPECT_EQ(outcome.wrong, 0u) << task.name;
        if (std::count(with_spare_steps.begin(), with_spare_steps.end(), task.name) > 0)
            EXPECT_LE(outcome.most_steps, task.steps) << task.name;
        else
            EXPECT_EQ(outcome.most_steps, task.steps) << task.name;
    }
}

TEST(ReferencePrograms, AreWrittenForTheMachineOfTheirTask) {
    for (const Task& task : tasks::catalogue()) {
        const Program program = load(reference_file(task));
        EXPECT_EQ(program.base, task.base) << task.name;
        EXPECT_EQ(program.cells, task.cells) << task.name;
        EXPECT_LE(program.steps, task.steps) << task.name;
        EXPECT_LE(program.registers, task.registers) << task.name;
        EXPECT_LE(program.lines(), task.lines) << task.name;
    }
}

TEST(ReferencePrograms, UseOnlyTheInstructionsOfThePaper) {
    const assembly::InstructionSet paper = assembly::paper13();
    for (const auto& entry : std::filesystem::directory_iterator(programs_folder()))
        for (const assembly::Instruction& each : load(entry.path().filename()).instructions)
            EXPECT_GE(assembly::position(paper, each.opcode), 0) << entry.path();
}

TEST(ReferencePrograms, SurvivePrintingAndParsing) {
    for (const auto& entry : std::filesystem::directory_iterator(programs_folder())) {
        const Program program = load(entry.path().filename());
        const auto again = assembly::parse(assembly::to_string(program), "printed");
        ASSERT_TRUE(again) << entry.path();
        EXPECT_EQ(*again, program) << entry.path();
    }
}

/// The instructions of a program text without comments, directives and indentation.
std::vector<std::string> instruction_lines(const std::string& file) {
    const auto text = base::read_file(programs_folder() + file);
    EXPECT_TRUE(text);
    std::vector<std::string> lines;
    std::string line;
    const auto finish = [&] {
        line = line.substr(0, line.find(';'));
        const auto from = line.find_first_not_of(' ');
        if (from != std::string::npos && line[from] != '.')
            lines.push_back(line.substr(from, line.find_last_not_of(' ') + 1 - from));
        line.clear();
    };
    for (const char c : *text) {
        if (c == '\n')
            finish();
        else
            line += c;
    }
    return lines;
}

TEST(ReferencePrograms, OfListing1StandAsPrinted) {
    using Lines = std::vector<std::string>;
    EXPECT_EQ(instruction_lines("map_inc.asm"),
              (Lines{"map_loop:", "read 1 2", "inc 2 2", "write 1 2", "inc 1 1", "jump 3 map_loop"}));
    EXPECT_EQ(instruction_lines("sum_reduce.asm"),
              (Lines{"inc 4 4", "inc 4 4", "sum_loop:", "read 3 2", "add 1 2 1", "inc 3 3", "max 3 4 5",
                     "sub 4 5 5", "jump 5 sum_loop", "write 3 1"}));
    EXPECT_EQ(instruction_lines("fibonacci.asm"),
              (Lines{"inc 2 2", "fib_loop:", "write 3 2", "add 1 2 2", "read 3 1", "write 3 2", "inc 3 3",
                     "jump 4 fib_loop"}));
}

TEST(LoopNoOp, LoopsForeverAndChangesNothing) {
    const Program program = load("loop_noop.asm");
    ASSERT_EQ(program.lines(), 5);
    const std::vector<int> memory = {3, 1, 4, 1};
    const machine::ExactState state = machine::run_exact(program, memory, {}, 1000);
    EXPECT_FALSE(state.halted);
    EXPECT_EQ(state.memory, memory);
    EXPECT_EQ(state.registers, std::vector<int>(4, 0));
}

} // namespace
} // namespace ropewalk
