#include "ropewalk/programs/compiler/model_file.hpp"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ropewalk/base/tensor_file.hpp"

namespace ropewalk::compiler {

namespace {

constexpr const char* format_name = "ropewalk-program";
constexpr const char* file_kind = "a safetensors model file written by `ropewalk compile`";
using Metadata = std::map<std::string, std::string>;
constexpr std::array<const char*, 5> head_names{"instruction", "first", "second", "destination", "target"};

Metadata metadata_of(const Model& model) {
    const machine::Configuration& c = model.configuration;
    Metadata metadata{{"format", format_name},
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
    MetadataReader(const Metadata& metadata, const std::string& file) : metadata_(metadata), file_(file) {}

    std::string text(const char* key) {
        const auto found = metadata_.find(key);
        if (found != metadata_.end()) return found->second;
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
        const auto value = base::whole_number<long>(digits);
        if (value && *value >= low && *value <= high) return *value;
        complain(fmt::format("metadata entry '{}' is {}", key, base::quoted(digits)),
                 fmt::format("a number from {} to {}", low, high));
        return low;
    }

    const Metadata& metadata_;
    const std::string& file_;
};

base::Result<Model> model_from_metadata(const Metadata& metadata, const std::string& file) {
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

/// Rows of a head's weights among those of all heads.
struct HeadRows {
    std::size_t width, offset, stride;
};

HeadRows rows_of(const machine::Layout& layout, std::size_t head) {
    const machine::Head each = layout.heads()[head];
    return {static_cast<std::size_t>(each.width), static_cast<std::size_t>(each.offset),
            static_cast<std::size_t>(layout.columns)};
}

/// Puts a head's tensor where it belongs.
base::Status place(const base::TensorFile& tensors, const char* name, const HeadRows& rows, Model& model,
                   const std::string& file) {
    const auto wrong = [&](const char* what) {
        return base::failure(file, fmt::format("tensor '{}' {}", name, what),
                             fmt::format("F32 values of shape [{}, {}]", model.configuration.lines, rows.width));
    };
    const auto found = tensors.tensors.find(name);
    if (found == tensors.tensors.end()) return wrong("is missing");
    const base::Tensor& tensor = found->second;
    if (tensor.shape != std::vector<std::int64_t>{model.configuration.lines, static_cast<std::int64_t>(rows.width)})
        return wrong("has another shape");
    for (std::size_t line = 0; line * rows.width < tensor.values.size(); ++line)
        std::copy_n(tensor.values.begin() + static_cast<std::ptrdiff_t>(line * rows.width), rows.width,
                    model.weights.begin() + static_cast<std::ptrdiff_t>(line * rows.stride + rows.offset));
    return {};
}

} // namespace

std::string to_safetensors(const Model& model) {
    const machine::Layout layout = layout_of(model.configuration);
    base::TensorFile file{.tensors = {}, .metadata = metadata_of(model)};
    for (std::size_t h = 0; h < head_names.size(); ++h) {
        const HeadRows rows = rows_of(layout, h);
        if (rows.width == 0) continue;
        base::Tensor& tensor = file.tensors[head_names[h]];
        tensor.shape = {model.configuration.lines, static_cast<std::int64_t>(rows.width)};
        for (std::size_t line = 0; line < static_cast<std::size_t>(model.configuration.lines); ++line) {
            const auto first =
                model.weights.begin() + static_cast<std::ptrdiff_t>(line * rows.stride + rows.offset);
            tensor.values.insert(tensor.values.end(), first, first + static_cast<std::ptrdiff_t>(rows.width));
        }
    }
    return base::to_safetensors(file);
}

base::Result<Model> from_safetensors(std::string_view bytes, const std::string& file) {
    const auto tensors = base::from_safetensors(bytes, file, file_kind);
    if (!tensors) return base::failure(tensors.error());
    auto model = model_from_metadata(tensors->metadata, file);
    if (!model) return model;
    // A small header can claim a large machine: nothing is allocated before the file proves that it holds it.
    const std::size_t needed = weight_count(model->configuration), there = tensors->value_count();
    if (there != needed)
        return base::failure(file, fmt::format("{} weights", there),
                             fmt::format("{}{}", needed,
                                         there < needed ? "; the file is cut short" : " and nothing beside them"));
    const machine::Layout layout = layout_of(model->configuration);
    model->weights.resize(needed);
    for (std::size_t h = 0; h < head_names.size(); ++h) {
        const HeadRows rows = rows_of(layout, h);
        if (rows.width == 0) continue;
        if (auto placed = place(*tensors, head_names[h], rows, *model, file); !placed)
            return base::failure(placed.error());
    }
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
