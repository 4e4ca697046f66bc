// How much memory learning takes, asked before it begins.
#pragma once

#include "ropewalk/images/learning/learn.hpp"

namespace ropewalk::learning {

/// About what the network, its optimiser and the largest step take, in bytes.
double memory_to_learn(const perception::Problem& problem, const LearnOptions& options);

/// Fails where that is more than the machine has free (on Linux; elsewhere never), with a size of images that
/// would do.
base::Status enough_memory(const perception::Problem& problem, const LearnOptions& options);

} // namespace ropewalk::learning
