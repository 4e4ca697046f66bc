// ropewalk reproduce: the tables of the papers.
#include <array>
#include <chrono>
#include <filesystem>

#include <fmt/format.h>

#include "ropewalk/cli/cli.hpp"
#include "ropewalk/experiments/experiments.hpp"

namespace ropewalk::cli {

namespace {

struct ReproduceOptions {
    CommonOptions common;
    std::string output;
    experiments::Table1Options table1;
};

constexpr std::array table_names{"state.json", "table.json", "table.csv", "table.md"};

/// The output folder, made if it is not there; a finished or begun run in it is only replaced when asked.
base::Result<std::string> prepare_folder(const ReproduceOptions& options) {
    if (options.output.empty()) return base::failure("--output", "an empty name", "the name of a folder");
    return free_folder(options.output, table_names, options.table1.resume || options.common.force)
        .and_then([](const std::string& folder) -> base::Result<std::string> {
            std::error_code error;
            std::filesystem::create_directories(folder, error);
            if (!error) return folder;
            return base::failure(folder, "cannot create the folder: " + error.message(),
                                 "a folder that can be written to");
        })
        .map_error([](base::Diagnostics errors) {
            errors.back().expected += "; --resume goes on with a run that was stopped";
            return errors;
        });
}

base::Result<std::string> write_tables(const std::string& folder, const experiments::Table1& table) {
    const auto write = [&](const char* name, const std::string& content) {
        return base::write_file((std::filesystem::path(folder) / name).string(), content,
                                base::Overwrite::allow);
    };
    return write("table.json", to_json(table))
        .and_then([&](auto) { return write("table.csv", to_csv(table)); })
        .and_then([&](auto) { return write("table.md", to_markdown(table)); });
}

int run_table1(ReproduceOptions options) {
    options.table1.seed = options.common.seed;
    options.table1.threads = options.common.threads;
    options.table1.state_file = (std::filesystem::path(options.output) / "state.json").string();
    options.table1.stop = interruption();
    if (const auto folder = prepare_folder(options); !folder) return report(folder.error());

    const auto start = std::chrono::steady_clock::now();
    const auto table = [&] {
        base::ProgressReporter progress("Table 1",
                                        base::ProgressReporter::style_for(stderr, options.common.quiet));
        options.table1.progress = progress.sink();
        return sdp_table1(options.table1);
    }();
    if (!table) return report(table.error());
    if (const auto written = write_tables(options.output, *table); !written) return report(written.error());
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

} // namespace

void add_reproduce(CLI::App& app, int& exit_code) {
    CLI::App* command = app.add_subcommand("reproduce", "Run an experiment of the papers");
    command->require_subcommand(1);
    command->footer("Example: ropewalk reproduce sdp-table1 --restarts 100 -o runs/sdp-table1");
    const auto options = std::make_shared<ReproduceOptions>();
    options->output = "runs/sdp-table1";
    CLI::App* table1 = command->add_subcommand(
        "sdp-table1", "Table 1 of Synthesized Differentiable Programs");
    table1->add_option("--restarts", options->table1.restarts, "Restarts per cell")
        ->capture_default_str()
        ->check(CLI::Range(1, 1'000'000));
    table1->add_option("--iterations", options->table1.iterations, "Gradient steps per restart")
        ->capture_default_str()
        ->check(CLI::Range(0, 10'000'000));
    add_population_option(*table1, options->table1.population_interval);
    table1->add_option("-o,--output", options->output, "Folder for the table and the state of the run")
        ->capture_default_str();
    table1->add_flag("--resume", options->table1.resume, "Go on with the run in the folder");
    table1->add_flag("--force", options->common.force, "Replace the run in the folder");
    add_common_options(*table1, options->common);
    table1->footer("Example: ropewalk reproduce sdp-table1 --restarts 100 -o runs/sdp-table1\n"
                   "After Ctrl-C the finished cells are kept; --resume continues to the same table.");
    table1->callback([options, &exit_code] { exit_code = run_table1(*options); });
}

} // namespace ropewalk::cli
