#include "ropewalk/programs/assembly/padding.hpp"

namespace ropewalk::assembly {

namespace {

/// How many no-ops go before each line, and at the end.
std::vector<int> places(const Program& program, int added, NopPlacement placement) {
    const auto lines = static_cast<std::size_t>(program.lines());
    std::vector<int> counts(lines + 1, 0);
    std::size_t place = lines;
    switch (placement) {
    case NopPlacement::at_end: break;
    case NopPlacement::at_start: place = 0; break;
    case NopPlacement::in_loop:
        for (std::size_t line = 0; line < lines; ++line)
            if (program.instructions[line].opcode == Opcode::jump) place = line;
        break;
    case NopPlacement::spread:
        for (int i = 0; i < added; ++i) ++counts[lines == 0 ? 0 : static_cast<std::size_t>(i) % lines];
        return counts;
    }
    counts[place] = added;
    return counts;
}

} // namespace

Program padded_with_nops(const Program& program, int lines, NopPlacement placement) {
    const int added = lines - program.lines();
    if (added <= 0) return program;
    const std::vector<int> counts = places(program, added, placement);
    Program result = program;
    result.instructions.clear();
    // Where a line's no-ops begin: they take over its label, so that whoever jumped there meets them too.
    std::vector<int> begins;
    for (std::size_t line = 0; line < counts.size(); ++line) {
        begins.push_back(result.lines());
        result.instructions.insert(result.instructions.end(), static_cast<std::size_t>(counts[line]),
                                   Instruction{});
        if (line < program.instructions.size()) result.instructions.push_back(program.instructions[line]);
    }
    for (Instruction& instruction : result.instructions)
        if (info(instruction.opcode).uses(OperandRole::label))
            instruction.target = static_cast<std::uint16_t>(begins[instruction.target]);
    result.labels.clear();
    for (const auto& [line, name] : program.labels)
        result.labels.emplace(begins[static_cast<std::size_t>(line)], name);
    if (counts.back() < added) result.steps.reset();
    return result;
}

} // namespace ropewalk::assembly
