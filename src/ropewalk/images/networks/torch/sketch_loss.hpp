// The executor of sketches as an operation that libtorch can differentiate.
#pragma once

#include "ropewalk/images/networks/torch/libtorch.hpp"

#include "ropewalk/formulas/sketch/sketch.hpp"

namespace ropewalk::perception {

/// What a loss of sketches needs besides logits and symbols.
struct SketchLossData {
    formula::SketchShape shape;
    formula::Relaxation relaxation;
    formula::LengthPrior prior;
    torch::Tensor y;     ///< [tasks, rows]
    torch::Tensor sigma; ///< [tasks]
    torch::Tensor noise; ///< [tasks, choices], or undefined: none
    int threads = 0;
};

/// formula::sketch_loss of logits [tasks, choices] on symbols [rows, variables], with gradients to both. All
/// tensors are of one type, float or double. It runs on the processor, wherever the tensors are, and forward
/// and backward are one pass of the fused executor. Throws c10::Error when sizes do not fit.
torch::Tensor sketch_loss(const torch::Tensor& logits, const torch::Tensor& symbols,
                          const SketchLossData& data);

} // namespace ropewalk::perception
