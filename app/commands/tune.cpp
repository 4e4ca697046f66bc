// ropewalk tune: gradient descent from a program, or from nothing, to a certified program.
#include <array>
#include <filesystem>

#include <fmt/format.h>

#include "app/commands/commands.hpp"
#include "app/commands/search_options.hpp"
#include "app/commands/source.hpp"
#include "app/reports/reports.hpp"
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
    PartOptions part;
};

/// What is tuned, and from where.
struct Problem {
    tasks::Task task;
    std::optional<assembly::Program> initial;
};

constexpr const char* restarts_name = "restarts.json";

/// How many of the restarts gave what, in the three meanings of "recovered".
void show_recovered(const tuning::Recovered& recovered) {
    fmt::print("Restarts recovered\n  soft       {}\n  hard       {}\n  certified  {}\n", percent(recovered.soft),
               percent(recovered.hard), percent(recovered.certified));
    if (recovered.repaired > 0)
        fmt::print("             {} of the certified programs by repair, one or two edits after tuning\n", recovered.repaired);
}

void show(const tasks::Task& task, const tuning::TuneResult& result, bool details, double seconds) {
    if (const tuning::Restart* const found = result.found()) {
        fmt::print("Program found for {}: {}\n\n{}\n", task.name, task.summary,
                   found->repaired || !details ? to_string(found->program) : annotated(decompile(found->model)));
        fmt::print("Certificate {}\n", describe(*result.certificate));
    } else {
        fmt::print("No certified program found for {}: {}\n\n", task.name, task.summary);
    }
    if (result.repaired_start) fmt::print("It is the program that the restarts began with, repaired by one or two edits.\n");
    if (details) show_recovered(result.recovered);
    fmt::print("{} of {} restarts gave a certified program, {:.1f} s{}\n", result.recovered.certified.count,
               result.restarts.size(), seconds,
               result.out_of_memory   ? ", stopped early: not enough memory for the others"
               : result.stopped_early ? ", stopped early: its time was up, or it was asked to"
                                      : "");
    if (result.found() == nullptr)
        fmt::print("Try more --restarts or --iterations, another --init template, or another --gamma.\n");
}

machine::Loss loss_of(const TuneCommandOptions& options) {
    machine::Loss loss = options.loss == "anc"       ? machine::anc_loss()
                         : options.loss == "squared" ? machine::squared_loss()
                                                     : machine::default_loss();
    if (options.efficiency) loss.efficiency = *options.efficiency;
    return loss;
}

/// The task and the program to start from, and into the options what follows from them.
base::Result<Problem> problem_of(TuneCommandOptions& options) {
    const auto task = task_of(options.task);
    if (!task) return base::failure(task.error());
    const auto switches = switches_of(options.machine);
    if (!switches) return base::failure(switches.error());
    std::optional<assembly::Program> initial;
    if (!options.initial.empty()) {
        // Assembly says itself which machine it is for.
        const auto program =
            load_program(options.initial, is_high_level(options.initial)
                                              ? assembly::ParseOverrides{.base = task->base, .cells = task->cells}
                                              : assembly::ParseOverrides{});
        if (!program) return base::failure(program.error());
        initial = assembly::padded_with_nops(*program, options.pad);
    }
    const auto set = instruction_set_of(options.machine, initial ? compiler::instruction_set_for(*initial)
                                                                 : assembly::paper13());
    if (!set) return base::failure(set.error());
    options.tune.compile.switches = *switches;
    options.tune.compile.instruction_set = *set;
    options.tune.loss = loss_of(options);
    options.tune.run.seed = options.common.seed;
    options.tune.run.threads = options.common.threads;
    options.tune.run.stop = interruption();
    return Problem{*task, std::move(initial)};
}

base::Manifest manifest(const CLI::App& command, const TuneCommandOptions& options, const Problem& problem) {
    std::map<std::string, std::string> inputs;
    if (!problem.task.examples_sha256.empty()) inputs["examples"] = problem.task.examples_sha256;
    if (problem.initial) inputs["init"] = base::sha256(to_string(*problem.initial));
    return manifest_of(command, options.part, inputs);
}

int run_part(TuneCommandOptions& options, const Problem& problem, const CLI::App& command) {
    const base::Part part = *options.part.part;
    const auto folder = begin_part(options.output, part, {restarts_name}, {.replace = options.common.force});
    if (!folder) return report(folder.error());
    const auto lock = base::FolderLock::take(*folder);
    if (!lock) return report(lock.error());
    const base::UnitRange range = tuning::restarts_of(part, options.tune);
    const auto result = [&] {
        base::ProgressReporter progress("tuning " + problem.task.name,
                                        base::ProgressReporter::style_for(stderr, options.common.quiet));
        options.tune.run.progress = progress.sink();
        return tuning::tune_part(problem.task, problem.initial, options.tune, range);
    }();
    if (!result) return report(result.error());
    if (result->stopped_early) {
        say("ropewalk: part {} stopped before its end{}; nothing of it is kept\n", to_string(part),
            result->out_of_memory ? ": not enough memory" : "");
        return exit_not_found;
    }
    const std::array names{restarts_name};
    const std::vector<std::pair<const char*, std::string>> files{{restarts_name, to_json(*result)}};
    if (const auto saved = base::write_files(*folder, files, names, overwrite_of(options.common)); !saved)
        return report(saved.error());
    if (const auto saved = base::save_manifest(*folder, manifest(command, options, problem)); !saved)
        return report(saved.error());
    return tell_part(options.output, part, fmt::format("{} of {} restarts", range.count(), options.tune.restarts),
                     options.common.json);
}

base::Result<tuning::TuneResult> joined(const TuneCommandOptions& options, const Problem& problem,
                                        const CLI::App& command) {
    const auto folders = parts_of(options.output, manifest(command, options, problem));
    if (!folders) return base::failure(folders.error());
    std::vector<tuning::TunePart> parts;
    for (const std::string& folder : *folders) {
        const std::string file = (std::filesystem::path(folder) / restarts_name).string();
        auto part = base::read_file(file).and_then(
            [&](const std::string& text) { return tuning::parse_tune_part(text, file); });
        if (!part) return base::failure(part.error());
        parts.push_back(std::move(*part));
    }
    return tuning::join(problem.task, problem.initial, options.tune, std::move(parts));
}

base::Result<tuning::TuneResult> tuned(TuneCommandOptions& options, const Problem& problem, const CLI::App& command,
                                       LivePage& page) {
    if (options.part.join) return joined(options, problem, command);
    base::ProgressReporter progress("tuning " + problem.task.name,
                                    base::ProgressReporter::style_for(stderr, options.common.quiet));
    options.tune.run.progress = page.watching(progress.sink());
    return tuning::tune(problem.task, problem.initial, options.tune);
}

int run(TuneCommandOptions options, const CLI::App& command) {
    const auto problem = problem_of(options);
    if (!problem) return report(problem.error());
    if (contradictory(problem->task)) return exit_not_found;
    if (options.part.part) return run_part(options, *problem, command);
    if (const auto folder = base::free_folder(options.output, tuning::file_names, options.common.force);
        !folder)
        return report(folder.error());
    if (const auto free = check_page(options.common); !free) return report(free.error());
    const auto lock = base::FolderLock::take(options.output);
    if (!lock) return report(lock.error());
    const tasks::Task& task = problem->task;
    LivePage page(options.common.page, "Tuning " + task.name, options.common);
    if (const auto begun = page.begin(); !begun) return report(begun.error());
    const base::Stopwatch watch;
    const auto result = tuned(options, *problem, command, page);
    if (!result) return report(result.error());
    const double seconds = watch.seconds();
    const std::string json = tuning::to_json(*result, task, options.tune, options.initial, seconds);
    if (options.common.json)
        fmt::print("{}", json);
    else
        show(task, *result, options.common.details, seconds);
    if (!options.output.empty())
        if (const auto saved = tuning::save(options.output, *result, json, overwrite_of(options.common));
            !saved)
            return report(saved.error());
    if (const auto shown = page.finish([&] { return report_page(Json::parse(json), options.output); }); !shown)
        return report(shown.error());
    if (result->out_of_memory) {
        say("ropewalk: not enough memory: {} of {} restarts began; expected more memory, or fewer "
            "--restarts\n",
            result->restarts.size(), options.tune.restarts);
        return exit_bad_input;
    }
    return result->found() != nullptr ? exit_done : exit_not_found;
}

} // namespace

void add_tune(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<TuneCommandOptions>();
    CLI::App* command =
        app.add_subcommand("tune", "Tune a program, or random weights, on a task by gradient descent");
    add_task_options(*command, options->task);
    command->add_option("--init", options->initial,
                        "Program to start from, assembly or an array program (.rope); without it, random weights");
    add_settings(*command, options->tune, {"seed", "threads"});
    command
        ->add_option("--pad", options->pad,
                     "Pad the initial program with no-ops to so many lines, inside its loop")
        ->check(CLI::Range(0, assembly::largest_line_count));
    command
        ->add_option("--loss", options->loss,
                     "Squared error or cross-entropy of the final state, or anc (Bunel et al. 2016)")
        ->capture_default_str()
        ->check(CLI::IsMember({"squared", "cross-entropy", "anc"}));
    command
        ->add_option("--efficiency", options->efficiency,
                     "Weight of the penalty on steps before halting (eq. 11)")
        ->check(CLI::Range(0.0, 1e6));
    command->add_option("-o,--output", options->output,
                        "Folder for program.asm, weights.safetensors, certificate.json and run.json");
    add_part_option(*command, options->part);
    command->add_flag("--force", options->common.force, "Replace files in the output folder");
    add_machine_options(*command, options->machine);
    add_details_option(*command, options->common);
    add_report_option(*command, options->common);
    add_common_options(*command, options->common);
    command->footer("Example: ropewalk tune --task map-dec --init programs/map_inc.asm --restarts 100\n"
                    "Exit status 1 when no restart gave a certified program.");
    command->callback([options, command, &exit_code] { exit_code = run(*options, *command); });
}

} // namespace ropewalk::cli
