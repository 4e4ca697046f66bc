// Named tensors and their file, in the safetensors layout. It stands beside base.hpp, since few need it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ropewalk/base/result.hpp"

namespace ropewalk::base {

/// A tensor of 32-bit floats, row-major.
struct Tensor {
    std::vector<std::int64_t> shape;
    std::vector<float> values;
};

/// Tensors by name, and text beside them.
struct TensorFile {
    std::map<std::string, Tensor> tensors;
    std::map<std::string, std::string> metadata;

    /// Of all tensors.
    std::size_t value_count() const;
};

std::string to_safetensors(const TensorFile& file);

/// Fails on anything but F32 tensors of finite numbers that fill the file without gaps; what a header claims is
/// allocated only where the bytes are there. `name` names the file in the diagnostics, which expect `kind`.
Result<TensorFile> from_safetensors(std::string_view bytes, const std::string& name,
                                    const std::string& kind = "a file in the safetensors layout");

} // namespace ropewalk::base
