// ropewalk run: a program on one input, exactly or softly.
#include <algorithm>

#include <fmt/format.h>

#include "app/commands/commands.hpp"
#include "app/commands/list_programs.hpp"
#include "app/commands/source.hpp"
#include "app/reports/reports.hpp"
#include "ropewalk/base/random.hpp"

namespace ropewalk::cli {

namespace {

struct RunOptions {
    CommonOptions common;
    MachineOptions machine;
    std::string program, memory, registers;
    std::vector<std::string> inputs;
    std::string engine = "exact";
    std::optional<long> steps;
    assembly::ParseOverrides sizes;
    double gamma = 0;
    bool trace = false;
    std::string page;
};

constexpr long default_steps = 1000;

/// The input the options describe, for a machine with these sizes.
base::Result<machine::Example> input_of(const RunOptions& options, int base, int cells,
                                        std::vector<int> registers) {
    const auto too_many = [](const char* name, std::size_t found, int room) {
        return base::failure(name, fmt::format("{} values", found), fmt::format("at most {}", room));
    };
    auto memory = parse_numbers(options.memory, "--memory", base);
    if (!memory) return base::failure(std::move(memory.error()));
    if (memory->size() > static_cast<std::size_t>(cells)) return too_many("--memory", memory->size(), cells);
    memory->resize(static_cast<std::size_t>(cells), 0);
    auto given = parse_numbers(options.registers, "--registers", base);
    if (!given) return base::failure(std::move(given.error()));
    if (given->size() > registers.size())
        return too_many("--registers", given->size(), static_cast<int>(registers.size()));
    std::copy(given->begin(), given->end(), registers.begin());
    return machine::Example{.memory = std::move(*memory),
                            .registers = std::move(registers),
                            .expected_memory = {},
                            .expected_registers = {}};
}

int run_exactly(const RunOptions& options, const assembly::Program& program) {
    const auto input = input_of(options, program.base, program.cells, program.initial_registers);
    if (!input) return report(input.error());
    const long steps = options.steps.value_or(program.steps.value_or(default_steps));
    Json trace = Json::array();
    const auto record = [&](const machine::ExactState& state) {
        const std::string text =
            to_string(program.instructions[static_cast<std::size_t>(state.line)], program);
        if (options.common.json)
            trace.push_back({{"step", state.steps},
                             {"line", state.line + 1},
                             {"instruction", text},
                             {"memory", state.memory},
                             {"registers", state.registers}});
        else
            fmt::print("{:5}  line {:<3} {:<20} registers {}   memory {}\n", state.steps, state.line + 1,
                       text, spaced(state.registers), spaced(state.memory));
    };
    const auto state = run_exact(program, input->memory, input->registers, steps,
                                 options.trace ? machine::ExactTracer(record) : machine::ExactTracer{});
    if (options.common.json) {
        Json object{{"memory", state.memory},
                    {"registers", state.registers},
                    {"steps", state.steps},
                    {"halted", state.halted}};
        if (options.trace) object["trace"] = trace;
        print(object);
        return exit_done;
    }
    fmt::print("memory     {}\nregisters  {}\n{} after {} steps\n", spaced(state.memory),
               spaced(state.registers), state.halted ? "halted" : "stopped at the step limit", state.steps);
    return exit_done;
}

base::Result<compiler::Model> model_of(const RunOptions& options, const Source& source) {
    if (const auto* model = std::get_if<compiler::Model>(&source)) return *model;
    const auto& program = std::get<assembly::Program>(source);
    const auto switches = switches_of(options.machine);
    if (!switches) return base::failure(switches.error());
    const auto set = instruction_set_of(options.machine, compiler::instruction_set_for(program));
    if (!set) return base::failure(set.error());
    base::RandomStream noise(options.common.seed, base::Purpose::compile_noise);
    // Without noise the run is to stay exact for long.
    const double epsilon = options.gamma > 0 ? compiler::CompileOptions{}.epsilon : 1e-15;
    return compiler::compile(
        program, {.gamma = options.gamma, .epsilon = epsilon, .instruction_set = *set, .switches = *switches},
        noise);
}

/// The input of a model, for which registers that are not given are what the model says.
base::Result<machine::Example> input_of(const RunOptions& options, const machine::Configuration& c) {
    std::vector<int> registers = c.initial_registers;
    registers.resize(static_cast<std::size_t>(c.registers), 0);
    return input_of(options, c.base, c.cells, std::move(registers));
}

Json to_json(const machine::Trace& trace) {
    Json steps = Json::array();
    for (const machine::TraceStep& each : trace.steps)
        steps.push_back({{"exact_line", each.exact.line + 1},
                         {"line", each.soft.line},
                         {"memory", each.soft.memory},
                         {"registers", each.soft.registers},
                         {"halting_probability", each.soft.halted},
                         {"agreement", each.agreement}});
    return {{"parts", trace.parts ? Json(*trace.parts) : Json(nullptr)}, {"steps", steps}};
}

void show(const machine::Trace& trace, const assembly::Program& program) {
    fmt::print("{:>5}  {:<12} {:<22} {:<14} {:<24} {:>9}\n", "step", "line (mass)", "instruction",
               "registers", "memory", "agreement");
    for (std::size_t t = 0; t < trace.steps.size(); ++t) {
        const auto& [exact, soft, agreement] = trace.steps[t];
        const auto line = std::max_element(soft.line.begin(), soft.line.end()) - soft.line.begin();
        fmt::print("{:5}  {:<12} {:<22} {:<14} {:<24} {:9.3f}{}\n", t,
                   fmt::format("{} ({:.3f})", line + 1, soft.line[static_cast<std::size_t>(line)]),
                   to_string(program.instructions[static_cast<std::size_t>(line)], program),
                   spaced(machine::most_probable(soft.registers, program.base)),
                   spaced(machine::most_probable(soft.memory, program.base)), agreement,
                   trace.parts == t ? "  parts from the exact machine" : "");
    }
    fmt::print("agreement: the least probability of what the exact machine holds\n\n");
}

/// Both machines beside each other, as the terminal or a page shows them.
int run_beside(const RunOptions& options, const Source& source) {
    constexpr long most_steps = 2000;
    const auto model = model_of(options, source);
    if (!model) return report(model.error());
    const auto input = input_of(options, model->configuration);
    if (!input) return report(input.error());
    const assembly::Program program = compiler::decompile(*model).complete;
    const long steps = std::min(most_steps, options.steps.value_or(model->steps.value_or(default_steps)));
    const machine::Trace trace = machine::trace(program, model->configuration, model->weights, *input, steps);
    if (options.common.json)
        print(to_json(trace));
    else if (options.trace)
        show(trace, program);
    if (options.page.empty()) return exit_done;
    const auto written = base::write_file(options.page, trace_page(trace, program, options.program),
                                          overwrite_of(options.common));
    if (!written) return report(written.error());
    if (!options.common.json) fmt::print("{}: open it in a browser\n", options.page);
    return exit_done;
}

int run_softly(const RunOptions& options, const Source& source) {
    const auto model = model_of(options, source);
    if (!model) return report(model.error());
    const machine::Configuration& c = model->configuration;
    const auto input = input_of(options, c);
    if (!input) return report(input.error());
    const long steps = options.steps.value_or(model->steps.value_or(default_steps));
    const auto outcome = run_soft(c, model->weights, *input, steps);
    const std::vector<double> weights(model->weights.begin(), model->weights.end());
    const auto drift = find_mass_drift(c, weights, *input, steps);
    if (options.common.json) {
        Json object{{"memory", outcome.memory},
                    {"registers", outcome.registers},
                    {"steps", steps},
                    {"halted", outcome.halted > 0.5},
                    {"halting_probability", outcome.halted},
                    {"confidence", outcome.confidence},
                    {"mass_error", outcome.mass_error},
                    {"mass_drift", nullptr}};
        if (drift)
            object["mass_drift"] = {
                {"step", drift->step}, {"line", drift->line + 1}, {"row", drift->row}, {"mass", drift->mass}};
        print(object);
        return exit_done;
    }
    fmt::print("memory     {}\nregisters  {}\nafter {} soft steps: halted with probability {:.4f}, smallest "
               "winning mass {:.4f}, mass error {:.1e}\n",
               spaced(outcome.memory), spaced(outcome.registers), steps, outcome.halted, outcome.confidence,
               outcome.mass_error);
    if (drift)
        fmt::print("mass drifts first at step {} (line {}): {} has mass {:.6f}\n{}\n", drift->step,
                   drift->line + 1, drift->row, drift->mass, mass_warning(c.switches));
    return exit_done;
}

int run(const RunOptions& options) {
    if (const auto free = base::free_file(options.page, overwrite_of(options.common)); !free)
        return report(free.error());
    if (const auto text = list_program_in(options.program))
        return run_list_program(*text, options.program, options.inputs, options.common);
    if (!options.inputs.empty())
        return report({{.file = "--in",
                        .found = "a program of machines",
                        .expected = "a program over lists, or --memory and --registers"}});
    const auto source = load_source(options.program, options.sizes);
    if (!source) return report(source.error());
    const bool softly = options.engine == "soft";
    if (!options.page.empty() || (softly && options.trace)) return run_beside(options, *source);
    if (softly) return run_softly(options, *source);
    return run_exactly(options, program_of(*source));
}

} // namespace

void add_run(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<RunOptions>();
    CLI::App* command = app.add_subcommand("run", "Run a program on one input");
    command
        ->add_option("program", options->program,
                     "Assembly file, high-level program (.rope), or model file (.safetensors)")
        ->required();
    command->add_option("--memory", options->memory, "Memory at the start, e.g. 3,1,4; the rest is 0");
    command
        ->add_option("--in", options->inputs,
                     "An argument of a program over lists, e.g. '[3,1,2]'; once for each, or all in one with commas between")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false);
    command->add_option("--registers", options->registers,
                        "Registers at the start; default: what the program says");
    command->add_option("--machine", options->engine, "exact (integers) or soft (distributions)")
        ->capture_default_str()
        ->check(CLI::IsMember({"exact", "soft"}));
    command->add_option("--steps", options->steps, "Step limit; default: the program's `.steps`, else 1000")
        ->check(CLI::Range(1l, assembly::largest_step_count));
    command->add_option("--base", options->sizes.base, "Base instead of the program's")
        ->check(CLI::Range(2, assembly::largest_base));
    command->add_option("--cells", options->sizes.cells, "Memory cells instead of the program's")
        ->check(CLI::Range(1, assembly::largest_base));
    command->add_option("--gamma", options->gamma, "Compile with so much noise for the soft machine")
        ->check(CLI::Range(0.0, 100.0));
    command->add_flag("--trace", options->trace,
                      "Show every step; of the soft machine, with how far it agrees with the exact one");
    command->add_option("--report", options->page,
                        "Write a page there that walks through both machines beside each other");
    command->add_flag("--force", options->common.force, "Replace the page if it exists");
    add_machine_options(*command, options->machine);
    add_common_options(*command, options->common);
    command->footer(
        "Example: ropewalk run programs/map_inc.asm --memory 3,1,4 --trace\n"
        "         ropewalk run programs/map_inc.asm --memory 3,1,4 --gamma 0.1 --report steps.html\n"
        "         ropewalk run solve.rope --in '[3,1,2]'");
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

} // namespace ropewalk::cli
