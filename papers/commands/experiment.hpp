// Running an experiment: its folder, its progress bar, its files.
#pragma once

#include <array>
#include <filesystem>

#include <fmt/format.h>

#include "app/reports/reports.hpp"

namespace ropewalk::cli {

/// What the result is called, and where it goes: `name`.json, .csv and .md in the folder, and state.json of
/// an experiment that can be resumed.
struct ExperimentOutput {
    const char* title = "";
    const char* name = "table";
    std::string folder;
    base::EarlierRun earlier;
};

/// Where an experiment keeps what is finished.
inline std::string state_file(const std::string& folder) {
    return (std::filesystem::path(folder) / "state.json").string();
}

/// Says that a run was started in a folder.
inline constexpr const char* begun_name = "begun.txt";

inline bool is_begun(const std::string& folder) {
    std::error_code error;
    return std::filesystem::exists(state_file(folder), error) ||
           std::filesystem::exists(std::filesystem::path(folder) / begun_name, error);
}

/// Runs `experiment`, a function of a base::ProgressSink whose result has `complete`, to_json, to_csv and
/// to_markdown; writes and prints the result. Returns the exit code.
template<class Experiment>
int run_experiment(const ExperimentOutput& output, const CommonOptions& common,
                   const Experiment& experiment) {
    const std::array files{fmt::format("{}.json", output.name), fmt::format("{}.csv", output.name),
                           fmt::format("{}.md", output.name)};
    const std::array names{files[0].c_str(), files[1].c_str(), files[2].c_str(), "state.json", begun_name};
    if (output.earlier.resume && !is_begun(output.folder))
        return report({{.file = "--resume",
                        .found = "no run in " + base::quoted(output.folder),
                        .expected = "the folder of a run that was started"}});
    if (const auto folder = base::make_free_folder(output.folder, names, output.earlier); !folder)
        return report(folder.error());
    const auto lock = base::FolderLock::take(output.folder);
    if (!lock) return report(lock.error());
    LivePage page(common.page, output.title, common);
    if (const auto begun = page.begin(); !begun) return report(begun.error());
    // A run that is killed before it has finished anything is one to go on with, too.
    if (output.earlier.resumable)
        if (const auto begun = base::write_file((std::filesystem::path(output.folder) / begun_name).string(),
                                                std::string(output.title) + "\n", base::Overwrite::allow);
            !begun)
            return report(begun.error());
    const auto result = [&] {
        base::ProgressReporter progress(output.title,
                                        base::ProgressReporter::style_for(stderr, common.quiet));
        return experiment(page.watching(progress.sink()));
    }();
    if (!result) {
        // One that could not begin leaves the folder as it was.
        std::error_code error;
        if (!std::filesystem::exists(state_file(output.folder), error))
            std::filesystem::remove(std::filesystem::path(output.folder) / begun_name, error);
        return report(result.error());
    }
    const std::array texts{to_json(*result), to_csv(*result), to_markdown(*result)};
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto file = (std::filesystem::path(output.folder) / files[i]).string();
        if (const auto written = base::write_file(file, texts[i], base::Overwrite::allow); !written)
            return report(written.error());
    }
    if (const auto shown = page.finish([&] { return report_page(output.folder); }); !shown) return report(shown.error());
    if (common.json)
        fmt::print("{}", texts[0]);
    else
        fmt::print("{}\n{}, {} and {} are in {}\n", texts[2], files[2], files[1], files[0], output.folder);
    if (result->complete) return exit_done;
    say("stopped before {} was complete{}\n", output.title,
        output.earlier.resumable ? "; --resume goes on with it" : "");
    return exit_not_found;
}

} // namespace ropewalk::cli
