// The rows that a run is judged on.
#pragma once

#include <cstdint>
#include <vector>

#include "ropewalk/images/datasets/datasets.hpp"

namespace ropewalk::perception {

/// Streams of labels and images: 0 is that of sigma (see make_problem).
enum JudgedStream : std::uint64_t {
    test_stream = 1,
    train_stream = 2,
    generalise_stream = 3,
    generalise_test_stream = 4
};

/// Rows of labels with an image for each.
struct JudgedRows {
    std::vector<int> labels;              ///< [rows, variables]
    std::vector<std::uint32_t> positions; ///< 0, 1, 2, ...: every place has an image of its own
    std::vector<std::uint32_t> images;    ///< [rows, variables]
};

/// Labels are uniform from `smallest` to `largest`. The same for the same seed and stream.
JudgedRows judged_rows(const datasets::Images& images, std::size_t count, int variables, std::uint64_t seed,
                       JudgedStream stream, int smallest = 1, int largest = 10);

/// labels / divisor as columns, one per variable.
std::vector<std::vector<double>> label_columns(const std::vector<int>& labels, std::size_t variables,
                                               double divisor);

} // namespace ropewalk::perception
