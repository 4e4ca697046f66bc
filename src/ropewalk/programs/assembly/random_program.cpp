#include "ropewalk/programs/assembly/random_program.hpp"

#include "ropewalk/base/random.hpp"

namespace ropewalk::assembly {

Program random_program(const InstructionSet& set, int base, int cells, int registers, int lines,
                       base::RandomStream& random) {
    const auto below = [&random](int bound) {
        return static_cast<int>(random.below(static_cast<unsigned>(bound)));
    };
    Program program{.base = base, .cells = cells, .registers = registers};
    program.initial_registers.clear();
    for (int i = 0; i < registers; ++i) program.initial_registers.push_back(below(base));
    for (int line = 0; line < lines; ++line) {
        Instruction instruction{.opcode = set[static_cast<std::size_t>(below(static_cast<int>(set.size())))]};
        for (const Operand& each : info(instruction.opcode).operands())
            set_operand(instruction, each.role, below(each.role == OperandRole::label ? lines : registers));
        program.instructions.push_back(instruction);
    }
    return program;
}

} // namespace ropewalk::assembly
