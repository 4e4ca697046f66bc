// ropewalk reproduce: the tables of the papers.
#include <array>
#include <chrono>
#include <filesystem>

#include <fmt/format.h>

#include "ropewalk/cli/reproduce_roap.hpp"
#include "ropewalk/experiments/experiments.hpp"

namespace ropewalk::cli {

namespace {

struct ReproduceOptions {
    CommonOptions common;
    std::string output;
    experiments::Table1Options table1;
    experiments::CurveOptions curve;
    experiments::RecoveryOptions recovery;
};

constexpr std::array table_names{"state.json", "table.json", "table.csv", "table.md"};
constexpr std::array curve_names{"curve.json", "curve.csv", "curve.md"};
constexpr std::array recovery_names{"recovery.json", "recovery.csv", "recovery.md"};

/// The output folder, made if it is not there; a finished or begun run in it is only replaced when asked.
base::Result<std::string> prepare_folder(const ReproduceOptions& options,
                                         std::span<const char* const> names) {
    if (options.output.empty()) return base::failure("--output", "an empty name", "the name of a folder");
    return free_folder(options.output, names, options.table1.resume || options.common.force)
        .and_then([](const std::string& folder) -> base::Result<std::string> {
            std::error_code error;
            std::filesystem::create_directories(folder, error);
            if (!error) return folder;
            return base::failure(folder, "cannot create the folder: " + error.message(),
                                 "a folder that can be written to");
        });
}

/// A result as JSON, CSV and Markdown, under names in this order.
template<class Table>
base::Result<std::string> write_tables(const std::string& folder, const Table& table,
                                       const std::array<const char*, 3>& names) {
    const auto write = [&](const char* name, const std::string& content) {
        return base::write_file((std::filesystem::path(folder) / name).string(), content,
                                base::Overwrite::allow);
    };
    return write(names[0], to_json(table))
        .and_then([&](auto) { return write(names[1], to_csv(table)); })
        .and_then([&](auto) { return write(names[2], to_markdown(table)); });
}

int run_table1(ReproduceOptions options) {
    options.table1.seed = options.common.seed;
    options.table1.threads = options.common.threads;
    options.table1.state_file = (std::filesystem::path(options.output) / "state.json").string();
    options.table1.stop = interruption();
    if (auto folder = prepare_folder(options, table_names); !folder) {
        folder.error().back().expected += "; --resume goes on with a run that was stopped";
        return report(folder.error());
    }

    const auto start = std::chrono::steady_clock::now();
    const auto table = [&] {
        base::ProgressReporter progress("Table 1",
                                        base::ProgressReporter::style_for(stderr, options.common.quiet));
        options.table1.progress = progress.sink();
        return sdp_table1(options.table1);
    }();
    if (!table) return report(table.error());
    if (const auto written = write_tables(options.output, *table, {"table.json", "table.csv", "table.md"});
        !written)
        return report(written.error());
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (options.common.json)
        fmt::print("{}", to_json(*table));
    else
        fmt::print("{}\n{} cells of {} restarts in {:.1f} s; table.md, table.csv and table.json are in {}\n",
                   to_markdown(*table), table->cells.size(), options.table1.restarts, seconds,
                   options.output);
    if (table->complete) return exit_done;
    fmt::print(stderr, "stopped before the table was complete; --resume goes on with it\n");
    return exit_not_found;
}

int run_curve(ReproduceOptions options) {
    options.curve.seed = options.common.seed;
    options.curve.threads = options.common.threads;
    options.curve.stop = interruption();
    if (const auto folder = prepare_folder(options, curve_names); !folder) return report(folder.error());
    const auto curve = [&] {
        base::ProgressReporter progress("success against time",
                                        base::ProgressReporter::style_for(stderr, options.common.quiet));
        options.curve.progress = progress.sink();
        return sdp_curve(options.curve);
    }();
    if (!curve) return report(curve.error());
    if (const auto written = write_tables(options.output, *curve, curve_names); !written)
        return report(written.error());
    if (options.common.json)
        fmt::print("{}", to_json(*curve));
    else
        fmt::print("Share of {} runs that have a certified program\n\n{}\ncurve.md, curve.csv and curve.json "
                   "are in {}\n",
                   options.curve.runs, to_markdown(*curve), options.output);
    return curve->complete ? exit_done : exit_not_found;
}

int run_recovery(ReproduceOptions options) {
    options.recovery.seed = options.common.seed;
    options.recovery.threads = options.common.threads;
    options.recovery.stop = interruption();
    if (const auto folder = prepare_folder(options, recovery_names); !folder) return report(folder.error());
    const auto table = [&] {
        base::ProgressReporter progress("formulas found again",
                                        base::ProgressReporter::style_for(stderr, options.common.quiet));
        options.recovery.progress = progress.sink();
        return formula_recovery(options.recovery);
    }();
    if (!table) return report(table.error());
    if (const auto written = write_tables(options.output, *table, recovery_names); !written)
        return report(written.error());
    if (options.common.json)
        fmt::print("{}", to_json(*table));
    else
        fmt::print("{}\nrecovery.md, recovery.csv and recovery.json are in {}\n", to_markdown(*table),
                   options.output);
    return table->complete ? exit_done : exit_not_found;
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
    table1->footer("Example: ropewalk reproduce sdp-table1 --restarts 100 -o runs/sdp-table1\n"
                   "After Ctrl-C the finished cells are kept; --resume continues to the same table.");
    table1->callback([options, &exit_code] { exit_code = run_table1(*options); });
    add_curve(*command, exit_code);
    add_recovery(*command, exit_code);
    add_roap(*command, exit_code);
    add_roap_table2(*command, exit_code);
}

} // namespace ropewalk::cli
