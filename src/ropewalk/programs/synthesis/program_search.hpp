// One search for programs, all of whose parts are computed on every example.
#pragma once

#include "ropewalk/programs/synthesis/synthesise.hpp"

namespace ropewalk::synthesis {

/// As `synthesise`, but its time and memory for a program grow with the number of examples.
Synthesised search_programs(const Examples& examples, const SynthesisOptions& options);

} // namespace ropewalk::synthesis
