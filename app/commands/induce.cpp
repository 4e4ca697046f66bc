// ropewalk induce: search, tuning and repair together, from examples to a certified program.
#include <algorithm>

#include <fmt/format.h>

#include "app/commands/commands.hpp"
#include "app/commands/list_programs.hpp"
#include "app/commands/search_options.hpp"
#include "app/reports/reports.hpp"
#include "ropewalk/base/random.hpp"

namespace ropewalk::cli {

namespace {

using induction::Rebased;

struct InduceCommandOptions {
    CommonOptions common;
    TaskOptions task;
    SearchCommandOptions search;
    std::string file, output;
    ListOptions lists;
    std::vector<int> rebase;
};

void show_turns(const std::vector<induction::Turn>& turns) {
    fmt::print("\nWhat each step did\n");
    for (const induction::Turn& turn : turns)
        fmt::print("  {:<28} {:>7.2f} s  {:>12} programs  {:>12} step-samples  best {:.1f}%{}\n",
                   turn.strategy, turn.seconds, turn.candidates, turn.step_samples, 100 * turn.score,
                   turn.found ? "  found" : "");
}

void show(const tasks::Task& task, const induction::Induced& result, const std::vector<Rebased>& bases, bool details) {
    if (result.program) {
        fmt::print("Program found for {}: {}\n\n", task.name, task.summary);
        if (result.source) fmt::print("{}\nAs assembly\n\n", language::to_string(*result.source));
        fmt::print("{}\nCertificate {}", to_string(*result.program), describe(*result.certificate));
        fmt::print("Found by {}\n", result.found_by);
        show_choice(result.choice, task);
    } else {
        fmt::print("No certified program found for {}: {}\n", task.name, task.summary);
        show_near_misses(result.near_misses);
    }
    for (const Rebased& each : bases)
        fmt::print("With base {} and {} cells it {}", each.base, each.base, describe(each.certificate));
    if (details) show_turns(result.record);
    fmt::print("{:.1f} s, stopped: {}\n", result.seconds, to_string(result.stop_reason));
}

/// A task that cannot be moved to another base is refused before the search, not after it.
base::Status check_rebase(const InduceCommandOptions& options, const tasks::Task& task) {
    if (options.rebase.empty() || task.resized) return {};
    return base::failure(induction::rebase({}, task, options.rebase.front()).error());
}

induction::InduceOptions induce_options_of(const InduceCommandOptions& options,
                                           search::SearchOptions limits) {
    induction::InduceOptions induce = options.search.induce;
    induce.run.seed = options.common.seed;
    induce.run.threads = options.common.threads;
    induce.run.stop = interruption();
    induce.search_options = std::move(limits);
    return induce;
}

/// The program found in every base that is asked for.
base::Result<std::vector<Rebased>> rebased(const InduceCommandOptions& options, const tasks::Task& task,
                                           const induction::Induced& result, const base::Stop& stop) {
    std::vector<Rebased> bases;
    if (!result.source) {
        if (!options.rebase.empty() && result.program)
            say("note: found as assembly only, which cannot be moved to another base\n");
        return bases;
    }
    for (const int base : options.rebase) {
        if (stop.requested()) {
            say("note: stopped before base {}\n", base);
            break;
        }
        auto larger =
            induction::rebase(*result.source, task, base,
                              {.seed = options.common.seed, .threads = options.common.threads, .stop = stop});
        if (!larger) return base::failure(larger.error());
        bases.push_back(std::move(*larger));
    }
    return bases;
}

/// Options that say nothing to a search over lists are refused, not passed over.
base::Status check_list_options(const InduceCommandOptions& options, const std::string& file) {
    const auto refused = [&](const char* option) {
        return base::failure(option, "examples over lists in " + file, "rows of cells, as `ropewalk induce --help` shows them");
    };
    const tasks::ExampleFileSizes& sizes = options.task.sizes;
    const bool assembly = options.lists.language == "asm";
    if (!options.rebase.empty()) return refused("--rebase");
    if (sizes.base && !assembly) return refused("--base (without --export asm)");
    if (sizes.cells && !assembly) return refused("--cells (without --export asm)");
    return {};
}

/// A file of examples may stand alone, as the first word of the command.
int run(InduceCommandOptions& options) {
    if (options.task.examples.empty()) options.task.examples = options.file;
    if (options.task.examples.empty() && options.task.task.empty())
        return report({{.file = "induce", .found = "no examples", .expected = "a file of them, `ropewalk induce FILE`, or --task NAME (`ropewalk tasks` lists them)"}});
    if (const auto free = check_page(options.common); !free) return report(free.error());
    if (options.task.task.empty())
        if (const auto text = list_examples_in(options.task.examples)) {
            if (const auto possible = check_list_options(options, options.task.examples); !possible) return report(possible.error());
            options.lists.base = options.task.sizes.base.value_or(0);
            options.lists.cells = options.task.sizes.cells.value_or(0);
            options.lists.fit = options.search.fit;
            return induce_lists(*text, options.task.examples, options.output,
                                options.search.induce.run.seconds, options.lists, options.common);
        }
    if (const auto folder = base::free_folder(options.output, induction::file_names, options.common.force);
        !folder)
        return report(folder.error());
    if (!options.search.induce.search && !options.search.induce.tune)
        return report(
            {{.file = "induce", .found = "--no-search and --no-tune", .expected = "at most one of them"}});
    const auto task = task_of(options.task);
    if (!task) return report(task.error());
    if (const auto possible = check_rebase(options, *task); !possible) return report(possible.error());
    if (contradictory(*task)) return exit_not_found;
    auto limits = search_options_of(options.search, options.common);
    if (!limits) return report(limits.error());
    const auto lock = base::FolderLock::take(options.output);
    if (!lock) return report(lock.error());
    induction::InduceOptions induce = induce_options_of(options, std::move(*limits));
    LivePage page(options.common.page, "Inducing " + task->name, options.common);
    if (const auto begun = page.begin(); !begun) return report(begun.error());
    const auto result = [&] {
        base::ProgressReporter progress("inducing " + task->name,
                                        base::ProgressReporter::style_for(stderr, options.common.quiet));
        induce.run.progress = page.watching(progress.sink());
        return induction::induce(*task, induce);
    }();
    if (!result) return report(result.error());
    const auto bases = rebased(options, *task, *result, induce.run.stop);
    if (!bases) return report(bases.error());
    const std::string json = induction::to_json(*result, *task, induce, *bases);
    if (options.common.json)
        fmt::print("{}", json);
    else
        show(*task, *result, *bases, options.common.details);
    if (!options.output.empty())
        if (const auto saved = induction::save(options.output, *result, json, overwrite_of(options.common));
            !saved)
            return report(saved.error());
    if (const auto shown = page.finish([&] { return report_page(Json::parse(json), options.output); }); !shown)
        return report(shown.error());
    const bool all_hold =
        std::all_of(bases->begin(), bases->end(), [](const Rebased& each) { return each.certificate.holds; });
    return result->program && all_hold && bases->size() == (result->source ? options.rebase.size() : 0)
               ? exit_done
               : exit_not_found;
}

} // namespace

void add_induce(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<InduceCommandOptions>();
    CLI::App* command =
        app.add_subcommand("induce", "Find a function from examples of lists, or a certified program for rows of cells");
    command->add_option("file", options->file, "A file of examples, as with --examples");
    add_task_options(*command, options->task);
    add_search_options(*command, options->search);
    add_settings(*command, options->search.induce, {"seed", "threads", "seconds", "programs", "draw"});
    command
        ->add_option("--rebase", options->rebase,
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
