// Assembly: what is read can be printed and read again, and runs within its machine.
#include "ropewalk/programs/assembly/assembly.hpp"
#include "ropewalk/programs/machine/machine.hpp"
#include "tests/fuzz/fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ropewalk;
    const auto program = assembly::parse(fuzz::text_of(data, size), "fuzz");
    if (!program) return fuzz::refused(program.error());
    const auto again = assembly::parse(assembly::to_string(*program), "printed");
    fuzz::holds(again && *again == *program, "a printed program is the program");
    const std::vector<int> memory(static_cast<std::size_t>(program->cells), program->base - 1);
    const machine::ExactState state = machine::run_exact(*program, memory, {}, 200);
    for (const std::vector<int>* values : {&state.memory, &state.registers})
        for (const int value : *values)
            fuzz::holds(value >= 0 && value < program->base, "values are below the base");
    return 0;
}
