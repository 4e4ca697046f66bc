#include "app/commands/induce_rows.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "app/reports/reports.hpp"

namespace ropewalk::cli {

namespace {

using induction::Induced;
using induction::Rebased;

void show_turns(const std::vector<induction::Turn>& turns) {
    fmt::print("\nWhat each step did\n");
    for (const induction::Turn& turn : turns)
        fmt::print("  {:<28} {:>7.2f} s  {:>12} programs  {:>12} step-samples  best {:.1f}%{}\n",
                   turn.strategy, turn.seconds, turn.candidates, turn.step_samples, 100 * turn.score,
                   turn.found ? "  found" : "");
}

void show(const tasks::Task& task, const Induced& result, const std::vector<Rebased>& bases, bool details) {
    if (result.program) {
        fmt::print("Program found for {}: {}\n\n", task.name, task.summary);
        if (result.source) fmt::print("{}\nAs assembly\n\n", language::to_string(*result.source));
        fmt::print("{}\nCertificate {}", to_string(*result.program), describe(*result.certificate));
        fmt::print("Found by {}\n", result.found_by);
        show_size_or_number(result, task);
        show_choice(result.choice, task);
    } else {
        fmt::print("No certified program found for {}: {}\n", task.name, task.summary);
        show_near_misses(result.near_misses, task);
    }
    for (const Rebased& each : bases)
        fmt::print("With base {} and {} cells it {}", each.base, each.base, describe(each.certificate));
    if (details) show_turns(result.record);
    fmt::print("{:.1f} s, stopped: {}\n", result.seconds, to_string(result.stop_reason));
}

/// A task that cannot be moved to another base is refused before the search, not after it.
base::Status check_rebase(const std::vector<int>& bases, const tasks::Task& task) {
    if (bases.empty() || task.resized) return {};
    return base::failure(induction::rebase({}, task, bases.front()).error());
}

/// What is wrong with the options whatever the task is.
base::Status check_rows_options(const RowsOptions& options, const std::string& output, const CommonOptions& common) {
    if (const auto folder = base::free_folder(output, induction::file_names, common.force); !folder)
        return base::failure(folder.error());
    if (!options.search.induce.search && !options.search.induce.tune)
        return base::failure("induce", "--no-search and --no-tune", "at most one of them");
    return {};
}

base::Result<induction::InduceOptions> induce_options_of(const RowsOptions& options, const CommonOptions& common) {
    induction::InduceOptions induce = options.search.induce;
    induce.run.seed = common.seed;
    induce.run.threads = common.threads;
    induce.run.stop = interruption();
    auto limits = search_options_of(options.search, common);
    if (!limits) return base::failure(limits.error());
    induce.search_options = std::move(*limits);
    return induce;
}

base::Result<Induced> induced(const tasks::Task& task, induction::InduceOptions& induce, LivePage& page, bool quiet) {
    base::ProgressReporter progress("inducing " + task.name, base::ProgressReporter::style_for(stderr, quiet));
    induce.run.progress = page.watching(progress.sink());
    return induction::induce(task, induce);
}

/// The program found in every base that is asked for.
base::Result<std::vector<Rebased>> rebased(const std::vector<int>& asked, const tasks::Task& task, const Induced& result,
                                           const base::Stop& stop, const CommonOptions& common) {
    std::vector<Rebased> bases;
    if (!result.source) {
        if (!asked.empty() && result.program) say("note: found as assembly only, which cannot be moved to another base\n");
        return bases;
    }
    for (const int base : asked) {
        if (stop.requested()) {
            say("note: stopped before base {}\n", base);
            break;
        }
        auto larger = induction::rebase(*result.source, task, base, {.seed = common.seed, .threads = common.threads, .stop = stop});
        if (!larger) return base::failure(larger.error());
        bases.push_back(std::move(*larger));
    }
    return bases;
}

/// Whether a program was found that holds in every base that is asked for.
bool all_hold(const Induced& result, const std::vector<Rebased>& bases, std::size_t asked) {
    return result.program && bases.size() == (result.source ? asked : 0) &&
           std::all_of(bases.begin(), bases.end(), [](const Rebased& each) { return each.certificate.holds; });
}

} // namespace

int induce_rows(const RowsOptions& options, const std::string& output, const CommonOptions& common) {
    if (const auto possible = check_rows_options(options, output, common); !possible) return report(possible.error());
    const auto task = task_of(options.task);
    if (!task) return report(task.error());
    if (const auto possible = check_rebase(options.rebase, *task); !possible) return report(possible.error());
    if (contradictory(*task)) return exit_not_found;
    auto induce = induce_options_of(options, common);
    if (!induce) return report(induce.error());
    const auto lock = base::FolderLock::take(output);
    if (!lock) return report(lock.error());
    LivePage page(common.page, "Inducing " + task->name, common);
    if (const auto begun = page.begin(); !begun) return report(begun.error());
    const auto result = induced(*task, *induce, page, common.quiet);
    if (!result) return report(result.error());
    const auto bases = rebased(options.rebase, *task, *result, induce->run.stop, common);
    if (!bases) return report(bases.error());
    const std::string json = induction::to_json(*result, *task, *induce, *bases);
    if (common.json)
        fmt::print("{}", json);
    else
        show(*task, *result, *bases, common.details);
    if (!output.empty())
        if (const auto saved = induction::save(output, *result, json, overwrite_of(common)); !saved) return report(saved.error());
    if (const auto shown = page.finish([&] { return report_page(Json::parse(json), output); }); !shown)
        return report(shown.error());
    return all_hold(*result, *bases, options.rebase.size()) ? exit_done : exit_not_found;
}

} // namespace ropewalk::cli
