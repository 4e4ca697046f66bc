#pragma once

#include <span>
#include <vector>

#include "ropewalk/base/settings.hpp"

namespace ropewalk::tuning {

struct AdamSettings {
    double learning_rate = 0.1;
    double beta1 = 0.9;
    double beta2 = 0.999;
    /// Added after the square root of the bias-corrected second moment.
    double epsilon = 1e-8;

    static constexpr auto fields =
        base::fields(base::field<&AdamSettings::learning_rate>("learning_rate", "Adam's learning rate",
                                                               base::above(0.0, 100.0)),
                     base::field<&AdamSettings::beta1>("beta1", "Adam's memory of the gradient",
                                                       base::within(0.0, 0.9999)),
                     base::field<&AdamSettings::beta2>("beta2", "Adam's memory of the squared gradient",
                                                       base::within(0.0, 0.999999)));
};

/// Adam (Kingma & Ba 2015) on a flat vector of parameters.
template<class Real>
class Adam {
public:
    Adam(std::size_t size, const AdamSettings& settings);

    /// One update in place. Entries whose gradient or its square is not finite stay as they are, moments
    /// included.
    void step(std::span<Real> parameters, std::span<const Real> gradient) {
        step(parameters, gradient, settings_.learning_rate);
    }
    void step(std::span<Real> parameters, std::span<const Real> gradient, double learning_rate);

private:
    AdamSettings settings_;
    std::vector<Real> mean_;
    std::vector<Real> square_;
    double power1_ = 1;
    double power2_ = 1;
};

} // namespace ropewalk::tuning
