// Files of weights and checkpoints, told apart by their metadata.
#pragma once

#include <string>

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/tensor_file.hpp"

namespace ropewalk::perception {

using base::Tensor, base::TensorFile, base::to_safetensors, base::from_safetensors;

/// Reads a file whose metadata have this `format`; `kind` says in the diagnostics what such a file is. Fails
/// as from_safetensors does.
base::Result<TensorFile> load_tensors(const std::string& path, const std::string& format,
                                      const std::string& kind);

/// The same where the file is gone on with, so that its metadata must have these `settings`.
base::Result<TensorFile> load_tensors_of(const std::string& settings, const std::string& path,
                                         const std::string& format, const std::string& kind);

} // namespace ropewalk::perception
