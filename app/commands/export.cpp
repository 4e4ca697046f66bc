// ropewalk export: a machine as files that do without Ropewalk.
#include <fmt/format.h>

#include "app/commands/commands.hpp"
#include "ropewalk/programs/exports/exports.hpp"

namespace ropewalk::cli {

namespace {

struct ExportCommandOptions {
    CommonOptions common;
    std::string model, output;
    std::optional<long> steps;
};

int run(const ExportCommandOptions& options) {
    const auto model = compiler::load_model(options.model);
    if (!model) return report(model.error());
    const auto exported = exports::export_machine(*model, options.output, options.steps, overwrite_of(options.common));
    if (!exported) return report(exported.error());
    if (options.common.json)
        print({{"folder", options.output}, {"steps", options.steps ? *options.steps : *model->steps}});
    else
        fmt::print("{0}: weights, C99 and Python. To test them against Ropewalk's:\n"
                   "  cc -std=c99 -DROPE_SELF_TEST {0}/machine.c -lm -o {0}/machine && {0}/machine\n"
                   "  python3 {0}/machine.py\n",
                   options.output);
    return exit_done;
}

} // namespace

void add_export(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<ExportCommandOptions>();
    CLI::App* command = app.add_subcommand("export", "Write a machine as C99 and Python that need no Ropewalk");
    command->add_option("model", options->model, "Model file (.safetensors)")->required();
    command->add_option("-o,--output", options->output, "Folder to write: weights, C99, Python and test vectors")->required();
    command->add_option("--steps", options->steps, "Steps that the machine runs for instead of the model's")
        ->check(CLI::Range(0L, assembly::largest_step_count));
    command->add_flag("--force", options->common.force, "Replace files of an earlier export");
    add_common_options(*command, options->common);
    command->footer(
        "Example: ropewalk export map.safetensors -o map\n"
        "machine.c takes a C compiler and libm, machine.py NumPy. Both run the machine on distributions over values,\n"
        "as `ropewalk run map.safetensors` does, and test themselves against what Ropewalk computes, to 1e-5. Programs\n"
        "over lists and formulas are exported where they are found: `ropewalk induce --export`, `ropewalk formula\n"
        "--export`.");
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

} // namespace ropewalk::cli
