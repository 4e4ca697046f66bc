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

struct ReproduceOptions {
    CommonOptions common;
    std::string output;
    papers::Table1Options table1;
    papers::CurveOptions curve;
    papers::RecoveryOptions recovery;
};

int run_table1(ReproduceOptions options) {
    options.table1.seed = options.common.seed;
    options.table1.threads = options.common.threads;
    options.table1.state_file = state_file(options.output);
    options.table1.stop = interruption();
    const base::EarlierRun earlier{true, options.table1.resume, options.common.force};
    return run_experiment({"Table 1", "table", options.output, earlier}, options.common,
                          [&](const base::ProgressSink& progress) {
                              options.table1.progress = progress;
                              return sdp_table1(options.table1);
                          });
}

int run_curve(ReproduceOptions options) {
    options.curve.seed = options.common.seed;
    options.curve.threads = options.common.threads;
    options.curve.stop = interruption();
    const base::EarlierRun earlier{.replace = options.common.force};
    return run_experiment({"success against time", "curve", options.output, earlier}, options.common,
                          [&](const base::ProgressSink& progress) {
                              options.curve.progress = progress;
                              return sdp_curve(options.curve);
                          });
}

int run_recovery(ReproduceOptions options) {
    options.recovery.seed = options.common.seed;
    options.recovery.threads = options.common.threads;
    options.recovery.stop = interruption();
    const base::EarlierRun earlier{.replace = options.common.force};
    return run_experiment({"formulas found again", "recovery", options.output, earlier}, options.common,
                          [&](const base::ProgressSink& progress) {
                              options.recovery.progress = progress;
                              return formula_recovery(options.recovery);
                          });
}

void add_recovery(CLI::App& reproduce, int& exit_code) {
    const auto options = std::make_shared<ReproduceOptions>();
    options->output = "runs/formula-recovery";
    CLI::App* recovery = reproduce.add_subcommand(
        "formula-recovery", "Formulas and laws of physics found again from tables of their values");
    recovery->add_option("--tasks", options->recovery.tasks, "Formulas drawn from the pool")
        ->capture_default_str()
        ->check(CLI::Range(1, 70'000));
    recovery
        ->add_option("--parts", options->recovery.parts,
                     "Of exact, noise, constants, crossover, laws; default: all")
        ->delimiter(',');
    recovery->add_option("--law-seconds", options->recovery.law_seconds, "Time for each law")
        ->capture_default_str()
        ->check(CLI::Range(0.1, 1e5));
    recovery->add_option("-o,--output", options->output, "Folder for the results")->capture_default_str();
    recovery->add_flag("--force", options->common.force, "Replace the results in the folder");
    add_common_options(*recovery, options->common);
    add_report_option(*recovery, options->common);
    recovery->footer("Example: ropewalk reproduce formula-recovery --parts laws -o runs/laws");
    recovery->callback([options, &exit_code] { exit_code = run_recovery(*options); });
}

void add_curve(CLI::App& reproduce, int& exit_code) {
    const auto options = std::make_shared<ReproduceOptions>();
    options->output = "runs/sdp-curve";
    CLI::App* curve = reproduce.add_subcommand(
        "sdp-curve", "Success against time: random restarts, search, and both together");
    curve->add_option("--runs", options->curve.runs, "Runs of each method on each task")
        ->capture_default_str()
        ->check(CLI::Range(1, 100'000));
    curve->add_option("--seconds", options->curve.seconds, "Time of a run, on one thread")
        ->capture_default_str()
        ->check(CLI::Range(0.1, 1e6));
    curve->add_option("-o,--output", options->output, "Folder for the curve")->capture_default_str();
    curve->add_flag("--force", options->common.force, "Replace the curve in the folder");
    add_common_options(*curve, options->common);
    add_report_option(*curve, options->common);
    curve->footer("Example: ropewalk reproduce sdp-curve --runs 10 --seconds 30 -o runs/sdp-curve");
    curve->callback([options, &exit_code] { exit_code = run_curve(*options); });
}

} // namespace

void add_reproduce(CLI::App& app, int& exit_code) {
    CLI::App* command = app.add_subcommand("reproduce", "Run an experiment of the papers");
    command->require_subcommand(1);
    command->footer("Example: ropewalk reproduce sdp-table1 --restarts 100 -o runs/sdp-table1");
    const auto options = std::make_shared<ReproduceOptions>();
    options->output = "runs/sdp-table1";
    CLI::App* table1 =
        command->add_subcommand("sdp-table1", "Table 1 of Synthesized Differentiable Programs");
    table1->add_option("--restarts", options->table1.restarts, "Restarts per cell")
        ->capture_default_str()
        ->check(CLI::Range(1, 1'000'000));
    table1->add_option("--iterations", options->table1.iterations, "Gradient steps per restart")
        ->capture_default_str()
        ->check(CLI::Range(0, 10'000'000));
    table1
        ->add_option("--rows", options->table1.rows,
                     "Rows to run, e.g. \"Optimization,map inc,map dec,loop no-op\"; default: all")
        ->delimiter(',');
    add_population_option(*table1, options->table1.population_interval);
    table1->add_option("-o,--output", options->output, "Folder for the table and the state of the run")
        ->capture_default_str();
    table1->add_flag("--resume", options->table1.resume, "Go on with the run in the folder");
    table1->add_flag("--force", options->common.force, "Replace the run in the folder");
    add_common_options(*table1, options->common);
    add_report_option(*table1, options->common);
    table1->footer("Example: ropewalk reproduce sdp-table1 --restarts 100 -o runs/sdp-table1\n"
                   "After Ctrl-C the finished cells are kept; --resume continues to the same table.");
    table1->callback([options, &exit_code] { exit_code = run_table1(*options); });
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
