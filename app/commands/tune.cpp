// ropewalk tune: gradient descent from a program, or from nothing, to a certified program.
#include <fmt/format.h>

#include "app/commands/commands.hpp"
#include "app/shared/shared.hpp"
#include "ropewalk/base/random.hpp"

namespace ropewalk::cli {

namespace {

struct TuneCommandOptions {
    CommonOptions common;
    MachineOptions machine;
    TaskOptions task;
    std::string initial, output;
    std::string loss = "squared";
    int pad = 0;
    std::optional<double> efficiency;
    tuning::TuneOptions tune;
};

void show(const tasks::Task& task, const tuning::TuneResult& result, double seconds) {
    if (result.best) {
        const tuning::Restart& best = result.restarts[*result.best];
        fmt::print("Program found for {}: {}\n\n{}\n", task.name, task.summary,
                   best.repaired ? to_string(best.program) : annotated(decompile(best.model)));
        fmt::print("Certificate {}\n", describe(*result.certificate));
    } else {
        fmt::print("No certified program found for {}: {}\n\n", task.name, task.summary);
    }
    fmt::print("Restarts recovered\n  soft       {}\n  hard       {}\n  certified  {}\n",
               percent(result.recovered.soft), percent(result.recovered.hard),
               percent(result.recovered.certified));
    if (result.recovered.repaired > 0)
        fmt::print("             {} of the certified programs by repair, one or two edits after tuning\n",
                   result.recovered.repaired);
    fmt::print("{} restarts in {:.1f} s{}\n", result.restarts.size(), seconds,
               result.stopped_early ? ", stopped early on request" : "");
    if (!result.best)
        fmt::print("Try more --restarts or --iterations, another --init template, or another --gamma.\n");
}

machine::Loss loss_of(const TuneCommandOptions& options) {
    machine::Loss loss = options.loss == "anc"       ? machine::anc_loss()
                         : options.loss == "squared" ? machine::squared_loss()
                                                     : machine::default_loss();
    if (options.efficiency) loss.efficiency = *options.efficiency;
    return loss;
}

int run(TuneCommandOptions options) {
    if (const auto folder = base::free_folder(options.output, tuning::file_names, options.common.force);
        !folder)
        return report(folder.error());
    const auto task = task_of(options.task);
    if (!task) return report(task.error());
    const auto switches = switches_of(options.machine);
    if (!switches) return report(switches.error());
    std::optional<assembly::Program> initial;
    if (!options.initial.empty()) {
        auto program = assembly::parse_file(options.initial);
        if (!program) return report(program.error());
        initial = assembly::padded_with_nops(*program, options.pad);
    }
    const auto set = instruction_set_of(options.machine, initial ? compiler::instruction_set_for(*initial)
                                                                 : assembly::paper13());
    if (!set) return report(set.error());
    options.tune.compile.switches = *switches;
    options.tune.compile.instruction_set = *set;
    options.tune.loss = loss_of(options);
    options.tune.run.seed = options.common.seed;
    options.tune.run.threads = options.common.threads;
    options.tune.run.stop = interruption();

    const base::Stopwatch watch;
    const auto result = [&] {
        base::ProgressReporter progress("tuning " + task->name,
                                        base::ProgressReporter::style_for(stderr, options.common.quiet));
        options.tune.run.progress = progress.sink();
        return tuning::tune(*task, initial, options.tune);
    }();
    if (!result) return report(result.error());
    const double seconds = watch.seconds();
    const std::string json = tuning::to_json(*result, *task, options.tune, options.initial, seconds);
    if (options.common.json)
        fmt::print("{}", json);
    else
        show(*task, *result, seconds);
    if (!options.output.empty())
        if (const auto saved =
                tuning::save(options.output, *result, json,
                             options.common.force ? base::Overwrite::allow : base::Overwrite::refuse);
            !saved)
            return report(saved.error());
    return result->best ? exit_done : exit_not_found;
}

void add_start_options(CLI::App& command, tuning::StartOptions& start) {
    command.add_option("--spread", start.random_spread, "Standard deviation of random weights at the start")
        ->capture_default_str();
    command
        .add_option("--program-spread", start.program_spread,
                    "The same around a program, when a restart is seeded again")
        ->capture_default_str();
    command
        .add_option("--stop-bias", start.stop_bias,
                    "Added to the weights of halt and jump, except on lines of a program that are that")
        ->capture_default_str();
    command.add_option("--idle-bias", start.idle_bias, "Added to the weights of nop in random weights")
        ->capture_default_str();
}

void add_adam_options(CLI::App& command, tuning::AdamSettings& adam) {
    command.add_option("--learning-rate", adam.learning_rate, "Adam's learning rate")->capture_default_str();
    command.add_option("--beta1", adam.beta1, "Adam's memory of the gradient")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 0.9999));
    command.add_option("--beta2", adam.beta2, "Adam's memory of the squared gradient")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 0.999999));
}

void add_policy_options(CLI::App& command, tuning::TuneOptions& tune) {
    add_population_option(command, tune.population_interval);
    command
        .add_option(
            "--reseed", tune.reseed_interval,
            fmt::format(
                "Every so many gradient steps, a multiple of {}, start restarts anew whose loss does not "
                "fall; 0: never",
                tune.check_interval))
        ->capture_default_str()
        ->check(CLI::Range(0, 1'000'000));
    command
        .add_option("--learning-rate-end", tune.schedules.learning_rate_end,
                    "Learning rate at the end as a share of the first, along a cosine")
        ->capture_default_str();
    command
        .add_option("--weight-noise", tune.schedules.weight_noise,
                    "Standard deviation of noise on the weights at every step, falling to 0")
        ->capture_default_str();
    command
        .add_option("--sharpness-end", tune.schedules.sharpness_end,
                    "Factor on the weights at the end (inverse temperature), rising from 1")
        ->capture_default_str();
    command.add_flag("--normalise-gradient", tune.schedules.normalise_gradient,
                     "Divide every gradient by its norm");
}

} // namespace

void add_tune(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<TuneCommandOptions>();
    CLI::App* command =
        app.add_subcommand("tune", "Tune a program, or random weights, on a task by gradient descent");
    add_task_options(*command, options->task);
    command->add_option("--init", options->initial,
                        "Assembly program to start from; without it, random weights");
    command->add_option("--restarts", options->tune.restarts, "Independent restarts")
        ->capture_default_str()
        ->check(CLI::Range(1, 1'000'000));
    command->add_option("--iterations", options->tune.iterations, "Gradient steps per restart")
        ->capture_default_str()
        ->check(CLI::Range(0, 10'000'000));
    command->add_option("--batch", options->tune.batch, "Examples per gradient step")
        ->capture_default_str()
        ->check(CLI::Range(1, 1'000'000));
    add_adam_options(*command, options->tune.adam);
    command->add_option("--gamma", options->tune.compile.gamma, "Noise on the initial program")
        ->capture_default_str();
    command
        ->add_option("--lines", options->tune.compile.lines,
                     "Lines of the machine; 0: the program's, or the task's")
        ->capture_default_str()
        ->check(CLI::Range(0, assembly::largest_line_count));
    command
        ->add_option("--pad", options->pad,
                     "Pad the initial program with no-ops to so many lines, inside its loop")
        ->check(CLI::Range(0, assembly::largest_line_count));
    command->add_option("--steps", options->tune.steps, "Machine steps; 0: the program's, or the task's")
        ->capture_default_str()
        ->check(CLI::Range(0l, 1'000'000l));
    command
        ->add_option("--loss", options->loss,
                     "Squared error or cross-entropy of the final state, or anc (Bunel et al. 2016)")
        ->capture_default_str()
        ->check(CLI::IsMember({"squared", "cross-entropy", "anc"}));
    command
        ->add_option("--efficiency", options->efficiency,
                     "Weight of the penalty on steps before halting (eq. 11)")
        ->check(CLI::Range(0.0, 1e6));
    add_start_options(*command, options->tune.start);
    add_policy_options(*command, options->tune);
    command->add_flag("--repair,!--no-repair", options->tune.repair,
                      "Edit hard programs that are wrong, one or two edits deep (default on)");
    command->add_flag("--curriculum,!--no-curriculum", options->tune.random_steps,
                      "Random step budget for tasks whose work has parts (default on)");
    command->add_option("-o,--output", options->output,
                        "Folder for program.asm, weights.safetensors, certificate.json and run.json");
    command->add_flag("--force", options->common.force, "Replace files in the output folder");
    add_machine_options(*command, options->machine);
    add_common_options(*command, options->common);
    command->footer("Example: ropewalk tune --task map-dec --init programs/map_inc.asm --restarts 100\n"
                    "Exit status 1 when no restart gave a certified program.");
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

} // namespace ropewalk::cli
