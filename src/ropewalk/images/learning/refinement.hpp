// Refining the grounder under the formulas found: by letters where symbols can be decoded, else through the
// formulas.
#pragma once

#include "ropewalk/images/learning/letters.hpp"
#include "ropewalk/images/learning/tables.hpp"

namespace ropewalk::learning {

/// Trains the grounder under the formulas as long as options or time say, then decides the tasks once more
/// where nothing exact has decided them; the run is then in the phase `done`, or in `refine` where it is
/// stopped.
base::Status refine(LearningRun& run, const LearningTables& tables, LearningLetters& letters);

} // namespace ropewalk::learning
