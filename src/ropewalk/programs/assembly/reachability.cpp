#include "ropewalk/programs/assembly/reachability.hpp"

namespace ropewalk::assembly {

namespace {

std::vector<bool> written_registers(const Program& program, const std::vector<bool>& reachable) {
    std::vector<bool> written(static_cast<std::size_t>(program.registers), false);
    for (std::size_t line = 0; line < program.instructions.size(); ++line) {
        const Instruction& instruction = program.instructions[line];
        if (reachable[line] && info(instruction.opcode).produces_value)
            written[instruction.destination] = true;
    }
    return written;
}

std::vector<bool> reach(const Program& program, const std::vector<bool>& written,
                        StartingRegisters registers) {
    std::vector<bool> reachable(program.instructions.size(), false);
    std::vector<std::size_t> open{0};
    while (!open.empty()) {
        const std::size_t line = open.back();
        open.pop_back();
        if (line >= reachable.size() || reachable[line]) continue;
        reachable[line] = true;
        const Instruction& instruction = program.instructions[line];
        const bool jumps = instruction.opcode == Opcode::jump;
        const bool known = jumps && registers == StartingRegisters::fixed && !written[instruction.first];
        const bool taken = jumps && program.initial_registers[instruction.first] == 0;
        if (jumps && (!known || taken)) open.push_back(instruction.target);
        if (instruction.opcode != Opcode::halt && !(known && taken))
            open.push_back((line + 1) % reachable.size());
    }
    return reachable;
}

} // namespace

std::vector<bool> reachable_lines(const Program& program, StartingRegisters registers) {
    // Start from "everything may be reached and written" and shrink until nothing changes: each round is
    // sound because the one before it was.
    std::vector<bool> reachable(program.instructions.size(), true);
    while (true) {
        std::vector<bool> smaller = reach(program, written_registers(program, reachable), registers);
        if (smaller == reachable) return reachable;
        reachable = std::move(smaller);
    }
}

Program without_unreachable_lines(const Program& program, StartingRegisters registers) {
    const std::vector<bool> reachable = reachable_lines(program, registers);
    std::vector<int> moved(reachable.size(), 0);
    Program result = program;
    result.instructions.clear();
    result.labels.clear();
    for (std::size_t line = 0; line < reachable.size(); ++line) {
        moved[line] = result.lines();
        if (!reachable[line]) continue;
        if (const auto label = program.labels.find(static_cast<int>(line)); label != program.labels.end())
            result.labels.emplace(moved[line], label->second);
        result.instructions.push_back(program.instructions[line]);
    }
    for (Instruction& instruction : result.instructions)
        if (info(instruction.opcode).uses(OperandRole::label)) {
            const int target = moved[instruction.target];
            // A jump that is never taken may point at a line that is gone.
            instruction.target = static_cast<std::uint16_t>(target < result.lines() ? target : 0);
        }
    return result;
}

} // namespace ropewalk::assembly
