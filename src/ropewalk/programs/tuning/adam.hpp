#pragma once

#include <span>
#include <vector>

namespace ropewalk::tuning {

struct AdamSettings {
    double learning_rate = 0.1;
    double beta1 = 0.9;
    double beta2 = 0.999;
    /// Added after the square root of the bias-corrected second moment.
    double epsilon = 1e-8;
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
