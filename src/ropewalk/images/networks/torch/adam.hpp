// Adam (Kingma & Ba 2015) with a state that can be stored.
#pragma once

#include "ropewalk/images/networks/torch/libtorch.hpp"

namespace ropewalk::perception {

class Adam {
public:
    explicit Adam(std::vector<torch::Tensor> parameters, double epsilon = 1e-8);

    /// Moves the parameters against their gradients.
    void step(double learning_rate);
    void zero_gradients();

    std::vector<torch::Tensor> first, second; ///< running moments of the gradients, one per parameter
    std::int64_t steps = 0;

private:
    std::vector<torch::Tensor> parameters_;
    double epsilon_;
};

} // namespace ropewalk::perception
