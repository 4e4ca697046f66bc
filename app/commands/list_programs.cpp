#include "app/commands/list_programs.hpp"

#include <fmt/format.h>

#include "ropewalk/programs/functional/functional.hpp"

namespace ropewalk::cli {

namespace {

/// One text may hold all arguments, as examples are written: `"a,b", 1`.
std::vector<std::string> one_by_one(const std::vector<std::string>& given, std::size_t wanted) {
    if (given.size() != 1 || wanted < 2) return given;
    const auto all = base::parse_json<Json>("[" + given[0] + "]");
    if (!all.is_array() || all.size() != wanted) return given;
    std::vector<std::string> texts;
    for (const Json& each : all) texts.push_back(base::json_text(each));
    return texts;
}

} // namespace

std::optional<std::string> list_program_in(const std::string& path) {
    if (!path.ends_with(".rope")) return std::nullopt;
    auto text = base::read_file(path);
    if (!text || !functional::is_functional(*text)) return std::nullopt;
    return std::move(*text);
}

int run_list_program(const std::string& text, const std::string& path,
                     const std::vector<std::string>& arguments, const CommonOptions& common) {
    const auto program = functional::parse(text, path);
    if (!program) return report(program.error());
    std::vector<values::Value> inputs;
    for (const std::string& each : one_by_one(arguments, program->parameters.size())) {
        auto value = values::parse_value(each, "--in");
        if (!value) return report(value.error());
        inputs.push_back(std::move(*value));
    }
    if (inputs.size() != program->parameters.size()) {
        std::string names;
        for (const auto& each : program->parameters)
            names += (names.empty() ? "" : ", ") + each.name + ": " + values::to_string(each.type);
        return report(
            {{.file = "--in",
              .found = fmt::format("{} of them", inputs.size()),
              .expected = fmt::format("{}, one for each argument ({})", program->parameters.size(), names)}});
    }
    const auto value = functional::run(*program, inputs);
    if (!value) return report(value.error());
    if (common.json)
        print(Json{{"value", Json::parse(values::to_text(*value))}});
    else
        fmt::print("{}\n", values::to_text(*value));
    return exit_done;
}

} // namespace ropewalk::cli
