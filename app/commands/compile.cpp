// ropewalk compile: an assembly program to the weights of a differentiable machine.
#include <fmt/format.h>

#include "app/commands/commands.hpp"
#include "app/commands/source.hpp"
#include "ropewalk/base/random.hpp"

namespace ropewalk::cli {

namespace {

struct CompileCommandOptions {
    CommonOptions common;
    MachineOptions machine;
    std::string program, output;
    compiler::CompileOptions compile;
    assembly::ParseOverrides sizes;
};

base::Result<compiler::Model> compiled(CompileCommandOptions options) {
    const auto program = load_program(options.program, options.sizes);
    if (!program) return base::failure(program.error());
    const auto switches = switches_of(options.machine);
    if (!switches) return base::failure(switches.error());
    const auto set = instruction_set_of(options.machine, compiler::instruction_set_for(*program));
    if (!set) return base::failure(set.error());
    options.compile.switches = *switches;
    options.compile.instruction_set = *set;
    base::RandomStream noise(options.common.seed, base::Purpose::compile_noise);
    return compile(*program, options.compile, noise);
}

int run(const CompileCommandOptions& options) {
    if (const auto free = base::free_file(options.output, overwrite_of(options.common)); !free)
        return report(free.error());
    const auto model = compiled(options);
    if (!model) return report(model.error());
    const auto saved = save_model(*model, options.output, overwrite_of(options.common));
    if (!saved) return report(saved.error());
    const machine::Configuration& c = model->configuration;
    if (options.common.json) {
        print({{"model", options.output},
               {"base", c.base},
               {"cells", c.cells},
               {"registers", c.registers},
               {"lines", c.lines},
               {"instruction_set", to_string(c.instruction_set)},
               {"switches", to_string(c.switches)},
               {"weights", model->weights.size()}});
        return exit_done;
    }
    fmt::print("{}: {} weights ({} lines, {} registers, base {}, {} cells, instructions {})\n",
               options.output, model->weights.size(), c.lines, c.registers, c.base, c.cells,
               to_string(c.instruction_set));
    if (const std::string warning = mass_warning(c.switches); !warning.empty()) say("note: {}\n", warning);
    return exit_done;
}

} // namespace

void add_compile(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<CompileCommandOptions>();
    CLI::App* command =
        app.add_subcommand("compile", "Turn a program into the weights of a differentiable machine");
    command->add_option("program", options->program, "Assembly file, or an array program (.rope)")->required();
    command->add_option("-o,--output", options->output, "Model file to write (safetensors layout)")
        ->required();
    add_settings(*command, options->compile);
    command->add_option("--base", options->sizes.base, "Base instead of the program's")
        ->check(CLI::Range(2, assembly::largest_base));
    command->add_option("--cells", options->sizes.cells, "Memory cells instead of the program's")
        ->check(CLI::Range(1, assembly::largest_base));
    command->add_flag("--force", options->common.force, "Replace the model file if it exists");
    add_machine_options(*command, options->machine);
    add_common_options(*command, options->common);
    command->footer("Example: ropewalk compile programs/map_inc.asm -o map.safetensors --gamma 0.3");
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

} // namespace ropewalk::cli
