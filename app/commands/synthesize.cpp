// ropewalk synthesize: exhaustive search for a program, on its own.
#include <array>
#include <chrono>

#include <fmt/format.h>

#include "app/commands/commands.hpp"
#include "app/commands/search_options.hpp"

namespace ropewalk::cli {

namespace {

struct SynthesizeOptions {
    CommonOptions common;
    TaskOptions task;
    SearchCommandOptions search;
    std::string output;
};

int run(const SynthesizeOptions& options) {
    if (const auto free = base::free_file(options.output, overwrite_of(options.common)); !free)
        return report(free.error());
    const auto task = task_of(options.task);
    if (!task) return report(task.error());
    if (contradictory(*task)) return exit_not_found;
    auto limits = search_options_of(options.search, options.common);
    if (!limits) return report(limits.error());
    const auto result = [&] {
        base::ProgressReporter progress("searching " + task->name,
                                        base::ProgressReporter::style_for(stderr, options.common.quiet));
        induction::InduceOptions induce = options.search.induce;
        induce.run.seed = options.common.seed;
        induce.run.threads = options.common.threads;
        induce.run.progress = progress.sink();
        induce.run.stop = interruption();
        induce.tune = false;
        induce.search_options = std::move(*limits);
        return induction::induce(*task, induce);
    }();
    if (!result) return report(result.error());
    auto misses = result->near_misses;
    misses.resize(std::min(misses.size(), static_cast<std::size_t>(options.search.near_misses)));
    if (!options.output.empty() && result->source) {
        const auto written = base::write_file(options.output, language::to_string(*result->source),
                                              overwrite_of(options.common));
        if (!written) return report(written.error());
    }
    if (options.common.json) {
        print({{"task", task->name},
               {"program", result->program ? Json(to_string(*result->program)) : Json(nullptr)},
               {"source", result->source ? Json(language::to_string(*result->source)) : Json(nullptr)},
               {"found_by", result->program ? Json(result->found_by) : Json(nullptr)},
               {"certificate", result->certificate ? certificate_json(*result->certificate) : Json(nullptr)},
               {"candidates", result->candidates},
               {"stop_reason", to_string(result->stop_reason)},
               {"open", Json::parse(induction::open_to_json(result->choice, *task))},
               {"near_misses", Json::parse(induction::near_misses_to_json(misses))},
               {"seconds", result->seconds}});
    } else if (result->program) {
        fmt::print("Program found for {}: {}\n\n{}\n", task->name, task->summary,
                   language::to_string(*result->source));
        fmt::print("As assembly\n\n{}\nCertificate {}", to_string(*result->program),
                   describe(*result->certificate));
        show_size_or_number(*result, *task);
        show_choice(result->choice, *task);
    } else {
        fmt::print("No program found for {}: {}\n", task->name, task->summary);
        show_near_misses(misses, *task);
    }
    if (!options.common.json)
        fmt::print("{} programs tried in {:.1f} s, stopped: {}\n", result->candidates, result->seconds,
                   to_string(result->stop_reason));
    return result->program ? exit_done : exit_not_found;
}

} // namespace

void add_synthesize(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<SynthesizeOptions>();
    CLI::App* command = app.add_subcommand("synthesize", "Search for a program that explains examples");
    add_task_options(*command, options->task);
    add_search_options(*command, options->search);
    command->add_option("-o,--output", options->output, "Write the high-level program there");
    command->add_flag("--force", options->common.force, "Replace the file if it exists");
    add_common_options(*command, options->common);
    command->footer("Example: ropewalk synthesize --task reduce\n"
                    "         ropewalk synthesize --examples mine.jsonl --seconds 20\n"
                    "Exit status 1 when no program was found within the limits.");
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

} // namespace ropewalk::cli
