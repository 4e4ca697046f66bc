// The state of teaching in a file, so that it can go on.
#pragma once

#include <string>

#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/proposing/lessons.hpp"

namespace ropewalk::proposing {

/// Where the teaching is. Everything a step depends on besides problem, options, lessons and proposer.
struct AmortiseState {
    std::size_t step = 0;
    double loss = 0;
};

/// Writes atomically: a reader finds the last checkpoint or this one.
base::Result<std::string> save_amortise_checkpoint(const AmortiseState& state, const Lessons& lessons,
                                                   const perception::Proposer& proposer,
                                                   const std::string& settings, const std::string& path);

/// Fills state, lessons and proposer of all processes from the file of the one that leads; without the file, nothing.
/// Fails when it is damaged or of other settings.
base::Status load_amortise_checkpoint(AmortiseState& state, Lessons& lessons, perception::Proposer& proposer,
                                      perception::ProcessGroup& group, const std::string& settings,
                                      const std::string& path);

} // namespace ropewalk::proposing
