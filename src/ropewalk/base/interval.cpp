#include "ropewalk/base/interval.hpp"

#include <algorithm>
#include <cmath>

namespace ropewalk::base {

Proportion wilson(int count, int total, double z) {
    if (total <= 0) return {};
    const double n = total;
    const double rate = count / n;
    const double scale = 1 + z * z / n;
    const double centre = (rate + z * z / (2 * n)) / scale;
    const double half = z / scale * std::sqrt(rate * (1 - rate) / n + z * z / (4 * n * n));
    // At the ends the bound is exactly 0 or 1; rounding must not move it.
    const double low = count == 0 ? 0.0 : std::max(0.0, centre - half);
    const double high = count == total ? 1.0 : std::min(1.0, centre + half);
    return {.count = count, .total = total, .rate = rate, .low = low, .high = high};
}

} // namespace ropewalk::base
