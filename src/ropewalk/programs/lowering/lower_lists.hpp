#pragma once

#include <vector>

#include "ropewalk/programs/language/language.hpp"
#include "ropewalk/programs/lowering/layout.hpp"

namespace ropewalk::lowering {

/// Assembly of a program over lists. On every input for which arguments, lists on the way and all numbers on the way
/// fit the layout (`needs_of` tells), the machine halts with the program's value in memory; on others it may do anything.
struct Lowered {
    assembly::Program program;
    Layout layout;
    /// Lines whose value is a number of the program, which has to fit.
    std::vector<bool> gives_number;
};

/// Fails on what has no place on a machine: lists of lists (so `group`, `split`, `prefixes`, `windows`, `chunks`,
/// `transpose`, `zip`, `join`, `flatten`), operators on texts (`numbers`, `to_text`, `upper`, `lower`), numbers of the program beyond the base, more registers or lines than the assembler takes.
base::Result<Lowered> lower(const functional::Program& program, const Layout& layout);

/// The same for a machine whose numbers and cells have no bound: what `needs_of` runs.
base::Result<Lowered> lower_unbounded(const functional::Program& program, const Layout& layout);

/// Operators that cannot be lowered.
std::vector<functional::Operator> not_lowered();

} // namespace ropewalk::lowering
