// The search for formulas by the network's posterior: gradient descent on the grounder until no task changes
// its formula.
#pragma once

#include "ropewalk/images/learning/tables.hpp"

namespace ropewalk::learning {

/// Searches until the formulas have settled or a consensus shows them exact; the run is then in the phase
/// `refine`, or earlier where it is stopped. Asks the tables where the search is stuck.
base::Status search_by_posterior(LearningRun& run, LearningTables& tables);

} // namespace ropewalk::learning
