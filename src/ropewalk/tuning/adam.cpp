#include "ropewalk/tuning/adam.hpp"

#include <cmath>

namespace ropewalk::tuning {

template<class Real>
Adam<Real>::Adam(std::size_t size, const AdamSettings& settings)
    : settings_(settings), mean_(size, Real{0}), square_(size, Real{0}) {}

template<class Real>
void Adam<Real>::step(std::span<Real> parameters, std::span<const Real> gradient, double learning_rate) {
    power1_ *= settings_.beta1;
    power2_ *= settings_.beta2;
    const Real beta1 = static_cast<Real>(settings_.beta1), beta2 = static_cast<Real>(settings_.beta2);
    const Real rate = static_cast<Real>(learning_rate / (1 - power1_));
    const Real square_scale = static_cast<Real>(1 / (1 - power2_));
    const Real epsilon = static_cast<Real>(settings_.epsilon);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const Real g = gradient[i];
        if (!std::isfinite(g)) continue;
        mean_[i] = beta1 * mean_[i] + (1 - beta1) * g;
        square_[i] = beta2 * square_[i] + (1 - beta2) * g * g;
        parameters[i] -= rate * mean_[i] / (std::sqrt(square_[i] * square_scale) + epsilon);
    }
}

template class Adam<float>;
template class Adam<double>;

} // namespace ropewalk::tuning
