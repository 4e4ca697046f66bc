#include "ropewalk/images/networks/torch/adam.hpp"

#include <cmath>

namespace ropewalk::perception {

Adam::Adam(std::vector<torch::Tensor> parameters, double epsilon)
    : parameters_(std::move(parameters)), epsilon_(epsilon) {
    for (const torch::Tensor& parameter : parameters_) {
        first.push_back(torch::zeros_like(parameter));
        second.push_back(torch::zeros_like(parameter));
    }
}

void Adam::step(double learning_rate) {
    constexpr double decay1 = 0.9, decay2 = 0.999;
    const torch::NoGradGuard no_gradient;
    ++steps;
    const auto count = static_cast<double>(steps);
    const double rate = learning_rate / (1 - std::pow(decay1, count));
    const double root = std::sqrt(1 - std::pow(decay2, count));
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
        const torch::Tensor& gradient = parameters_[i].grad();
        first[i].lerp_(gradient, 1 - decay1);
        second[i].mul_(decay2).addcmul_(gradient, gradient, 1 - decay2);
        parameters_[i].addcdiv_(first[i], second[i].sqrt().div_(root).add_(epsilon_), -rate);
    }
}

void Adam::zero_gradients() {
    for (torch::Tensor& parameter : parameters_) parameter.mutable_grad() = torch::Tensor();
}

} // namespace ropewalk::perception
