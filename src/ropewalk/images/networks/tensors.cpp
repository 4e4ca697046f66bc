#include "ropewalk/images/networks/tensors.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ropewalk::perception {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "safetensors data is little-endian");

namespace {

constexpr std::size_t largest_header = std::size_t{1} << 24;

/// Discarded where the text is no JSON or is nested deeply.
json parsed(std::string_view text) {
    return base::json_nesting(text) > 16 ? json(json::value_t::discarded) : json::parse(text, nullptr, false);
}

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

base::Result<Tensor> read_tensor(const std::string& key, const json& entry, std::string_view data,
                                 const std::string& name) {
    const auto wrong = [&](const std::string& what, const std::string& expected) {
        return base::failure(name, fmt::format("tensor {} {}", base::quoted(key), what), expected);
    };
    if (!entry.is_object() || entry.value("dtype", json()) != "F32") return wrong("of another type", "F32");
    const json shape = entry.value("shape", json()), offsets = entry.value("data_offsets", json());
    const auto count = elements(shape);
    if (!count) return wrong("without a valid shape", "whole numbers");
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
        !offsets[1].is_number_unsigned())
        return wrong("without valid data_offsets", "two whole numbers");
    const auto begin = offsets[0].get<std::uint64_t>(), end = offsets[1].get<std::uint64_t>();
    if (begin > end || end > data.size() || end - begin != *count * sizeof(float))
        return wrong(fmt::format("at bytes {} to {} of {}", begin, end, data.size()),
                     fmt::format("{} bytes inside the file", *count * sizeof(float)));
    Tensor tensor{shape.get<std::vector<std::int64_t>>(), std::vector<float>(*count)};
    std::memcpy(tensor.values.data(), data.data() + begin, end - begin);
    return tensor;
}

} // namespace

std::string to_safetensors(const TensorFile& file) {
    json header{{"__metadata__", file.metadata}};
    std::size_t size = 0;
    for (const auto& [name, tensor] : file.tensors) {
        const std::size_t end = size + tensor.values.size() * sizeof(float);
        header[name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {size, end}}};
        size = end;
    }
    std::string text = header.dump();
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

base::Result<TensorFile> from_safetensors(std::string_view bytes, const std::string& name) {
    std::uint64_t size = 0;
    if (bytes.size() > sizeof size) std::memcpy(&size, bytes.data(), sizeof size);
    if (size < 2 || size > largest_header || bytes[sizeof size] != '{')
        return base::failure(name, "no safetensors header",
                             "a file of tensors written by `ropewalk perceive`");
    if (size > bytes.size() - sizeof size)
        return base::failure(name, fmt::format("a header of {} bytes in a file of {}", size, bytes.size()),
                             "a complete file; this one is cut short");
    const json header = parsed(bytes.substr(sizeof size, size));
    if (!header.is_object())
        return base::failure(name, "a header that is not JSON",
                             "a file of tensors in the safetensors layout");
    const std::string_view data = bytes.substr(sizeof size + size);
    TensorFile file;
    std::size_t filled = 0;
    for (const auto& [key, entry] : header.items()) {
        if (key == "__metadata__") {
            if (!entry.is_object()) return base::failure(name, "metadata that is no object", "texts by name");
            for (const auto& [word, value] : entry.items())
                if (value.is_string()) file.metadata[word] = value.get<std::string>();
            continue;
        }
        auto tensor = read_tensor(key, entry, data, name);
        if (!tensor) return base::failure(tensor.error());
        if (!std::all_of(tensor->values.begin(), tensor->values.end(),
                         [](float x) { return std::isfinite(x); }))
            return base::failure(name, "tensor " + base::quoted(key) + " with a value that is not finite",
                                 "finite numbers; the file is damaged");
        filled += tensor->values.size() * sizeof(float);
        file.tensors[key] = std::move(*tensor);
    }
    if (filled != data.size())
        return base::failure(name, fmt::format("{} bytes of data", data.size()),
                             fmt::format("the {} bytes of its tensors", filled));
    return file;
}

base::Result<TensorFile> load_tensors(const std::string& path, const std::string& format,
                                      const std::string& kind) {
    constexpr std::size_t most_bytes = std::size_t{1} << 34;
    const auto bytes = base::read_file(path, most_bytes);
    if (!bytes) return base::failure(bytes.error());
    auto file = from_safetensors(*bytes, path);
    if (file && file->metadata["format"] != format)
        return base::failure(path, "a safetensors file of another kind", kind);
    return file;
}

namespace {

/// The settings of a run that another one has otherwise, such as `images "mnist", tasks 5`; all of them where
/// either is no JSON object.
std::string differing(const std::string& settings, const std::string& others) {
    const json these = parsed(settings), those = parsed(others);
    if (!these.is_object() || !those.is_object()) return "the settings " + settings;
    std::string text;
    for (const auto& [name, value] : these.items())
        if (!those.contains(name) || those[name] != value)
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, value.dump());
    return text.empty() ? "no others" : text;
}

} // namespace

base::Result<TensorFile> load_tensors_of(const std::string& settings, const std::string& path,
                                         const std::string& format, const std::string& kind) {
    auto file = load_tensors(path, format, kind);
    if (file && file->metadata["settings"] != settings)
        return base::failure(path,
                             "a checkpoint of a run with " + differing(file->metadata["settings"], settings),
                             differing(settings, file->metadata["settings"]) +
                                 ", as the options say; a run goes on with the options that it began with");
    return file;
}

} // namespace ropewalk::perception
