#include "ropewalk/programs/compiler/model_file.hpp"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace ropewalk::compiler {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "safetensors data is little-endian");

namespace {

constexpr const char* format_name = "ropewalk-program";
constexpr std::size_t largest_header = std::size_t{1} << 20;
constexpr std::array<const char*, 5> head_names{"instruction", "first", "second", "destination", "target"};

json metadata_of(const Model& model) {
    const machine::Configuration& c = model.configuration;
    json metadata{{"format", format_name},
                  {"version", "1"},
                  {"base", std::to_string(c.base)},
                  {"cells", std::to_string(c.cells)},
                  {"registers", std::to_string(c.registers)},
                  {"program_registers", std::to_string(model.program_registers)},
                  {"lines", std::to_string(c.lines)},
                  {"instruction_set", to_string(c.instruction_set)},
                  {"switches", to_string(c.switches)},
                  {"initial_registers", fmt::format("{}", fmt::join(c.initial_registers, ","))}};
    if (model.steps) metadata["steps"] = std::to_string(*model.steps);
    return metadata;
}

/// Reads the metadata's text fields and collects what is wrong with them.
class MetadataReader {
public:
    MetadataReader(const json& metadata, const std::string& file) : metadata_(metadata), file_(file) {}

    std::string text(const char* key) {
        const auto found = metadata_.find(key);
        if (found != metadata_.end() && found->is_string()) return found->get<std::string>();
        complain(fmt::format("no metadata entry '{}'", key), "a file written by `ropewalk compile`");
        return {};
    }

    long number(const char* key, long low, long high) { return number(key, text(key), low, high); }

    std::vector<int> numbers(const char* key, long high) {
        const std::string list = text(key);
        std::vector<int> values;
        for (std::size_t start = 0; start < list.size() && errors.empty();) {
            const std::size_t end = std::min(list.find(',', start), list.size());
            values.push_back(static_cast<int>(number(key, list.substr(start, end - start), 0, high)));
            start = end + 1;
        }
        return values;
    }

    bool has(const char* key) const { return metadata_.contains(key); }

    void complain(std::string found, std::string expected) {
        errors.push_back({.file = file_, .found = std::move(found), .expected = std::move(expected)});
    }

    void complain(base::Diagnostics diagnostics) {
        for (base::Diagnostic& each : diagnostics) complain(std::move(each.found), std::move(each.expected));
    }

    base::Diagnostics errors;

private:
    long number(const char* key, const std::string& digits, long low, long high) {
        long value = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (error == std::errc{} && end == digits.data() + digits.size() && value >= low && value <= high)
            return value;
        complain(fmt::format("metadata entry '{}' is {}", key, base::quoted(digits)),
                 fmt::format("a number from {} to {}", low, high));
        return low;
    }

    const json& metadata_;
    const std::string& file_;
};

base::Result<Model> model_from_metadata(const json& metadata, const std::string& file) {
    MetadataReader reader(metadata, file);
    if (reader.text("format") != format_name || reader.text("version") != "1") {
        reader.complain("a safetensors file of another kind",
                        fmt::format("format '{}', version '1'", format_name));
        return base::failure(std::move(reader.errors));
    }
    Model model;
    machine::Configuration& c = model.configuration;
    c.base = static_cast<int>(reader.number("base", 2, assembly::largest_base));
    c.cells = static_cast<int>(reader.number("cells", 1, assembly::largest_base));
    c.registers = static_cast<int>(reader.number("registers", 1, assembly::largest_register_count));
    c.lines = static_cast<int>(reader.number("lines", 1, assembly::largest_line_count));
    c.initial_registers = reader.numbers("initial_registers", c.base - 1);
    model.program_registers = static_cast<int>(reader.number("program_registers", 1, c.registers));
    if (reader.has("steps")) model.steps = reader.number("steps", 1, assembly::largest_step_count);
    auto set = assembly::parse_instruction_set(reader.text("instruction_set"));
    if (set)
        c.instruction_set = *set;
    else
        reader.complain(set.error());
    auto switches = machine::parse_switches(reader.text("switches"), {});
    if (switches)
        c.switches = *switches;
    else
        reader.complain(switches.error());
    if (reader.errors.empty())
        if (auto checked = validated(c); !checked) reader.complain(checked.error());
    if (!reader.errors.empty()) return base::failure(std::move(reader.errors));
    return model;
}

/// Where a tensor's bytes lie, or what is wrong with its entry.
base::Result<std::string_view> tensor_bytes(const json& header, const char* name, std::size_t rows,
                                            std::size_t columns, std::string_view data,
                                            const std::string& file) {
    const auto wrong = [&](const std::string& what) {
        return base::failure(file, fmt::format("tensor '{}' {}", name, what),
                             fmt::format("F32 values of shape [{}, {}] inside the file", rows, columns));
    };
    const auto entry = header.find(name);
    if (entry == header.end() || !entry->is_object()) return wrong("is missing");
    if (entry->value("dtype", json()) != "F32") return wrong("has another type");
    if (entry->value("shape", json()) != json::array({rows, columns})) return wrong("has another shape");
    const json offsets = entry->value("data_offsets", json());
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
        !offsets[1].is_number_unsigned())
        return wrong("has no valid data_offsets");
    const auto begin = offsets[0].get<std::uint64_t>();
    const auto end = offsets[1].get<std::uint64_t>();
    if (begin > end || end > data.size() || end - begin != rows * columns * sizeof(float))
        return wrong(fmt::format("lies at bytes {} to {} of {}", begin, end, data.size()));
    return data.substr(begin, end - begin);
}

} // namespace

std::string to_safetensors(const Model& model) {
    const machine::Layout layout = layout_of(model.configuration);
    const auto lines = static_cast<std::size_t>(model.configuration.lines);
    json header{{"__metadata__", metadata_of(model)}};
    std::string data;
    for (std::size_t h = 0; h < head_names.size(); ++h) {
        const machine::Head head = layout.heads()[h];
        if (head.width == 0) continue;
        const std::size_t begin = data.size();
        for (std::size_t line = 0; line < lines; ++line) {
            const std::size_t start =
                line * static_cast<std::size_t>(layout.columns) + static_cast<std::size_t>(head.offset);
            data.append(reinterpret_cast<const char*>(model.weights.data() + start),
                        static_cast<std::size_t>(head.width) * sizeof(float));
        }
        header[head_names[h]] = {
            {"dtype", "F32"}, {"shape", {lines, head.width}}, {"data_offsets", {begin, data.size()}}};
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    const std::uint64_t size = text.size();
    std::string bytes(reinterpret_cast<const char*>(&size), sizeof size);
    return bytes + text + data;
}

base::Result<Model> from_safetensors(std::string_view bytes, const std::string& file) {
    std::uint64_t size = 0;
    if (bytes.size() <= sizeof size)
        return base::failure(file, fmt::format("{} bytes", bytes.size()), "a safetensors model file");
    std::memcpy(&size, bytes.data(), sizeof size);
    if (size > largest_header || size < 2 || bytes[sizeof size] != '{')
        return base::failure(file, "no safetensors header", "a model file written by `ropewalk compile`");
    if (size > bytes.size() - sizeof size)
        return base::failure(file, fmt::format("a header of {} bytes in a file of {}", size, bytes.size()),
                             "a complete file; this one is cut short");
    const std::string_view text = bytes.substr(sizeof size, size);
    const json header =
        base::json_nesting(text) > 16 ? json(json::value_t::discarded) : json::parse(text, nullptr, false);
    if (!header.is_object())
        return base::failure(file, "a header that is not JSON", "a safetensors model file");
    const auto metadata = header.find("__metadata__");
    if (metadata == header.end() || !metadata->is_object())
        return base::failure(file, "a safetensors file without metadata",
                             "a model file written by `ropewalk compile`");
    auto model = model_from_metadata(*metadata, file);
    if (!model) return model;

    const std::string_view data = bytes.substr(sizeof size + size);
    const machine::Layout layout = layout_of(model->configuration);
    const auto lines = static_cast<std::size_t>(model->configuration.lines);
    // A small header can claim a large machine: nothing is allocated before the file proves that it holds it.
    const std::size_t needed = weight_count(model->configuration) * sizeof(float);
    if (data.size() != needed)
        return base::failure(
            file, fmt::format("{} bytes of weights", data.size()),
            fmt::format("{} bytes{}", needed,
                        data.size() < needed ? "; the file is cut short" : " and nothing after them"));
    model->weights.resize(weight_count(model->configuration));
    for (std::size_t h = 0; h < head_names.size(); ++h) {
        const machine::Head head = layout.heads()[h];
        if (head.width == 0) continue;
        const auto width = static_cast<std::size_t>(head.width);
        const auto tensor = tensor_bytes(header, head_names[h], lines, width, data, file);
        if (!tensor) return base::failure(tensor.error());
        for (std::size_t line = 0; line < lines; ++line)
            std::memcpy(model->weights.data() + line * static_cast<std::size_t>(layout.columns) +
                            static_cast<std::size_t>(head.offset),
                        tensor->data() + line * width * sizeof(float), width * sizeof(float));
    }
    for (const float weight : model->weights)
        if (!std::isfinite(weight))
            return base::failure(file, "a weight that is not a finite number", "finite weights");
    return model;
}

base::Result<std::string> save_model(const Model& model, const std::string& path, base::Overwrite overwrite) {
    return base::write_file(path, to_safetensors(model), overwrite);
}

base::Result<Model> load_model(const std::string& path) {
    auto bytes = base::read_file(path);
    if (!bytes) return base::failure(std::move(bytes.error()));
    return from_safetensors(*bytes, path);
}

} // namespace ropewalk::compiler
