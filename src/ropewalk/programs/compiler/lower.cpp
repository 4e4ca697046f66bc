#include "ropewalk/programs/compiler/lower.hpp"

#include <map>

#include <fmt/format.h>

namespace ropewalk::compiler {

using assembly::Instruction;
using assembly::Opcode;
using assembly::OperandRole;
using assembly::Program;
using machine::Target;

namespace {

std::string place_of(const Program& program) { return program.file.empty() ? "compile" : program.file; }

base::Diagnostics missing_instructions(const Program& program, const assembly::InstructionSet& set,
                                       bool pads) {
    base::Diagnostics errors;
    assembly::InstructionSet missing;
    const auto check = [&](Opcode opcode, const std::string& where) {
        if (position(set, opcode) >= 0 || position(missing, opcode) >= 0) return;
        missing.push_back(opcode);
        errors.push_back(
            {.file = place_of(program),
             .found = fmt::format("instruction '{}' {}", info(opcode).name, where),
             .expected = fmt::format("instructions of the set {} (setting `instructions` chooses another)",
                                     to_string(set))});
    };
    for (const Instruction& each : program.instructions) check(each.opcode, "in the program");
    if (pads) check(Opcode::halt, "for padding");
    return errors;
}

Row row_of(const Instruction& instruction, const assembly::InstructionSet& set) {
    const auto& entry = info(instruction.opcode);
    const auto choice = [&](OperandRole role) {
        return entry.uses(role) ? std::optional<int>(operand(instruction, role)) : std::nullopt;
    };
    return {.instruction = position(set, instruction.opcode),
            .first = choice(OperandRole::first),
            .second = choice(OperandRole::second),
            .destination = choice(OperandRole::destination),
            .target = choice(OperandRole::label)};
}

/// One register per label, holding its line number from the start; jumps name it as their second operand.
base::Result<Lowered> labels_in_registers(Lowered lowered) {
    machine::Configuration& c = lowered.configuration;
    std::map<int, int> register_of_line;
    for (Row& row : lowered.rows) {
        if (!row.target) continue;
        const auto [entry, fresh] = register_of_line.emplace(*row.target, c.registers);
        if (fresh) {
            ++c.registers;
            c.initial_registers.push_back(*row.target);
        }
        row.second = entry->second;
        row.target.reset();
    }
    if (!register_of_line.empty() && c.lines > c.base)
        return base::failure(
            "compile", fmt::format("a program of {} lines in base {}", c.lines, c.base),
            "at most as many lines as the base when labels live in registers (target=register); "
            "use target=line or a larger base");
    return lowered;
}

/// The second operand's register number is the line number.
Lowered labels_in_operands(Lowered lowered) {
    machine::Configuration& c = lowered.configuration;
    for (Row& row : lowered.rows) {
        if (!row.target) continue;
        row.second = row.target;
        c.registers = std::max(c.registers, *row.target + 1);
        row.target.reset();
    }
    c.initial_registers.resize(static_cast<std::size_t>(c.registers), 0);
    return lowered;
}

base::Result<Lowered> encode_labels(Lowered lowered) {
    switch (lowered.configuration.switches.target) {
    case Target::line: return lowered;
    case Target::register_value: return labels_in_registers(std::move(lowered));
    case Target::second_operand: return labels_in_operands(std::move(lowered));
    }
    return lowered;
}

Lowered with_scratch_register(Lowered lowered) {
    machine::Configuration& c = lowered.configuration;
    if (c.switches.mass == machine::Mass::conserve) return lowered;
    const int scratch = c.registers++;
    c.initial_registers.push_back(0);
    for (Row& row : lowered.rows) {
        if (!row.destination) row.destination = scratch;
        // The scratch register drains, and a free operand would read a share of it: the mass that is missing
        // there would be missing in every result.
        if (c.switches.mass != machine::Mass::literal) continue;
        if (!row.first) row.first = 0;
        if (!row.second) row.second = 0;
    }
    return lowered;
}

} // namespace

base::Result<Lowered> lower(const Program& program, const assembly::InstructionSet& instruction_set,
                            const machine::Switches& switches, int lines) {
    const int needed = program.lines();
    if (lines != 0 && lines < needed)
        return base::failure(place_of(program), fmt::format("a program of {} lines", needed),
                             fmt::format("at most {} lines (setting `lines`)", lines));
    Lowered lowered{.configuration = {.base = program.base,
                                      .cells = program.cells,
                                      .registers = program.registers,
                                      .lines = std::max(lines, needed),
                                      .instruction_set = instruction_set,
                                      .switches = switches,
                                      .initial_registers = program.initial_registers},
                    .rows = {}};
    const int total = lowered.configuration.lines;
    if (auto errors = missing_instructions(program, instruction_set, total > needed); !errors.empty())
        return base::failure(std::move(errors));
    for (const Instruction& each : program.instructions)
        lowered.rows.push_back(row_of(each, instruction_set));
    for (int line = needed; line < total; ++line)
        lowered.rows.push_back(row_of({.opcode = Opcode::halt}, instruction_set));
    return encode_labels(std::move(lowered))
        .map(with_scratch_register)
        .and_then([](Lowered result) -> base::Result<Lowered> {
            auto checked = validated(result.configuration);
            if (!checked) return base::failure(std::move(checked.error()));
            return result;
        });
}

} // namespace ropewalk::compiler
