#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/programs/assembly/instruction.hpp"

namespace ropewalk::assembly {

/// The instructions a differentiable machine chooses among, in the order of its instruction head.
using InstructionSet = std::vector<Opcode>;

/// Every instruction of the table.
InstructionSet all_instructions();

/// 13 instructions that reproduce the paper's count of "roughly 100 million" three-line programs at 4
/// registers (Saldyt, Section 2).
inline constexpr std::array paper13_opcodes{
    Opcode::halt, Opcode::nop, Opcode::inc, Opcode::dec,  Opcode::add,   Opcode::sub, Opcode::mul,
    Opcode::div,  Opcode::min, Opcode::max, Opcode::read, Opcode::write, Opcode::jump};
/// paper13_opcodes as a set.
InstructionSet paper13();

/// The 11 instructions of Bunel et al. 2016 (arXiv 1605.07969).
InstructionSet anc11();

/// `paper13`, `anc11`, `all`, or a list such as `halt,inc,read,write,jump`.
base::Result<InstructionSet> parse_instruction_set(std::string_view text);

/// The name of a predefined set, else the list of its members separated by commas.
std::string to_string(const InstructionSet& set);

/// Position of `opcode` in the set, or -1.
int position(const InstructionSet& set, Opcode opcode);

} // namespace ropewalk::assembly
