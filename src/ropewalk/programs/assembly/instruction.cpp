#include "ropewalk/programs/assembly/instruction.hpp"

namespace ropewalk::assembly {

const InstructionInfo* find_instruction(std::string_view name) {
    for (const InstructionInfo& row : instruction_table())
        if (row.name == name) return &row;
    return nullptr;
}

} // namespace ropewalk::assembly
