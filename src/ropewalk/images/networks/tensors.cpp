#include "ropewalk/images/networks/tensors.hpp"

#include <fmt/format.h>

#include "ropewalk/base/json.hpp"

namespace ropewalk::perception {

base::Result<TensorFile> load_tensors(const std::string& path, const std::string& format,
                                      const std::string& kind) {
    constexpr std::size_t most_bytes = std::size_t{1} << 34;
    const auto bytes = base::read_file(path, most_bytes);
    if (!bytes) return base::failure(bytes.error());
    auto file = from_safetensors(*bytes, path, kind);
    if (file && file->metadata["format"] != format)
        return base::failure(path, "a safetensors file of another kind", kind);
    return file;
}

namespace {

/// The settings of a run that another one has otherwise, such as `images "mnist", tasks 5`; all of them where
/// either is no JSON object.
std::string differing(const std::string& settings, const std::string& others) {
    using nlohmann::json;
    const auto these = base::parse_json<json>(settings), those = base::parse_json<json>(others);
    if (!these.is_object() || !those.is_object()) return "the settings " + settings;
    std::string text;
    for (const auto& [name, value] : these.items())
        if (!those.contains(name) || those[name] != value)
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, base::json_text(value));
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
