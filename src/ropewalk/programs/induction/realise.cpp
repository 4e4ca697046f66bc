#include "ropewalk/programs/induction/realise.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ropewalk/base/random.hpp"

namespace ropewalk::induction {

namespace {

constexpr std::uint64_t most_given_examples = 1000;

/// Steps nothing reasonable exceeds; a program that has not halted by then does not halt.
constexpr long step_limit = 100'000;

long most_steps(const assembly::Program& program, const std::vector<machine::Example>& examples) {
    machine::ExactMachine machine(program);
    long most = 0;
    for (const machine::Example& example : examples) {
        machine.load(example);
        most = std::max(most, machine.run(step_limit));
    }
    return most;
}

} // namespace

base::Result<search::Specification> specification_of(const tasks::Task& task, int count, std::uint64_t seed) {
    search::Specification specification{.machine = {task.base, task.cells}};
    if (task.from_examples) {
        for (std::uint64_t i = 0; i < std::min(task.domain_size, most_given_examples); ++i)
            specification.examples.push_back(task.example(i));
    } else {
        base::RandomStream random(seed, base::Purpose::training_examples);
        specification.examples = draw_examples(task, count, random);
    }
    for (const machine::Example& example : specification.examples)
        if (std::any_of(example.expected_registers.begin(), example.expected_registers.end(),
                        [](int value) { return value != machine::not_scored; }))
            return base::failure(
                task.name, "examples that score registers",
                "examples that score memory: high-level programs have no registers, `ropewalk tune` has");
    return specification;
}

base::Result<assembly::Program> realised(const language::Program& source, const tasks::Task& task,
                                         const std::vector<machine::Example>& examples,
                                         const assembly::InstructionSet& instruction_set) {
    auto program = language::lower(source, {.machine = {task.base, task.cells},
                                            .instruction_set = instruction_set,
                                            .initial_registers = !task.sets_registers});
    if (!program) return program;
    if (!program->steps) program->steps = 4 * most_steps(*program, examples) + 64;
    return program;
}

search::Verifier verifier_of(const tasks::Task& task, const std::vector<machine::Example>& examples,
                             std::uint64_t seed, int threads) {
    return [&task, &examples, seed, threads](const language::Program& source) {
        const auto program = realised(source, task, examples);
        if (!program) return search::Verdict{.accepted = false};
        const auto fitted = tuning::fit_to_task(*program, task);
        if (!fitted) return search::Verdict{.accepted = false};
        const tuning::Certificate certificate =
            tuning::certify(*fitted, task, {.seed = seed, .threads = threads});
        if (certificate.holds) return search::Verdict{};
        const tuning::Counterexample& wrong = *certificate.counterexample;
        return search::Verdict{.accepted = false,
                               .counterexample = machine::Example{.memory = wrong.memory,
                                                                  .registers = wrong.registers,
                                                                  .expected_memory = wrong.expected_memory}};
    };
}

base::Result<assembly::Program> in_sequence(const assembly::Program& first, const assembly::Program& second) {
    using assembly::Opcode;
    using assembly::OperandRole;
    const auto refuse = [](std::string found, std::string expected) {
        return base::failure("sequence", std::move(found), std::move(expected));
    };
    if (first.base != second.base || first.cells != second.cells)
        return refuse("programs for different machines", "the same base and cells");
    const int registers = first.registers + second.registers + 1;
    const int lines = first.lines() + second.lines();
    if (registers > assembly::largest_register_count || lines > assembly::largest_line_count)
        return refuse(
            fmt::format("{} registers and {} lines", registers, lines),
            fmt::format("at most {} and {}", assembly::largest_register_count, assembly::largest_line_count));
    assembly::Program both = first;
    both.labels.clear();
    both.registers = registers;
    both.initial_registers.insert(both.initial_registers.end(), second.initial_registers.begin(),
                                  second.initial_registers.end());
    both.initial_registers.push_back(0); // never written: the condition of jumps that are always taken
    for (assembly::Instruction& each : both.instructions)
        if (each.opcode == Opcode::halt)
            each = {.opcode = Opcode::jump,
                    .first = static_cast<std::uint8_t>(registers - 1),
                    .target = static_cast<std::uint16_t>(first.lines())};
    for (assembly::Instruction each : second.instructions) {
        for (const assembly::Operand& slot : info(each.opcode).operands())
            set_operand(each, slot.role,
                        operand(each, slot.role) +
                            (slot.role == OperandRole::label ? first.lines() : first.registers));
        both.instructions.push_back(each);
    }
    both.steps = first.steps.value_or(0) + second.steps.value_or(0);
    return both;
}

} // namespace ropewalk::induction
