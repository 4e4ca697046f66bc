// What `perceive` says about the course of a run.
#pragma once

#include "app/shared/shared.hpp"
#include "ropewalk/images/learning/learning.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::cli {

/// For people. `kept` says whether a run that stopped early can be gone on with.
void show_learned(const perception::Problem& problem, const learning::Learned& learned, bool kept);

} // namespace ropewalk::cli
