// Learning rates over a training.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ropewalk::perception {

/// Half a cosine, from 1 at a share of 0 of the training to 0 at its end.
inline double half_cosine(double share) {
    return 0.5 * (1 + std::cos(std::numbers::pi * std::min(1.0, share)));
}

} // namespace ropewalk::perception
