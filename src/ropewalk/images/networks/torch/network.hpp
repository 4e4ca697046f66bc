// Grounders as libtorch modules.
#pragma once

#include "ropewalk/images/networks/torch/libtorch.hpp"

#include "ropewalk/images/networks/engine.hpp"

namespace ropewalk::perception {

/// Takes normalised images [images, channels, height, width], gives raw numbers per image [images, outputs]:
/// two at first.
struct Network : torch::nn::Module {
    virtual torch::Tensor forward(torch::Tensor images) = 0;
    virtual torch::nn::Linear output() = 0;    ///< the last layer, [outputs, features]
    virtual void set_outputs(int outputs) = 0; ///< a new last layer
};

/// The network the options ask for, with first weights from libtorch's seeded generator.
std::shared_ptr<Network> make_network(const EngineOptions& options);

/// Mean and variance of each image from a network's raw numbers: [images] each.
struct Symbols {
    torch::Tensor mean;
    torch::Tensor variance;
};

/// mean = 0.55 + 0.3 raw, so that it starts inside [0, 1]: outside it another optimum with the sign of the
/// symbols flipped is near. variance = 0.0825 sigmoid(raw): a symbol is never less certain than one of which
/// nothing is known but that it is uniform on 0.1, ..., 1.0.
Symbols symbols_of(const torch::Tensor& raw);

/// Mean and variance of a value drawn from the alphabet [letters] with the softmax of the raw numbers
/// [images, letters] as its distribution.
Symbols symbols_of(const torch::Tensor& raw, const torch::Tensor& alphabet);

/// Changes a network's last layer so that every mean changes its sign and every variance stays.
void negate_symbols(torch::nn::Linear output);

} // namespace ropewalk::perception
