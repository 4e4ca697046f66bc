#include "ropewalk/programs/tuning/edits.hpp"

#include <algorithm>

namespace ropewalk::tuning {

using assembly::Instruction;
using assembly::Opcode;
using assembly::OperandRole;

namespace {

/// Whether exchanging the operands of an instruction changes nothing.
bool commutes(Opcode opcode) {
    return opcode == Opcode::add || opcode == Opcode::mul || opcode == Opcode::min || opcode == Opcode::max ||
           opcode == Opcode::eq;
}

void add_operands(Instruction instruction, std::span<const assembly::Operand> operands, int registers,
                  int lines, Code& all) {
    if (operands.empty()) {
        // Of two instructions that do the same, the search needs one.
        if (commutes(instruction.opcode) && instruction.first > instruction.second) return;
        all.push_back(instruction);
        return;
    }
    const int choices = operands[0].role == OperandRole::label ? lines : registers;
    for (int choice = 0; choice < choices; ++choice) {
        set_operand(instruction, operands[0].role, choice);
        add_operands(instruction, operands.subspan(1), registers, lines, all);
    }
}

/// Moves the targets of jumps that point at `from` or beyond by `distance`.
void shift_targets(Code& code, int from, int distance) {
    for (Instruction& each : code)
        if (each.opcode == Opcode::jump && each.target >= from)
            each.target = static_cast<std::uint16_t>(std::max(0, each.target + distance));
}

bool visit_deletions(const Code& code, const std::function<bool(const Code&)>& visit) {
    if (code.size() < 2) return false;
    for (int line = 0; line < static_cast<int>(code.size()); ++line) {
        Code edited = code;
        edited.erase(edited.begin() + line);
        shift_targets(edited, line + 1, -1);
        for (Instruction& each : edited)
            if (each.target >= edited.size()) each.target = 0;
        if (visit(edited)) return true;
    }
    return false;
}

bool visit_exchanges(const Code& code, const std::function<bool(const Code&)>& visit) {
    Code edited = code;
    for (std::size_t line = 0; line + 1 < code.size(); ++line) {
        if (code[line] == code[line + 1]) continue;
        std::swap(edited[line], edited[line + 1]);
        if (visit(edited)) return true;
        std::swap(edited[line], edited[line + 1]);
    }
    return false;
}

bool visit_replacements(const Code& code, const Code& instructions,
                        const std::function<bool(const Code&)>& visit) {
    Code edited = code;
    for (std::size_t line = 0; line < code.size(); ++line) {
        for (const Instruction& each : instructions) {
            if (each == code[line]) continue;
            edited[line] = each;
            if (visit(edited)) return true;
        }
        edited[line] = code[line];
    }
    return false;
}

bool visit_insertions(const Code& code, const Code& instructions,
                      const std::function<bool(const Code&)>& visit) {
    for (int line = 0; line <= static_cast<int>(code.size()); ++line) {
        Code edited = code;
        // A loop that begins at the line below gains the new line.
        shift_targets(edited, line + 1, 1);
        edited.insert(edited.begin() + line, Instruction{});
        for (const Instruction& each : instructions) {
            edited[static_cast<std::size_t>(line)] = each;
            if (visit(edited)) return true;
        }
    }
    return false;
}

} // namespace

Code every_instruction(const assembly::InstructionSet& set, int registers, int lines) {
    Code all;
    for (const Opcode opcode : set)
        add_operands({.opcode = opcode}, info(opcode).operands(), registers, lines, all);
    return all;
}

bool for_each_edit(const Code& code, const assembly::InstructionSet& set, int registers, int longest,
                   const std::function<bool(const Code&)>& visit) {
    const int lines = static_cast<int>(code.size());
    if (visit_deletions(code, visit) || visit_exchanges(code, visit)) return true;
    if (visit_replacements(code, every_instruction(set, registers, lines), visit)) return true;
    return lines < longest && visit_insertions(code, every_instruction(set, registers, lines + 1), visit);
}

} // namespace ropewalk::tuning
