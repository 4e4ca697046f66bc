#include "ropewalk/programs/tuning/adam.hpp"

#include <cmath>
#include <limits>

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
    Real *p = parameters.data(), *mean = mean_.data(), *square = square_.data();
    const std::size_t size = parameters.size();
    // A share of 0 leaves an entry as it is: no branches, so that the compiler makes vectors of the loop.
    for (std::size_t i = 0; i < size; ++i) {
        const Real largest = std::numeric_limits<Real>::max();
        const Real share = gradient[i] * gradient[i] <= largest ? Real{1} : Real{0};
        const Real g = share > 0 ? gradient[i] : Real{0};
        mean[i] += share * (1 - beta1) * (g - mean[i]);
        square[i] += share * (1 - beta2) * (g * g - square[i]);
        p[i] -= share * rate * mean[i] / (std::sqrt(square[i] * square_scale) + epsilon);
    }
}

template class Adam<float>;
template class Adam<double>;

} // namespace ropewalk::tuning
