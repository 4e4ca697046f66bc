// Named tensors and their file, in the safetensors layout.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ropewalk/base/base.hpp"

namespace ropewalk::perception {

/// A tensor of 32-bit floats, row-major.
struct Tensor {
    std::vector<std::int64_t> shape;
    std::vector<float> values;
};

/// Tensors by name, and text beside them.
struct TensorFile {
    std::map<std::string, Tensor> tensors;
    std::map<std::string, std::string> metadata;
};

std::string to_safetensors(const TensorFile& file);

/// Fails on anything but F32 tensors of finite numbers that fill the file without gaps. `name` names it in
/// the diagnostics.
base::Result<TensorFile> from_safetensors(std::string_view bytes, const std::string& name);

/// Reads a file whose metadata have this `format`; `kind` says in the diagnostics what such a file is. Fails
/// as from_safetensors does.
base::Result<TensorFile> load_tensors(const std::string& path, const std::string& format,
                                      const std::string& kind);

/// The same where the file is gone on with, so that its metadata must have these `settings`.
base::Result<TensorFile> load_tensors_of(const std::string& settings, const std::string& path,
                                         const std::string& format, const std::string& kind);

} // namespace ropewalk::perception
