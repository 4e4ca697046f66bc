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

} // namespace ropewalk::perception
