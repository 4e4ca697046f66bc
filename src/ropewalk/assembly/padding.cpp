#include "ropewalk/assembly/padding.hpp"

namespace ropewalk::assembly {

Program padded_with_nops(const Program& program, int lines) {
    const int added = lines - program.lines();
    if (added <= 0) return program;
    int place = program.lines();
    for (int line = 0; line < program.lines(); ++line)
        if (program.instructions[static_cast<std::size_t>(line)].opcode == Opcode::jump) place = line;
    Program result = program;
    result.instructions.insert(result.instructions.begin() + place, static_cast<std::size_t>(added),
                               Instruction{});
    // The first no-op takes over the label of the line it stands before: whoever jumped there meets them too.
    for (Instruction& instruction : result.instructions)
        if (info(instruction.opcode).uses(OperandRole::label) && instruction.target > place)
            instruction.target = static_cast<std::uint16_t>(instruction.target + added);
    result.labels.clear();
    for (const auto& [line, name] : program.labels)
        result.labels.emplace(line > place ? line + added : line, name);
    if (place < program.lines()) result.steps.reset();
    return result;
}

} // namespace ropewalk::assembly
