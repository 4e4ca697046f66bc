#include "ropewalk/programs/tuning/schedules.hpp"

#include <cmath>
#include <numbers>

namespace ropewalk::tuning {

double learning_rate_at(const Schedules& schedules, double learning_rate, double progress) {
    const double share = (1 + std::cos(std::numbers::pi * progress)) / 2;
    return learning_rate * (schedules.learning_rate_end + (1 - schedules.learning_rate_end) * share);
}

double weight_noise_at(const Schedules& schedules, double progress) {
    return schedules.weight_noise * (1 - progress);
}

double sharpness_at(const Schedules& schedules, double progress) {
    return 1 + (schedules.sharpness_end - 1) * progress;
}

void normalise(std::span<float> gradient) {
    double square = 0;
    for (const float g : gradient) square += static_cast<double>(g) * static_cast<double>(g);
    const double norm = std::sqrt(square);
    if (!(norm > 0) || !std::isfinite(norm)) return;
    for (float& g : gradient) g = static_cast<float>(g / norm);
}

} // namespace ropewalk::tuning
