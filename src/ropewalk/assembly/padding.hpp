#pragma once

#include "ropewalk/assembly/program.hpp"

namespace ropewalk::assembly {

/// The program made `lines` lines long with `nop`, so that tuning has room to insert instructions, which
/// gradient descent cannot do by itself. The no-ops go in before the last jump, inside its loop, or at the
/// end where there is no jump. Programs that are long enough are returned as they are; `.steps` no longer
/// hold and are dropped when a loop grew.
Program padded_with_nops(const Program& program, int lines);

} // namespace ropewalk::assembly
