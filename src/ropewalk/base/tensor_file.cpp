#include "ropewalk/base/tensor_file.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>

#include <fmt/format.h>

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/json.hpp"

namespace ropewalk::base {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "safetensors data is little-endian");

namespace {

constexpr std::size_t largest_header = std::size_t{1} << 24;
constexpr int deepest_header = 16;

/// The number of elements of a shape, or nothing where the shape is none.
std::optional<std::uint64_t> elements(const json& shape) {
    if (!shape.is_array()) return std::nullopt;
    std::uint64_t count = 1;
    for (const json& side : shape) {
        if (!side.is_number_unsigned() || side.get<std::uint64_t>() > (std::uint64_t{1} << 32))
            return std::nullopt;
        count *= side.get<std::uint64_t>();
        if (count > (std::uint64_t{1} << 34)) return std::nullopt;
    }
    return count;
}

Result<Tensor> read_tensor(const std::string& key, const json& entry, std::string_view data,
                                 const std::string& name) {
    const auto wrong = [&](const std::string& what, const std::string& expected) {
        return failure(name, fmt::format("tensor {} {}", base::quoted(key), what), expected);
    };
    if (!entry.is_object() || entry.value("dtype", json()) != "F32") return wrong("has another type", "F32");
    const json shape = entry.value("shape", json()), offsets = entry.value("data_offsets", json());
    const auto count = elements(shape);
    if (!count) return wrong("has another shape", "whole numbers that multiply to its values");
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
        !offsets[1].is_number_unsigned())
        return wrong("has no valid data_offsets", "two whole numbers");
    const auto begin = offsets[0].get<std::uint64_t>(), end = offsets[1].get<std::uint64_t>();
    if (begin > end || end > data.size())
        return wrong(fmt::format("lies at bytes {} to {} of {}", begin, end, data.size()),
                     fmt::format("{} bytes inside the file", *count * sizeof(float)));
    if (end - begin != *count * sizeof(float))
        return wrong(fmt::format("has another shape than {} bytes have", end - begin),
                     fmt::format("{} bytes of 32-bit floats", *count * sizeof(float)));
    Tensor tensor{shape.get<std::vector<std::int64_t>>(), std::vector<float>(*count)};
    std::memcpy(tensor.values.data(), data.data() + begin, end - begin);
    return tensor;
}

} // namespace

std::size_t TensorFile::value_count() const {
    std::size_t count = 0;
    for (const auto& [name, tensor] : tensors) count += tensor.values.size();
    return count;
}

std::string to_safetensors(const TensorFile& file) {
    json header{{"__metadata__", file.metadata}};
    std::size_t size = 0;
    for (const auto& [name, tensor] : file.tensors) {
        const std::size_t end = size + tensor.values.size() * sizeof(float);
        header[name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {size, end}}};
        size = end;
    }
    std::string text = base::json_text(header);
    text.resize((text.size() + 7) / 8 * 8, ' ');
    const std::uint64_t length = text.size();
    std::string bytes(reinterpret_cast<const char*>(&length), sizeof length);
    bytes.reserve(bytes.size() + text.size() + size);
    bytes += text;
    for (const auto& entry : file.tensors)
        bytes.append(reinterpret_cast<const char*>(entry.second.values.data()),
                     entry.second.values.size() * sizeof(float));
    return bytes;
}

Result<TensorFile> from_safetensors(std::string_view bytes, const std::string& name, const std::string& kind) {
    std::uint64_t size = 0;
    if (bytes.size() <= sizeof size) return failure(name, fmt::format("no safetensors header in {} bytes", bytes.size()), kind);
    std::memcpy(&size, bytes.data(), sizeof size);
    if (size < 2 || size > largest_header || bytes[sizeof size] != '{')
        return failure(name, "no safetensors header", kind);
    if (size > bytes.size() - sizeof size)
        return failure(name, fmt::format("a header of {} bytes in a file of {}", size, bytes.size()),
                             "a complete file; this one is cut short");
    const auto header = parse_json<json>(bytes.substr(sizeof size, size), deepest_header);
    if (!header.is_object())
        return failure(name, "a header that is not JSON", kind);
    const std::string_view data = bytes.substr(sizeof size + size);
    TensorFile file;
    std::size_t filled = 0;
    for (const auto& [key, entry] : header.items()) {
        if (key == "__metadata__") {
            if (!entry.is_object()) return failure(name, "metadata that is no object", "texts by name");
            for (const auto& [word, value] : entry.items())
                if (value.is_string()) file.metadata[word] = value.get<std::string>();
            continue;
        }
        auto tensor = read_tensor(key, entry, data, name);
        if (!tensor) return failure(tensor.error());
        if (!std::all_of(tensor->values.begin(), tensor->values.end(),
                         [](float x) { return std::isfinite(x); }))
            return failure(name, "tensor " + base::quoted(key) + " with a value that is not finite",
                                 "finite numbers; the file is damaged");
        filled += tensor->values.size() * sizeof(float);
        file.tensors[key] = std::move(*tensor);
    }
    if (filled != data.size())
        return failure(name, fmt::format("{} bytes of data", data.size()),
                             fmt::format("the {} bytes of its tensors", filled));
    return file;
}

} // namespace ropewalk::base
