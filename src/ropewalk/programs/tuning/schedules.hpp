#pragma once

#include <span>

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/settings.hpp"

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

    static constexpr auto fields = base::fields(
        base::field<&Schedules::learning_rate_end>(
            "learning_rate_end", "Learning rate at the end as a share of the first, along a cosine",
            base::within(0.0, 100.0)),
        base::field<&Schedules::weight_noise>(
            "weight_noise", "Standard deviation of noise on the weights at every step, falling to 0",
            base::within(0.0, 100.0)),
        base::field<&Schedules::sharpness_end>(
            "sharpness_end", "Factor on the weights at the end (inverse temperature), rising from 1",
            base::within(1e-3, 1e3)),
        base::field<&Schedules::normalise_gradient>("normalise_gradient",
                                                    "Divide every gradient by its norm"));
};

double learning_rate_at(const Schedules& schedules, double learning_rate, double progress);
double weight_noise_at(const Schedules& schedules, double progress);
double sharpness_at(const Schedules& schedules, double progress);

/// Divides the gradient by its Euclidean norm, where that is a positive number.
void normalise(std::span<float> gradient);

} // namespace ropewalk::tuning
