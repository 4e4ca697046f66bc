#include "ropewalk/programs/assembly/instruction_set.hpp"

#include <fmt/format.h>

namespace ropewalk::assembly {

InstructionSet all_instructions() {
    InstructionSet set;
    for (const InstructionInfo& row : instruction_table()) set.push_back(row.opcode);
    return set;
}

InstructionSet paper13() { return {paper13_opcodes.begin(), paper13_opcodes.end()}; }

InstructionSet anc11() {
    using enum Opcode;
    return {halt, zero, inc, dec, add, sub, min, max, read, write, jump};
}

base::Result<InstructionSet> parse_instruction_set(std::string_view text) {
    if (text == "paper13") return paper13();
    if (text == "anc11") return anc11();
    if (text == "all") return all_instructions();
    constexpr std::size_t most_errors = 20;
    InstructionSet set;
    base::Diagnostics errors;
    for (std::size_t start = 0; start <= text.size() && errors.size() < most_errors;) {
        const std::size_t end = std::min(text.find(',', start), text.size());
        const std::string_view name = text.substr(start, end - start);
        start = end + 1;
        const InstructionInfo* row = find_instruction(name);
        if (row == nullptr)
            errors.push_back(
                {.file = "instruction set",
                 .found = "unknown instruction " + base::quoted(name),
                 .expected = "paper13, anc11, all, or names of instructions separated by commas"});
        else if (position(set, row->opcode) >= 0)
            errors.push_back({.file = "instruction set",
                              .found = fmt::format("'{}' twice", name),
                              .expected = "each instruction once"});
        else
            set.push_back(row->opcode);
    }
    if (!errors.empty()) return base::failure(std::move(errors));
    return set;
}

std::string to_string(const InstructionSet& set) {
    if (set == paper13()) return "paper13";
    if (set == anc11()) return "anc11";
    if (set == all_instructions()) return "all";
    std::string text;
    for (const Opcode opcode : set) text += (text.empty() ? "" : ",") + std::string(info(opcode).name);
    return text;
}

int position(const InstructionSet& set, Opcode opcode) {
    const auto found = std::find(set.begin(), set.end(), opcode);
    return found == set.end() ? -1 : static_cast<int>(found - set.begin());
}

} // namespace ropewalk::assembly
