// Sequence tasks that are given by their rules: inputs of any length, and what the rule makes of them.
#pragma once

#include <span>

#include "ropewalk/base/random.hpp"
#include "ropewalk/programs/values/values.hpp"

namespace ropewalk::papers {

/// Symbols are numbers from 1, a blank is 0, 0 and 1 are bits, 2 stands between the numbers of an addition.
struct SequenceTask {
    using Numbers = std::vector<std::int64_t>;

    const char* name;
    Numbers (*input)(std::size_t length, base::RandomStream& random);
    values::Value (*output)(const Numbers& input);
    /// Whole outputs that trained models get right at lengths 51-100 and 101-150; null where none are published.
    const char* published;
};

/// The tasks of transformer programs (Friedman, Wettig and Chen 2023) and of decompiled transformers.
std::span<const SequenceTask> sequence_tasks();

} // namespace ropewalk::papers
