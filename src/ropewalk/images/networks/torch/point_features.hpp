// The features of sets of points as an operation that libtorch can differentiate.
#pragma once

#include "ropewalk/images/networks/torch/libtorch.hpp"

namespace ropewalk::perception {

/// The largest values over the points of a perceptron's features: points [sets, points, inputs] give
/// [sets, features]. `perceptron` is Linear, LayerNorm, ReLU, Linear, LayerNorm, ReLU, Linear, all of one
/// width. Single precision on the processor goes through point_features (kernels/) where the width
/// allows; everything else through libtorch, with the same result but for rounding.
torch::Tensor largest_features(torch::nn::Sequential& perceptron, const torch::Tensor& points);

} // namespace ropewalk::perception
