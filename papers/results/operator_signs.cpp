#include "papers/results/operator_signs.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "ropewalk/base/random.hpp"

namespace ropewalk::papers {

namespace {


/// How far a point is from a stroke of half length `reach` through the middle.
double distance(double x, double y, double angle, double reach) {
    const double along = x * std::cos(angle) + y * std::sin(angle), across = y * std::cos(angle) - x * std::sin(angle);
    const double beyond = std::max(0.0, std::abs(along) - reach);
    return std::hypot(across, beyond);
}

std::vector<double> strokes_of(std::size_t sign) {
    constexpr double right = std::numbers::pi / 2;
    if (sign == 0) return {0, right};
    if (sign == 1) return {0};
    return {right / 2, 3 * right / 2};
}

} // namespace

void add_signs(datasets::Images& images, std::size_t count, std::uint64_t seed) {
    constexpr std::size_t signs = 3;
    for (std::size_t i = 0; i < count; ++i) {
        base::RandomStream random(seed, base::Purpose::test, i);
        const std::size_t sign = random.below(signs);
        const double turn = 0.2 * (2 * random.uniform() - 1), reach = 6 + 4 * random.uniform();
        const double pen = 0.8 + random.uniform(), x0 = 6 * random.uniform() - 3, y0 = 6 * random.uniform() - 3;
        for (int y = 0; y < images.height; ++y)
            for (int x = 0; x < images.width; ++x) {
                double ink = 0;
                for (const double angle : strokes_of(sign))
                    ink = std::max(ink, pen + 0.5 - distance(x - images.width / 2.0 - x0, y - images.height / 2.0 - y0,
                                                             angle + turn, reach));
                images.pixels.push_back(static_cast<std::uint8_t>(255 * std::clamp(ink, 0.0, 1.0)));
            }
        images.labels.push_back(static_cast<std::uint8_t>(first_sign + static_cast<double>(sign) + 1));
    }
}

} // namespace ropewalk::papers
