// Running an experiment: its folder, its progress bar, its files.
#pragma once

#include <array>
#include <filesystem>

#include <fmt/format.h>

#include "app/shared/cli.hpp"

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

/// Runs `experiment`, a function of a base::ProgressSink whose result has `complete`, to_json, to_csv and
/// to_markdown; writes and prints the result. Returns the exit code.
template<class Experiment>
int run_experiment(const ExperimentOutput& output, const CommonOptions& common,
                   const Experiment& experiment) {
    const std::array files{fmt::format("{}.json", output.name), fmt::format("{}.csv", output.name),
                           fmt::format("{}.md", output.name)};
    const std::array names{files[0].c_str(), files[1].c_str(), files[2].c_str(), "state.json"};
    if (const auto folder = base::make_free_folder(output.folder, names, output.earlier); !folder)
        return report(folder.error());
    const auto result = [&] {
        base::ProgressReporter progress(output.title,
                                        base::ProgressReporter::style_for(stderr, common.quiet));
        return experiment(progress.sink());
    }();
    if (!result) return report(result.error());
    const std::array texts{to_json(*result), to_csv(*result), to_markdown(*result)};
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto file = (std::filesystem::path(output.folder) / files[i]).string();
        if (const auto written = base::write_file(file, texts[i], base::Overwrite::allow); !written)
            return report(written.error());
    }
    if (common.json)
        fmt::print("{}", texts[0]);
    else
        fmt::print("{}\n{}, {} and {} are in {}\n", texts[2], files[2], files[1], files[0], output.folder);
    if (result->complete) return exit_done;
    fmt::print(stderr, "stopped before {} was complete{}\n", output.title,
               output.earlier.resumable ? "; --resume goes on with it" : "");
    return exit_not_found;
}

} // namespace ropewalk::cli
