// Running an experiment: its folder, its progress bar, its files.
#pragma once

#include <array>
#include <filesystem>

#include <fmt/format.h>

#include "app/reports/reports.hpp"
#include "papers/shared/shared.hpp"

namespace ropewalk::cli {

/// How the user asked for an experiment.
struct ExperimentOptions {
    CommonOptions common;
    std::string output;
    bool resume = false;
    PartOptions part;
    const CLI::App* command = nullptr;
};

/// What the result is called: `name`.json, .csv and .md in the folder, beside state.json.
struct ExperimentName {
    const char* title = "";
    const char* name = "table";
};

/// How the user asked for it to be run, but for the part and where its state is.
inline papers::ExperimentRun run_of(const ExperimentOptions& options, base::ProgressSink progress) {
    return {.threads = options.common.threads,
            .state_file = {},
            .resume = options.resume,
            .part = {},
            .progress = std::move(progress),
            .stop = interruption()};
}

/// The options that every experiment has.
inline void add_experiment_options(CLI::App& command, ExperimentOptions& options) {
    options.command = &command;
    command.add_option("-o,--output", options.output, "Folder for the results and the state of the run")
        ->capture_default_str();
    command.add_flag("--resume", options.resume, "Go on with the run in the folder; what is done stays");
    command.add_flag("--force", options.common.force, "Replace the run in the folder");
    add_part_option(command, options.part);
}

/// Says that a run was started in the folder, and fails where it was not and shall be gone on with: one that is killed
/// before it has finished anything is one to go on with, too.
inline base::Status begin_experiment(const std::string& folder, const char* title, bool resume) {
    if (resume && !is_begun(folder))
        return base::failure("--resume", "no run in " + base::quoted(folder), "the folder of a run that was started");
    const auto begun = base::write_file((std::filesystem::path(folder) / begun_name).string(), std::string(title) + "\n",
                                        base::Overwrite::allow);
    if (!begun) return base::failure(begun.error());
    return {};
}

/// One that could not begin leaves the folder as it was; what there is to go on with stays.
inline void forget_experiment(const std::string& folder) {
    std::error_code error;
    if (!std::filesystem::exists(state_file(folder), error) && papers::unit_files(state_file(folder)).empty())
        std::filesystem::remove(std::filesystem::path(folder) / begun_name, error);
}

inline int tell_stopped(const std::string& what) {
    say("stopped before {} was complete; --resume goes on with it\n", what);
    return exit_not_found;
}

/// Runs the units of one part and keeps their state; the exit code.
template<class Experiment>
int run_experiment_part(const ExperimentName& name, const ExperimentOptions& options, const Experiment& experiment) {
    const base::Part part = *options.part.part;
    const auto folder = begin_part(options.output, part, {"state.json", begun_name}, {true, options.resume, options.common.force});
    if (!folder) return report(folder.error());
    const auto lock = base::FolderLock::take(*folder);
    if (!lock) return report(lock.error());
    if (!options.resume) papers::start_over(state_file(*folder));
    if (const auto begun = begin_experiment(*folder, name.title, options.resume); !begun) return report(begun.error());
    const auto result = [&] {
        base::ProgressReporter progress(fmt::format("{}, part {}", name.title, to_string(part)),
                                        base::ProgressReporter::style_for(stderr, options.common.quiet));
        papers::ExperimentRun run = run_of(options, progress.sink());
        run.state_file = state_file(*folder);
        run.part = part;
        return experiment(run);
    }();
    if (!result) {
        forget_experiment(*folder);
        return report(result.error());
    }
    if (!result->complete) return tell_stopped(fmt::format("part {} of {}", to_string(part), name.title));
    if (const auto saved = base::save_manifest(*folder, manifest_of(*options.command, options.part, {})); !saved)
        return report(saved.error());
    return tell_part(options.output, part, name.title, options.common.json);
}

/// The state that the parts in the folder come to, in place of a run of its own.
inline base::Status join_experiment(const ExperimentOptions& options) {
    const auto folders = parts_of(options.output, manifest_of(*options.command, options.part, {}));
    if (!folders) return base::failure(folders.error());
    std::vector<std::string> files;
    for (const std::string& folder : *folders) files.push_back(state_file(folder));
    const auto state = papers::join_states(files);
    if (!state) return base::failure(state.error());
    if (state->empty()) return {};
    const auto written = base::write_file(state_file(options.output), *state, base::Overwrite::allow);
    if (!written) return base::failure(written.error());
    return {};
}

/// Runs `experiment`, a function of a papers::ExperimentRun whose result has `complete`, to_json, to_csv and
/// to_markdown; writes and prints the result. Returns the exit code.
template<class Experiment>
int run_experiment(const ExperimentName& name, const ExperimentOptions& options, const Experiment& experiment) {
    if (options.part.part) return run_experiment_part(name, options, experiment);
    const CommonOptions& common = options.common;
    const std::array files{fmt::format("{}.json", name.name), fmt::format("{}.csv", name.name),
                           fmt::format("{}.md", name.name)};
    const std::array names{files[0].c_str(), files[1].c_str(), files[2].c_str(), "state.json", begun_name};
    if (options.resume && !is_begun(options.output))
        return report({{.file = "--resume",
                        .found = "no run in " + base::quoted(options.output),
                        .expected = "the folder of a run that was started"}});
    if (const auto free = base::free_folder(options.output, {}, true); !free) return report(free.error());
    // Before the folder is made by others: an experiment that cannot begin leaves none behind.
    const auto lock = base::FolderLock::take(options.output);
    if (!lock) return report(lock.error());
    if (const auto folder = base::make_free_folder(options.output, names, {true, options.resume, common.force}); !folder)
        return report(folder.error());
    LivePage page(common.page, name.title, common);
    if (const auto begun = page.begin(); !begun) return report(begun.error());
    if (options.part.join)
        if (const auto joined = join_experiment(options); !joined) return report(joined.error());
    if (!options.resume && !options.part.join) papers::start_over(state_file(options.output));
    if (const auto begun = begin_experiment(options.output, name.title, options.resume); !begun)
        return report(begun.error());
    const auto result = [&] {
        base::ProgressReporter progress(name.title, base::ProgressReporter::style_for(stderr, common.quiet));
        papers::ExperimentRun run = run_of(options, page.watching(progress.sink()));
        run.state_file = state_file(options.output);
        run.resume |= options.part.join;
        return experiment(run);
    }();
    if (!result) {
        forget_experiment(options.output);
        return report(result.error());
    }
    const std::array texts{to_json(*result), to_csv(*result), to_markdown(*result)};
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto file = (std::filesystem::path(options.output) / files[i]).string();
        if (const auto written = base::write_file(file, texts[i], base::Overwrite::allow); !written)
            return report(written.error());
    }
    if (const auto shown = page.finish([&] { return report_page(options.output); }); !shown) return report(shown.error());
    if (common.json)
        fmt::print("{}", texts[0]);
    else
        fmt::print("{}\n{}, {} and {} are in {}\n", texts[2], files[2], files[1], files[0], options.output);
    return result->complete ? exit_done : tell_stopped(name.title);
}

} // namespace ropewalk::cli
