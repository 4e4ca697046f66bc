// Pooling and ReLU in one pass.
#pragma once

#include "ropewalk/images/networks/torch/libtorch.hpp"

namespace ropewalk::perception {

/// relu(max_pool2d(x, 2)) of x [images, channels, height, width]. Single precision on the processor with even
/// sides takes one pass over the pixels; libtorch's own pooling takes a third of the time of a small network.
torch::Tensor pooled_relu(const torch::Tensor& x);

} // namespace ropewalk::perception
