// Modules and their optimiser as named tensors, and back.
#pragma once

#include "ropewalk/images/networks/torch/libtorch.hpp"

#include "ropewalk/images/networks/tensors.hpp"
#include "ropewalk/images/networks/torch/adam.hpp"

namespace ropewalk::perception {

/// The module's parameters and running statistics under their names.
TensorFile module_weights(const torch::nn::Module& module);

/// The same and Adam's moments of the parameters, under adam.first.NAME and adam.second.NAME, with its number
/// of steps as metadata.
TensorFile module_state(const torch::nn::Module& module, const Adam& adam);

/// Fills the module, and Adam where the file has its state. Fails, naming every tensor that is missing or has
/// another shape.
base::Status restore_module(const TensorFile& file, torch::nn::Module& module, Adam& adam);

} // namespace ropewalk::perception
