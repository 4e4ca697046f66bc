#pragma once

#include <algorithm>
#include <vector>

namespace ropewalk::papers {

/// The upper one of two that are in the middle; 0 of none.
inline double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

} // namespace ropewalk::papers
