// The parts of a training step's batch, which several processes may draw: each part has a number of its own,
// so what is drawn does not depend on who draws it.
#pragma once

#include <vector>

#include "ropewalk/images/problems/batch.hpp"

namespace ropewalk::perception {

/// Parts of a step that one process has: `count` from `first` on, of `all`.
struct StepParts {
    std::size_t all = 1;
    std::size_t first = 0;
    std::size_t count = 1;
};

/// One step, with the number at which batches of its kind begin, see batch_numbers.hpp.
struct StepNumber {
    std::uint64_t begin = 0;
    std::uint64_t step = 0;
    StepParts parts{};

    /// Of the batch that is this process's k-th part.
    std::uint64_t batch(std::size_t k) const { return begin + step * parts.all + parts.first + k; }
};

/// A part's share of the images and rows of a step: at least twice as many images as a row has variables, at
/// least a row. The whole of them where the step has one part.
BatchOptions options_of_part(BatchOptions options, std::size_t parts, int variables);

/// draw_batch of every part that this process has.
std::vector<Batch> draw_parts(const ExampleSource& source, const BatchOptions& options,
                              const StepNumber& number);

} // namespace ropewalk::perception
