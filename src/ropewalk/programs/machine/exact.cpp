#include "ropewalk/programs/machine/exact.hpp"

#include <algorithm>

namespace ropewalk::machine {

using assembly::Instruction;
using assembly::Opcode;

namespace {

void fill_table(std::vector<std::uint8_t>& table, const std::vector<Instruction>& instructions, Opcode opcode,
                int base) {
    const bool occurs = std::any_of(instructions.begin(), instructions.end(),
                                    [opcode](const Instruction& each) { return each.opcode == opcode; });
    if (!occurs || !table.empty()) return;
    for (int x = 0; x < base; ++x)
        for (int y = 0; y < base; ++y)
            table.push_back(static_cast<std::uint8_t>(info(opcode).value(x, y, base)));
}

void copy_values(const std::vector<int>& from, std::vector<std::uint8_t>& to) {
    for (std::size_t i = 0; i < to.size(); ++i)
        to[i] = static_cast<std::uint8_t>(i < from.size() ? from[i] : 0);
}

} // namespace

ExactMachine::ExactMachine(const assembly::Program& program)
    : instructions_(program.instructions), base_(program.base), cells_(program.cells),
      memory_(static_cast<std::size_t>(program.cells)),
      registers_(static_cast<std::size_t>(program.registers)), initial_registers_(program.initial_registers) {
    prepare_tables();
}

void ExactMachine::set_instructions(const std::vector<Instruction>& instructions) {
    instructions_ = instructions;
    prepare_tables();
}

void ExactMachine::prepare_tables() {
    fill_table(multiply_, instructions_, Opcode::mul, base_);
    fill_table(divide_, instructions_, Opcode::div, base_);
    fill_table(remainder_, instructions_, Opcode::mod, base_);
}

void ExactMachine::load(const Example& example) {
    copy_values(example.memory, memory_);
    copy_values(example.registers.empty() ? initial_registers_ : example.registers, registers_);
    line_ = 0;
    steps_ = 0;
    halted_ = false;
}

template<bool traced>
long ExactMachine::execute(long steps, const ExactTracer& tracer) {
    const Instruction* const code = instructions_.data();
    const std::size_t lines = instructions_.size();
    std::uint8_t* const memory = memory_.data();
    std::uint8_t* const r = registers_.data();
    const int b = base_;
    const bool fold = cells_ < base_;
    std::size_t line = line_;
    long step = 0;
    if (lines == 0) return 0;
    for (; step < steps && !halted_; ++step) {
        if constexpr (traced) {
            line_ = line;
            steps_ = step;
            tracer(state());
        }
        const Instruction i = code[line];
        const int x = r[i.first];
        const int y = r[i.second];
        const auto put = [&](int value) { r[i.destination] = static_cast<std::uint8_t>(value); };
        const auto address = [&] { return static_cast<std::size_t>(fold ? x % cells_ : x); };
        const auto pair = [&] { return static_cast<std::size_t>(x * b + y); };
        std::size_t next = line + 1 == lines ? 0 : line + 1;
        switch (i.opcode) {
        case Opcode::halt:
            halted_ = true;
            next = line;
            break;
        case Opcode::nop: break;
        case Opcode::zero: put(0); break;
        case Opcode::mov: put(x); break;
        case Opcode::inc: put(x + 1 == b ? 0 : x + 1); break;
        case Opcode::dec: put(x == 0 ? b - 1 : x - 1); break;
        case Opcode::add: put(x + y >= b ? x + y - b : x + y); break;
        case Opcode::sub: put(x < y ? x - y + b : x - y); break;
        case Opcode::mul: put(multiply_[pair()]); break;
        case Opcode::div: put(divide_[pair()]); break;
        case Opcode::mod: put(remainder_[pair()]); break;
        case Opcode::min: put(std::min(x, y)); break;
        case Opcode::max: put(std::max(x, y)); break;
        case Opcode::eq: put(x == y ? 1 : 0); break;
        case Opcode::lt: put(x < y ? 1 : 0); break;
        case Opcode::read: put(memory[address()]); break;
        case Opcode::write: memory[address()] = static_cast<std::uint8_t>(y); break;
        case Opcode::jump: next = x == 0 ? i.target : next; break;
        }
        line = next;
    }
    line_ = line;
    steps_ = step;
    return step;
}

long ExactMachine::run(long steps) { return execute<false>(steps, {}); }

std::pair<int, int> ExactMachine::score(const Example& example) const {
    int right = 0;
    int scored = 0;
    const auto count = [&](const std::vector<int>& expected, const std::vector<std::uint8_t>& found) {
        for (std::size_t i = 0; i < expected.size(); ++i) {
            if (expected[i] == not_scored) continue;
            ++scored;
            if (i < found.size() && found[i] == expected[i]) ++right;
        }
    };
    count(example.expected_memory, memory_);
    count(example.expected_registers, registers_);
    return {right, scored};
}

bool ExactMachine::matches(const Example& example) const {
    const auto [right, scored] = score(example);
    return right == scored;
}

std::uint64_t ExactMachine::hash(std::uint64_t seed) const {
    const auto mix = [&seed](std::uint8_t value) {
        seed = (seed ^ value) * 0x9e3779b97f4a7c15u + (seed >> 29);
    };
    for (const std::uint8_t value : memory_) mix(value);
    for (const std::uint8_t value : registers_) mix(value);
    return seed;
}

ExactState ExactMachine::state() const {
    return {.memory = {memory_.begin(), memory_.end()},
            .registers = {registers_.begin(), registers_.end()},
            .line = static_cast<int>(line_),
            .steps = steps_,
            .halted = halted_};
}

ExactState run_exact(const assembly::Program& program, const std::vector<int>& memory,
                     const std::vector<int>& registers, long steps, const ExactTracer& tracer) {
    ExactMachine machine(program);
    machine.load({.memory = memory, .registers = registers, .expected_memory = {}, .expected_registers = {}});
    if (tracer)
        machine.execute<true>(steps, tracer);
    else
        machine.run(steps);
    return machine.state();
}

} // namespace ropewalk::machine
