// ropewalk decompile: weights back to readable code.
#include <fmt/format.h>

#include "app/commands/commands.hpp"

namespace ropewalk::cli {

namespace {

struct DecompileCommandOptions {
    CommonOptions common;
    std::string model, output, memory;
    compiler::DecompileOptions decompile;
    bool all_lines = false;
};

Json to_json(const compiler::Decompiled& decompiled, const std::vector<double>& visits) {
    Json lines = Json::array();
    for (std::size_t i = 0; i < decompiled.lines.size(); ++i) {
        const compiler::LineReading& reading = decompiled.lines[i];
        Json alternatives = Json::array();
        for (const auto& each : reading.alternatives)
            alternatives.push_back(
                {{"head", each.head}, {"choice", each.choice}, {"probability", each.probability}});
        Json line{{"line", i + 1},
                  {"text", to_string(reading.instruction, decompiled.complete)},
                  {"confidence", reading.confidence},
                  {"visits", visits[i]},
                  {"reachable", reading.reachable},
                  {"distributed", reading.distributed},
                  {"alternatives", alternatives}};
        if (!reading.note.empty()) line["note"] = reading.note;
        lines.push_back(line);
    }
    return {{"program", to_string(decompiled.program)}, {"lines", lines}};
}

int run(const DecompileCommandOptions& options) {
    if (const auto free = base::free_file(options.output, overwrite_of(options.common)); !free)
        return report(free.error());
    const auto model = compiler::load_model(options.model);
    if (!model) return report(model.error());
    auto memory = parse_numbers(options.memory, "--memory", model->configuration.base);
    if (!memory) return report(memory.error());
    if (memory->size() > static_cast<std::size_t>(model->configuration.cells))
        return report({{.file = "--memory",
                        .found = fmt::format("{} values", memory->size()),
                        .expected = fmt::format("at most {}", model->configuration.cells)}});
    compiler::Decompiled decompiled = decompile(*model, options.decompile);
    if (options.all_lines) {
        decompiled.program = decompiled.complete;
        for (auto& reading : decompiled.lines) reading.reachable = true;
    }
    constexpr long default_steps = 100, most_steps = 10'000;
    const auto outcome = run_soft(model->configuration, model->weights, {.memory = *memory},
                                  std::min(most_steps, model->steps.value_or(default_steps)));
    const std::string text = annotated(decompiled, outcome.line_visits);
    if (!options.output.empty()) {
        const auto saved = base::write_file(options.output, text, overwrite_of(options.common));
        if (!saved) return report(saved.error());
    }
    if (options.common.json)
        print(to_json(decompiled, outcome.line_visits));
    else if (options.output.empty())
        fmt::print("{}", text);
    else
        fmt::print("{}: {} lines\n", options.output, decompiled.program.lines());
    return exit_done;
}

} // namespace

void add_decompile(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<DecompileCommandOptions>();
    CLI::App* command = app.add_subcommand("decompile", "Read the most probable program out of weights");
    command->add_option("model", options->model, "Model file (.safetensors)")->required();
    command->add_option("-o,--output", options->output, "Write the assembly there instead of printing it");
    add_settings(*command, options->decompile);
    command->add_option("--memory", options->memory,
                        "Input on which visits of lines are counted; default all 0");
    command->add_flag("--all-lines", options->all_lines, "Keep lines no run can reach");
    command->add_flag("--force", options->common.force, "Replace the output file if it exists");
    add_common_options(*command, options->common);
    command->footer(
        "Example: ropewalk decompile map.safetensors\n"
        "The comment of each line gives the smallest probability among its choices, how often a soft run\n"
        "visits it, and other choices that are nearly as probable. The run takes the model's steps, at most\n"
        "10000.");
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

} // namespace ropewalk::cli
