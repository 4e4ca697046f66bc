#include "ropewalk/programs/assembly/printer.hpp"

#include <set>

#include <fmt/format.h>

namespace ropewalk::assembly {

std::string label_of(int line, const Program& program) {
    const auto named = program.labels.find(line);
    if (named != program.labels.end()) return named->second;
    std::string label = fmt::format("line_{}", line + 1);
    const auto taken = [&] {
        return std::any_of(program.labels.begin(), program.labels.end(),
                           [&](const auto& entry) { return entry.second == label; });
    };
    while (taken()) label += '_';
    return label;
}

std::string to_string(const Instruction& instruction, const Program& program) {
    const InstructionInfo& row = info(instruction.opcode);
    std::string text(row.name);
    for (const Operand& each : row.operands()) {
        const int value = operand(instruction, each.role);
        text +=
            each.role == OperandRole::label ? " " + label_of(value, program) : fmt::format(" r{}", value + 1);
    }
    return text;
}

std::string to_string(const Program& program) {
    std::string text =
        fmt::format(".base {}\n.cells {}\n.registers {}\n", program.base, program.cells, program.registers);
    if (program.steps) text += fmt::format(".steps {}\n", *program.steps);
    for (std::size_t i = 0; i < program.initial_registers.size(); ++i)
        if (program.initial_registers[i] != 0)
            text += fmt::format(".let r{} {}\n", i + 1, program.initial_registers[i]);
    text += '\n';
    std::set<int> labelled;
    for (const auto& entry : program.labels) labelled.insert(entry.first);
    for (const Instruction& instruction : program.instructions)
        if (info(instruction.opcode).uses(OperandRole::label)) labelled.insert(instruction.target);
    for (int line = 0; line < program.lines(); ++line) {
        if (labelled.contains(line)) text += label_of(line, program) + ":\n";
        text += "    " + to_string(program.instructions[static_cast<std::size_t>(line)], program) + '\n';
    }
    return text;
}

} // namespace ropewalk::assembly
