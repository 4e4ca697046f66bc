#include "ropewalk/base/part_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "ropewalk/base/file.hpp"
#include "ropewalk/base/json.hpp"
#include "ropewalk/base/json_nesting.hpp"

namespace ropewalk::base {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

constexpr const char *format_name = "ropewalk-part", *parts_name = "parts";

std::string name_of(const Part& part) { return fmt::format("{}-of-{}", part.number, part.count); }

/// The part whose folder has that name.
std::optional<Part> part_named(const std::string& name) {
    const std::size_t middle = name.find("-of-");
    if (middle == std::string::npos) return std::nullopt;
    const auto part = parse_part(name.substr(0, middle) + "/" + name.substr(middle + 4), name);
    return part && name_of(*part) == name ? std::optional(*part) : std::nullopt;
}

Result<Manifest> load_manifest(const std::string& file) {
    const auto text = read_file(file);
    if (!text) return failure(text.error());
    const auto foreign = [&] { return failure(file, "no manifest of a part", "the part.json of a part"); };
    const auto object = parse_json<Json>(*text);
    if (!object.is_object() || object.value("format", Json()) != format_name) return foreign();
    try {
        Manifest manifest;
        object.at("version").get_to(manifest.version);
        object.at("target").get_to(manifest.target);
        object.at("command").get_to(manifest.command);
        object.at("arguments").get_to(manifest.arguments);
        object.at("inputs").get_to(manifest.inputs);
        const auto part = parse_part(object.at("part").get<std::string>(), file);
        if (!part) return failure(part.error());
        manifest.part = *part;
        return manifest;
    } catch (const Json::exception&) {
        return foreign();
    }
}

/// `2,4-6` for the numbers 2, 4, 5, 6, as Slurm's --array has it.
std::string ranges(const std::vector<std::size_t>& numbers) {
    std::string text;
    for (std::size_t i = 0; i < numbers.size();) {
        std::size_t last = i;
        while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
        text += fmt::format("{}{}", text.empty() ? "" : ",", numbers[i]);
        if (last > i) text += fmt::format("-{}", numbers[last]);
        i = last + 1;
    }
    return text;
}

/// Folders of parts by number, those without a manifest too. Fails where there are none, or of several cuts.
Result<std::map<std::size_t, Part>> parts_in(const std::string& folder) {
    std::map<std::size_t, Part> parts;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(fs::path(folder) / parts_name, error)) {
        const auto part = part_named(entry.path().filename().string());
        if (!part) continue;
        if (!parts.empty() && parts.begin()->second.count != part->count)
            return failure(folder,
                           fmt::format("parts of two cuts, {} and {}", name_of(parts.begin()->second), name_of(*part)),
                           "parts of one; remove those that do not belong there");
        parts.emplace(part->number, *part);
    }
    if (parts.empty()) return failure(folder, "no parts", "a folder that parts were written into, by setting `part`");
    return parts;
}

/// The first places at which two lists differ.
template<class List, class ToText>
std::pair<std::string, std::string> difference_of(const List& a, const List& b, const ToText& to_text) {
    const auto [at_a, at_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    if (at_a == a.end() && at_b == b.end()) return {};
    return {at_a == a.end() ? "nothing there" : to_text(*at_a), at_b == b.end() ? "nothing there" : to_text(*at_b)};
}

} // namespace

std::string folder_of_part(const std::string& folder, const Part& part) {
    return (fs::path(folder) / parts_name / name_of(part)).string();
}

Status save_manifest(const std::string& part_folder, const Manifest& manifest) {
    const Json object{{"format", format_name},
                      {"part", to_string(manifest.part)},
                      {"version", manifest.version},
                      {"target", manifest.target},
                      {"command", manifest.command},
                      {"arguments", manifest.arguments},
                      {"inputs", manifest.inputs}};
    const auto written = write_file((fs::path(part_folder) / manifest_name).string(),
                                    base::json_text(object, 1) + "\n", Overwrite::allow);
    if (!written) return failure(written.error());
    return {};
}

std::pair<std::string, std::string> difference(const Manifest& a, const Manifest& b) {
    for (const auto& [name, member] :
         {std::pair("version", &Manifest::version), {"kernels for", &Manifest::target}, {"command", &Manifest::command}})
        if (a.*member != b.*member) return {fmt::format("{} {}", name, a.*member), fmt::format("{} {}", name, b.*member)};
    if (a.arguments != b.arguments)
        return difference_of(a.arguments, b.arguments, [](const std::string& text) { return text; });
    if (a.inputs != b.inputs)
        return difference_of(a.inputs, b.inputs, [](const auto& input) {
            return fmt::format("{} with SHA-256 {}", input.first, input.second);
        });
    if (a.part.count != b.part.count)
        return {fmt::format("{} parts", a.part.count), fmt::format("{} parts", b.part.count)};
    return {};
}

Result<PartFolders> find_parts(const std::string& folder) {
    const auto parts = parts_in(folder);
    if (!parts) return failure(parts.error());
    const std::size_t count = parts->begin()->second.count;
    PartFolders found;
    std::vector<std::size_t> missing;
    for (std::size_t number = 1; number <= count; ++number) {
        const std::string part_folder = folder_of_part(folder, {number, count});
        const std::string file = (fs::path(part_folder) / manifest_name).string();
        std::error_code error;
        if (!fs::exists(file, error)) {
            missing.push_back(number);
            continue;
        }
        const auto manifest = load_manifest(file);
        if (!manifest) return failure(manifest.error());
        if (manifest->part != Part{number, count})
            return failure(file, "the manifest of part " + to_string(manifest->part), "that of the part its folder is named for");
        if (found.folders.empty()) found.manifest = *manifest;
        if (const auto [first, this_one] = difference(found.manifest, *manifest); first != this_one)
            return failure(folder,
                           fmt::format("parts of two runs: {} has {}, {} has {}", name_of(found.manifest.part),
                                       base::quoted(first), name_of(manifest->part), base::quoted(this_one)),
                           "parts of one run, by one version on one kind of processor");
        found.folders.push_back(part_folder);
    }
    if (missing.empty()) return found;
    return failure(folder, fmt::format("{} of {} parts; missing: {}", found.folders.size(), count, ranges(missing)),
                   fmt::format("all parts; the same command with setting `part` {}/{} makes the first of them", missing.front(), count));
}

} // namespace ropewalk::base
