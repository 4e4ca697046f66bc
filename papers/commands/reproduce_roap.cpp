// ropewalk reproduce roap-table1, roap-fig5 and roap-fig6: amortised gradient search, its ablations and its
// sweeps.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "papers/commands/reproduce_roap.hpp"
#include "papers/commands/experiment.hpp"
#include "papers/roap/roap.hpp"
#include "ropewalk/formulas/sketch/sketch.hpp"

namespace ropewalk::cli {

namespace {

/// What the user gave; what is empty stays as the scale has it.
struct RoapTableOptions {
    ExperimentOptions experiment;
    std::string scale = "small";
    std::string symbols = "learned";
    bool literal_temperature = false;
    std::optional<bool> beta_ramp;
    std::vector<std::string> rows;
    std::vector<double> values; ///< of a sweep
    std::string data, device = "cpu";
    std::optional<std::string> images, network;
    std::size_t runs = 1;
    std::optional<std::size_t> tasks, steps, tasks_per_step, pairs, samples, batch_rows, batch_images;
    std::optional<int> lines, features;
    std::optional<double> learning_rate, grounder_rate, beta_first, beta_last, beta_from, lambda, lambda_from,
        start_deviation, largest_gradient, seconds, noise_first, noise_last;
};

template<class Value, class Target>
void take(const std::optional<Value>& given, Target& target) {
    if (given) target = *given;
}

base::Result<papers::RoapTable1Options> table_options(const RoapTableOptions& options) {
    auto scaled = papers::roap_scale(options.scale);
    if (!scaled) return scaled;
    learning::Settings& settings = scaled->settings;
    settings.seed = options.experiment.common.seed;
    settings.data = options.data;
    take(options.images, settings.images);
    take(options.network, settings.network);
    take(options.tasks, settings.tasks);
    scaled->runs = options.runs;
    papers::RoapOptions& training = scaled->training;
    training.network = learning::learn_options_of(settings).network;
    training.symbols_given = options.symbols == "given";
    training.device = options.device;
    if (options.literal_temperature) training.sharpness = formula::Sharpness::temperature;
    take(options.steps, training.steps);
    take(options.tasks_per_step, training.tasks_per_step);
    take(options.pairs, training.pairs);
    take(options.samples, training.samples);
    take(options.batch_rows, training.batch.rows);
    take(options.batch_images, training.batch.images);
    take(options.lines, training.model.lines);
    take(options.features, training.model.features);
    take(options.start_deviation, training.model.start_deviation);
    take(options.learning_rate, training.learning_rate);
    take(options.learning_rate, training.grounder_rate);
    take(options.grounder_rate, training.grounder_rate);
    take(options.beta_first, training.beta_first);
    take(options.beta_last, training.beta_last);
    take(options.beta_from, training.beta_from);
    take(options.beta_ramp, training.beta_ramp);
    take(options.noise_first, training.noise_first);
    take(options.noise_last, training.noise_last);
    take(options.lambda, training.lambda);
    take(options.lambda_from, training.lambda_from);
    take(options.largest_gradient, training.largest_gradient);
    take(options.seconds, training.seconds);
    scaled->rows = options.rows;
    return scaled;
}

/// Trains what `experiment` makes of the options.
template<class Experiment>
int run(const RoapTableOptions& options, const char* title, const char* name, const Experiment& experiment) {
    auto settings = table_options(options);
    if (!settings) return report(settings.error());
    return run_experiment({title, name}, options.experiment, [&](const papers::ExperimentRun& run) {
        settings->run = run;
        return experiment(*settings);
    });
}

void add_training_options(CLI::App& command, RoapTableOptions& options) {
    const auto count = CLI::Range(1, 1'000'000'000);
    command.add_option("--steps", options.steps, "Gradient steps per row")->check(count);
    command.add_option("--seconds", options.seconds, "Ends the training of a row early; default: no limit")
        ->check(CLI::NonNegativeNumber);
    command.add_option("--tasks-per-step", options.tasks_per_step, "Tasks drawn for a step; 0: all")
        ->check(CLI::NonNegativeNumber);
    // More than these need more memory than machines have.
    const auto at_once = CLI::Range(1, 100'000);
    command.add_option("--pairs", options.pairs, "Pairs that the synthesizer looks at")->check(at_once);
    command.add_option("--samples", options.samples, "Programs drawn per task and step")
        ->check(CLI::Range(1, 1000));
    command.add_option("--batch-rows", options.batch_rows, "Pairs of a step")->check(at_once);
    command.add_option("--batch-images", options.batch_images, "Images that pairs are formed from")
        ->check(at_once);
    command.add_option("--lines", options.lines, "Lines of the sketch")->check(CLI::Range(1, 1000));
    command.add_option("--features", options.features, "Width of the synthesizer's layers")
        ->check(CLI::Range(1, 4096));
    command
        .add_option("--start-deviation", options.start_deviation,
                    "Of the first logits of the row no-amortisation")
        ->check(CLI::NonNegativeNumber);
    command.add_option("--learning-rate", options.learning_rate, "Adam's learning rate")->check(CLI::PositiveNumber);
    command.add_option("--grounder-rate", options.grounder_rate, "Default: the learning rate")
        ->check(CLI::PositiveNumber);
    command.add_option("--largest-gradient", options.largest_gradient, "Norm that gradients are clipped to")
        ->check(CLI::PositiveNumber);
    command.add_option("--beta", options.beta_first, "Factor of the softmax")->check(CLI::PositiveNumber);
    command.add_option("--last-beta", options.beta_last, "The same from --beta-from on")
        ->check(CLI::PositiveNumber);
    command.add_option("--beta-from", options.beta_from, "Share of the training")
        ->check(CLI::Range(0.0, 1.0));
    command.add_option(
        "--beta-ramp", options.beta_ramp,
        "true: beta grows until --beta-from by equal factors; false: at once, as in the paper");
    command.add_option("--noise", options.noise_first, "Factor of the noise at the start; the paper has 1")
        ->check(CLI::NonNegativeNumber);
    command.add_option("--last-noise", options.noise_last, "The same at the end")
        ->check(CLI::NonNegativeNumber);
    command.add_option("--lambda", options.lambda, "Weight of the expected length")
        ->check(CLI::NonNegativeNumber);
    command.add_option("--lambda-from", options.lambda_from, "Share of the training")
        ->check(CLI::Range(0.0, 1.0));
    command.add_flag("--literal-temperature", options.literal_temperature,
                     "Divide by beta instead of multiplying, as the paper's text says");
}

/// What all experiments have in common.
void add_options(CLI::App& command, RoapTableOptions& options) {
    command.add_option("--scale", options.scale, "small: minutes on two cores; paper: its sizes")
        ->capture_default_str()
        ->check(CLI::IsMember({"small", "paper"}));
    command.add_option("--symbols", options.symbols, "learned from images, or given")
        ->capture_default_str()
        ->check(CLI::IsMember({"learned", "given"}));
    command.add_option("--images", options.images, "glyphs (drawn here), mnist or cifar10")
        ->check(CLI::IsMember({"glyphs", "mnist", "cifar10"}));
    command.add_option("--data", options.data, "Folder with the files of MNIST (IDX) or CIFAR-10 (binary)");
    command.add_option("--tasks", options.tasks, "Formulas to find")->check(CLI::Range(1, 1101));
    command.add_option("--network", options.network, "Reader of the images: small or resnet18")
        ->check(CLI::IsMember({"small", "resnet18"}));
    command
        .add_option("--runs", options.runs,
                    "Runs of each row, of which the one with the least training loss counts")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    add_training_options(command, options);
    add_experiment_options(command, options.experiment);
    add_device_options(command, options.device, options.experiment.common);
    add_report_option(command, options.experiment.common);
}

void add_table1(CLI::App& reproduce, int& exit_code) {
    const auto options = std::make_shared<RoapTableOptions>();
    options->experiment.output = "runs/roap-table1";
    CLI::App* command = reproduce.add_subcommand(
        "roap-table1", "Table 1 of From Perception to Programs: amortised gradient search and its ablations");
    command
        ->add_option(
            "--rows", options->rows,
            fmt::format("Rows to run, of {}; default: all", fmt::join(papers::roap_row_names(), ", ")))
        ->delimiter(',');
    add_options(*command, *options);
    command->footer("Example: ropewalk reproduce roap-table1 --rows roap,no-gumbel -o runs/roap-table1\n"
                    "After Ctrl-C what is done is kept; --resume continues to the same table.");
    command->callback([options, &exit_code] {
        exit_code = run(*options, "Table 1", "table",
                        [](const auto& settings) { return papers::roap_table1(settings); });
    });
}

/// A figure that repeats the training at several values of one setting.
struct Sweep {
    const char *name, *title, *about, *values_about;
    base::Result<papers::RoapFigure> (*run)(const std::vector<double>&, papers::RoapTable1Options);
};

constexpr std::array sweeps{
    Sweep{"roap-fig5", "Figure 5",
          "Figure 5 of From Perception to Programs: lines of the sketch against the difficulty of tasks",
          "Lines of the sketches; default: 3,5,10,15,30", &papers::roap_fig5},
    Sweep{"roap-fig6", "Figure 6",
          "Figure 6 of From Perception to Programs: the length prior against programs right and their length",
          "Weights lambda of the expected length; default: 0,2e-4,2e-3", &papers::roap_fig6},
};

void add_sweep(CLI::App& reproduce, const Sweep& sweep, int& exit_code) {
    const auto options = std::make_shared<RoapTableOptions>();
    options->experiment.output = fmt::format("runs/{}", sweep.name);
    CLI::App* command = reproduce.add_subcommand(sweep.name, sweep.about);
    command->add_option("--values", options->values, sweep.values_about)->delimiter(',');
    add_options(*command, *options);
    command->footer(fmt::format("Example: ropewalk reproduce {} --symbols given -o runs/{}\n"
                                "After Ctrl-C what is done is kept; --resume continues.",
                                sweep.name, sweep.name));
    command->callback([options, sweep, &exit_code] {
        exit_code = run(*options, sweep.title, "figure",
                        [&](const auto& settings) { return sweep.run(options->values, settings); });
    });
}

} // namespace

void add_roap(CLI::App& reproduce, int& exit_code) {
    add_table1(reproduce, exit_code);
    for (const Sweep& sweep : sweeps) add_sweep(reproduce, sweep, exit_code);
}

} // namespace ropewalk::cli
