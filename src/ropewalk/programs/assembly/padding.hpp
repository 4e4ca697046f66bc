#pragma once

#include "ropewalk/programs/assembly/program.hpp"

namespace ropewalk::assembly {

/// Where no-ops go: before the last jump, inside its loop (at the end where there is no jump); before
/// everything; behind everything; or evenly before every line.
enum class NopPlacement { in_loop, at_start, at_end, spread };

/// The program made `lines` lines long with `nop`, so that tuning has room to insert instructions, which
/// gradient descent cannot do by itself. Programs that are long enough are returned as they are; `.steps` no
/// longer hold and are dropped where lines move.
Program padded_with_nops(const Program& program, int lines, NopPlacement placement = NopPlacement::in_loop);

} // namespace ropewalk::assembly
