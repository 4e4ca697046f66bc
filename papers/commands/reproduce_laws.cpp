// ropewalk reproduce laws: published laws found again.
#include "papers/commands/reproduce_laws.hpp"

#include "papers/commands/experiment.hpp"
#include "papers/results/results.hpp"

namespace ropewalk::cli {

namespace {

struct LawsOptions {
    ExperimentOptions experiment{.output = "runs/laws"};
    papers::LawBenchmarkOptions laws;
    std::string units = "both";
};

int run_laws(LawsOptions options) {
    options.laws.seed = options.experiment.common.seed;
    options.laws.units = options.units != "no";
    options.laws.no_units = options.units != "yes";
    return run_experiment({"laws", "laws"}, options.experiment, [&](const papers::ExperimentRun& run) {
        options.laws.run = run;
        return law_benchmark(options.laws);
    });
}

} // namespace

void add_laws(CLI::App& reproduce, int& exit_code) {
    const auto options = std::make_shared<LawsOptions>();
    CLI::App* command = reproduce.add_subcommand("laws", "Published laws found again from tables");
    command
        ->add_option("--data", options->laws.data, "Folder with empirical.jsonl, feynman.jsonl and ode.jsonl")
        ->required();
    command->add_option("--sets", options->laws.sets, "Of empirical, feynman, ode; default: all")
        ->delimiter(',');
    command->add_option("--laws", options->laws.laws, "Names of laws; default: all")->delimiter(',');
    command->add_option("--noise", options->laws.noise, "Noise of Feynman tables: 0,0.001,0.01,0.1")
        ->delimiter(',');
    command->add_option("--units", options->units, "Feynman tables with units: yes, no or both")
        ->capture_default_str()
        ->check(CLI::IsMember({"yes", "no", "both"}));
    command->add_option("--tables", options->laws.seeds, "Tables of every law, by their own seeds")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    command->add_option("--seconds", options->laws.seconds, "Time for each table")
        ->capture_default_str()
        ->check(CLI::Range(0.1, 1e5));
    add_experiment_options(*command, options->experiment);
    add_common_options(*command, options->experiment.common);
    add_report_option(*command, options->experiment.common);
    command->footer(
        "Example: ropewalk reproduce laws --data benchmarks/laws --sets ode --seconds 10 -o runs/laws");
    command->callback([options, &exit_code] { exit_code = run_laws(*options); });
}

} // namespace ropewalk::cli
