// ropewalk reproduce: the tables of the papers.
#include "papers/commands/commands.hpp"

#include "papers/commands/experiment.hpp"
#include "papers/commands/reproduce_laws.hpp"
#include "papers/commands/reproduce_lists.hpp"
#include "papers/commands/reproduce_roap.hpp"
#include "papers/results/results.hpp"
#include "papers/sdp/sdp.hpp"

namespace ropewalk::cli {

namespace {

/// An experiment's own options, and those of any.
template<class Options>
struct Asked {
    ExperimentOptions experiment;
    Options own;
};

/// Runs what the function makes of the options.
template<class Options, class Function>
int run(const ExperimentName& name, Asked<Options> asked, const Function& function) {
    asked.own.seed = asked.experiment.common.seed;
    return run_experiment(name, asked.experiment, [&](const papers::ExperimentRun& run) {
        asked.own.run = run;
        return function(asked.own);
    });
}

template<class Options>
std::shared_ptr<Asked<Options>> asked_with(const char* output) {
    auto asked = std::make_shared<Asked<Options>>();
    asked->experiment.output = output;
    return asked;
}

template<class Options>
void add_common(CLI::App& command, Asked<Options>& asked) {
    add_experiment_options(command, asked.experiment);
    add_common_options(command, asked.experiment.common);
    add_report_option(command, asked.experiment.common);
}

void add_recovery(CLI::App& reproduce, int& exit_code) {
    const auto options = asked_with<papers::RecoveryOptions>("runs/formula-recovery");
    CLI::App* recovery = reproduce.add_subcommand(
        "formula-recovery", "Formulas and laws of physics found again from tables of their values");
    recovery->add_option("--tasks", options->own.tasks, "Formulas drawn from the pool")
        ->capture_default_str()
        ->check(CLI::Range(1, 70'000));
    recovery
        ->add_option("--parts", options->own.parts,
                     "Of exact, noise, constants, crossover, laws; default: all")
        ->delimiter(',');
    recovery->add_option("--law-seconds", options->own.law_seconds, "Time for each law")
        ->capture_default_str()
        ->check(CLI::Range(0.1, 1e5));
    add_common(*recovery, *options);
    recovery->footer("Example: ropewalk reproduce formula-recovery --parts laws -o runs/laws");
    recovery->callback([options, &exit_code] {
        exit_code = run({"formulas found again", "recovery"}, *options, papers::formula_recovery);
    });
}

void add_curve(CLI::App& reproduce, int& exit_code) {
    const auto options = asked_with<papers::CurveOptions>("runs/sdp-curve");
    CLI::App* curve = reproduce.add_subcommand(
        "sdp-curve", "Success against time: random restarts, search, and both together");
    curve->add_option("--runs", options->own.runs, "Runs of each method on each task")
        ->capture_default_str()
        ->check(CLI::Range(1, 100'000));
    curve->add_option("--seconds", options->own.seconds, "Time of a run, on one thread")
        ->capture_default_str()
        ->check(CLI::Range(0.1, 1e6));
    add_common(*curve, *options);
    curve->footer("Example: ropewalk reproduce sdp-curve --runs 10 --seconds 30 -o runs/sdp-curve");
    curve->callback([options, &exit_code] {
        exit_code = run({"success against time", "curve"}, *options, papers::sdp_curve);
    });
}

} // namespace

void add_reproduce(CLI::App& app, int& exit_code) {
    CLI::App* command = app.add_subcommand("reproduce", "Run an experiment of the papers");
    command->require_subcommand(1);
    command->footer("Example: ropewalk reproduce sdp-table1 --restarts 100 -o runs/sdp-table1");
    const auto options = asked_with<papers::Table1Options>("runs/sdp-table1");
    CLI::App* table1 =
        command->add_subcommand("sdp-table1", "Table 1 of Synthesized Differentiable Programs");
    table1->add_option("--restarts", options->own.restarts, "Restarts per cell")
        ->capture_default_str()
        ->check(CLI::Range(1, 1'000'000));
    table1->add_option("--iterations", options->own.iterations, "Gradient steps per restart")
        ->capture_default_str()
        ->check(CLI::Range(0, 10'000'000));
    table1
        ->add_option("--rows", options->own.rows,
                     "Rows to run, e.g. \"Optimization,map inc,map dec,loop no-op\"; default: all")
        ->delimiter(',');
    add_population_option(*table1, options->own.population_interval);
    add_common(*table1, *options);
    table1->footer("Example: ropewalk reproduce sdp-table1 --restarts 100 -o runs/sdp-table1\n"
                   "After Ctrl-C the finished cells are kept; --resume continues to the same table.");
    table1->callback([options, &exit_code] { exit_code = run({"Table 1", "table"}, *options, papers::sdp_table1); });
    add_curve(*command, exit_code);
    add_recovery(*command, exit_code);
    add_laws(*command, exit_code);
    add_lists(*command, exit_code);
    add_sequences(*command, exit_code);
    add_roap(*command, exit_code);
    add_roap_table2(*command, exit_code);
    add_manifests(*command, exit_code);
    add_digits(*command, exit_code);
}

} // namespace ropewalk::cli
