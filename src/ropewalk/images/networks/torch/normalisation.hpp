// What networks that write programs normalise with.
#pragma once

#include "ropewalk/images/networks/torch/libtorch.hpp"

namespace ropewalk::perception {

inline torch::nn::LayerNorm normalisation(std::int64_t features) {
    return torch::nn::LayerNorm(torch::nn::LayerNormOptions({features}));
}

} // namespace ropewalk::perception
