// States of the parts of an experiment, put together.
#pragma once

#include <string>
#include <vector>

#include "ropewalk/base/base.hpp"

namespace ropewalk::papers {

/// The state that an undivided run would have left, from the files of its parts in their order: units were dealt out to
/// them one by one. A part without units has no file. Empty where none has. Fails when states are damaged or of runs with
/// other options.
base::Result<std::string> join_states(const std::vector<std::string>& files);

} // namespace ropewalk::papers
