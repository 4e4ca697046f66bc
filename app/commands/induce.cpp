// ropewalk induce: a program from examples, of lists or of rows of cells.
#include <algorithm>

#include <fmt/format.h>

#include "app/commands/commands.hpp"
#include "app/commands/induce_lists.hpp"
#include "app/commands/induce_rows.hpp"
#include "app/reports/reports.hpp"

namespace ropewalk::cli {

namespace {

struct InduceCommandOptions {
    CommonOptions common;
    RowsOptions rows;
    ListOptions lists;
    std::string file, output;
};

/// Options that say nothing to a search over lists are refused, not passed over.
base::Status check_list_options(const InduceCommandOptions& options, const std::string& file) {
    const auto refused = [&](const char* option) {
        return base::failure(option, "examples over lists in " + file, "rows of cells, as `ropewalk induce --help` shows them");
    };
    const tasks::ExampleFileSizes& sizes = options.rows.task.sizes;
    const bool assembly = options.lists.language == "asm";
    if (!options.rows.rebase.empty()) return refused("--rebase");
    if (sizes.base && !assembly) return refused("--base (without --export asm)");
    if (sizes.cells && !assembly) return refused("--cells (without --export asm)");
    return {};
}

int run_lists(const InduceCommandOptions& options, const std::string& text, const std::string& file) {
    if (const auto possible = check_list_options(options, file); !possible) return report(possible.error());
    ListOptions lists = options.lists;
    lists.base = options.rows.task.sizes.base.value_or(0);
    lists.cells = options.rows.task.sizes.cells.value_or(0);
    lists.fit = options.rows.search.fit;
    return induce_lists(text, file, options.output, options.rows.search.induce.run.seconds, lists, options.common);
}

/// A file of examples may stand alone, as the first word of the command.
int run(InduceCommandOptions& options) {
    TaskOptions& task = options.rows.task;
    if (task.examples.empty()) task.examples = options.file;
    if (task.examples.empty() && task.task.empty())
        return report({{.file = "induce", .found = "no examples", .expected = "a file of them, `ropewalk induce FILE`, or --task NAME (`ropewalk tasks` lists them)"}});
    if (const auto free = check_page(options.common); !free) return report(free.error());
    if (task.task.empty())
        if (const auto text = list_examples_in(task.examples)) return run_lists(options, *text, task.examples);
    return induce_rows(options.rows, options.output, options.common);
}

} // namespace

void add_induce(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<InduceCommandOptions>();
    CLI::App* command =
        app.add_subcommand("induce", "Find a function from examples of lists, or a certified program for rows of cells");
    command->add_option("file", options->file, "A file of examples, as with --examples");
    add_task_options(*command, options->rows.task);
    add_search_options(*command, options->rows.search);
    add_settings(*command, options->rows.search.induce, {"seed", "threads", "seconds", "programs", "draw"});
    command
        ->add_option("--rebase", options->rows.rebase,
                     "For rows of cells: check the program in other bases too, with as many cells, e.g. 16,64")
        ->delimiter(',')
        ->check(CLI::Range(2, assembly::largest_base));
    command->add_option(
        "-o,--output", options->output,
        "Folder for program.rope, program.asm, weights.safetensors, certificate.json, search.json "
        "and run.json; for lists the file of the program");
    add_list_options(*command, options->lists);
    command->add_flag("--force", options->common.force, "Replace files in the output folder");
    add_details_option(*command, options->common);
    add_report_option(*command, options->common);
    add_common_options(*command, options->common);
    command->footer(
        "Example: ropewalk induce --task sort --rebase 16,64 -o runs/sort\n"
        "         ropewalk induce --examples mine.jsonl\n"
        "         ropewalk induce lists.jsonl --export python -o solve.py\n"
        "Examples over lists are lines such as {\"in\": [3,1,2], \"out\": [1,2,3]} or [3,1,2] -> [1,2,3].\n"
        "Exit status 1 when no program was found.");
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

} // namespace ropewalk::cli
