// How an experiment is run.
#pragma once

#include <string>

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/part.hpp"

namespace ropewalk::papers {

/// What of an experiment its results do not depend on, and which of its units are run.
struct ExperimentRun {
    int threads = 0;        ///< of experiments whose units take several or run beside each other; 0: all
    std::string state_file; ///< keeps what is finished, so that a stopped run can go on; empty: nothing does
    bool resume = false;    ///< go on from the state file instead of starting over
    base::Part part;        ///< which of the units are run, each by its index; those of other parts are left out
    base::ProgressSink progress;
    base::Stop stop;
};

} // namespace ropewalk::papers
