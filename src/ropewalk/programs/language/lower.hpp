#pragma once

#include <optional>

#include "ropewalk/programs/assembly/assembly.hpp"
#include "ropewalk/programs/language/evaluate.hpp"
#include "ropewalk/programs/language/syntax.hpp"

namespace ropewalk::language {

struct LowerOptions {
    Machine machine;
    /// Instructions that may be used; what is missing is composed of others (at least paper13's inc, add,
    /// sub, mul, div, min, max, read, write, jump and halt must be there).
    assembly::InstructionSet instruction_set = assembly::paper13();
    /// Let constants and first values of variables be initial register values (`.let`). Without it they are
    /// computed, for tasks whose inputs set registers.
    bool initial_registers = true;
    /// A program that ends with a loop over a constant range and has no other need to halt ends as Listing 1
    /// does: the loop goes on for ever and `.steps` cuts it off after the last iteration.
    bool endless_last_loop = true;
};

/// Assembly that leaves the same memory as `evaluate`. `steps` is set where the number of steps does not
/// depend on memory (the largest over the branches of conditions); with loops whose length depends on memory
/// it is empty and the program halts by itself. Temporaries share registers once they are dead; constants and
/// variables keep theirs. Fails when the program needs more registers or lines than the assembler allows.
base::Result<assembly::Program> lower(const Program& program, const LowerOptions& options);

} // namespace ropewalk::language
