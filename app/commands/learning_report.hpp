// What `perceive` says about the course of a run.
#pragma once

#include "app/shared/shared.hpp"
#include "ropewalk/images/learning/learning.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::cli {

/// For people: the letters, what is left open and why a run ended early; with details how they were found. `kept` says
/// whether it can be gone on with.
void show_learned(const perception::Problem& problem, const learning::Learned& learned, bool kept, bool details);

} // namespace ropewalk::cli
