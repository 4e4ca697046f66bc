#pragma once

#include "ropewalk/programs/assembly/instruction_set.hpp"
#include "ropewalk/programs/assembly/program.hpp"

namespace ropewalk::assembly {

/// A uniformly drawn program of `lines` lines: instructions from `set`, operands and targets over their whole
/// range, unused operands 0, initial registers uniform. For property tests.
Program random_program(const InstructionSet& set, int base, int cells, int registers, int lines,
                       base::RandomStream& random);

} // namespace ropewalk::assembly
