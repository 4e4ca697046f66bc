// ropewalk reproduce laws: published laws found again.
#include "papers/commands/reproduce_laws.hpp"

#include "papers/commands/experiment.hpp"
#include "papers/results/results.hpp"

namespace ropewalk::cli {

namespace {

struct LawsOptions {
    CommonOptions common;
    papers::LawBenchmarkOptions laws;
    std::string output = "runs/laws";
    std::string units = "both";
};

int run_laws(LawsOptions options) {
    options.laws.seed = options.common.seed;
    options.laws.threads = options.common.threads;
    options.laws.units = options.units != "no";
    options.laws.no_units = options.units != "yes";
    options.laws.state_file = state_file(options.output);
    options.laws.stop = interruption();
    const base::EarlierRun earlier{true, options.laws.resume, options.common.force};
    return run_experiment({"laws", "laws", options.output, earlier}, options.common,
                          [&](const base::ProgressSink& progress) {
                              options.laws.progress = progress;
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
    command->add_option("-o,--output", options->output, "Folder for the results")->capture_default_str();
    command->add_flag("--resume", options->laws.resume, "Go on with the run in the folder");
    command->add_flag("--force", options->common.force, "Replace the run in the folder");
    add_common_options(*command, options->common);
    add_report_option(*command, options->common);
    command->footer(
        "Example: ropewalk reproduce laws --data benchmarks/laws --sets ode --seconds 10 -o runs/laws");
    command->callback([options, &exit_code] { exit_code = run_laws(*options); });
}

} // namespace ropewalk::cli
