#pragma once

#include <span>

#include "ropewalk/base/base.hpp"

namespace ropewalk::tuning {

/// How the settings of a gradient step change over a run of descent. `progress` below is 0 at the first step
/// and 1 at the last.
struct Schedules {
    /// Learning rate at the end as a share of the one at the start, along half a cosine (Loshchilov & Hutter
    /// 2017); 1: constant.
    double learning_rate_end = 1;
    /// Standard deviation of the normal noise added to every weight at every step, falling linearly to
    /// nothing.
    double weight_noise = 0;
    /// Factor on the weights at the end, from 1 at the start, linearly: the inverse of a temperature under
    /// every softmax. Above 1 programs harden while they are tuned.
    double sharpness_end = 1;
    /// Divide every gradient by its Euclidean norm before Adam sees it.
    bool normalise_gradient = false;
};

double learning_rate_at(const Schedules& schedules, double learning_rate, double progress);
double weight_noise_at(const Schedules& schedules, double progress);
double sharpness_at(const Schedules& schedules, double progress);

/// Divides the gradient by its Euclidean norm, where that is a positive number.
void normalise(std::span<float> gradient);

} // namespace ropewalk::tuning
