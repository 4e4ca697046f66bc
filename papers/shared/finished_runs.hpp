// Files that keep the finished runs of an experiment, so that a stopped one can go on.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/json.hpp"

namespace ropewalk::papers {

/// Where finished runs are kept, and what a file must agree on to be gone on with.
struct FinishedRunsFile {
    std::string name; ///< empty: nowhere
    bool resume = false;
    nlohmann::ordered_json key;
    const char* list = "runs";   ///< what the file calls them
    const char* may_differ = ""; ///< options that are no part of the key, for diagnostics
};

/// A folder as a key has it: the same wherever it is named from.
inline std::string folder_in_key(const std::string& folder) {
    std::error_code error;
    return folder.empty() ? folder : std::filesystem::absolute(folder, error).lexically_normal().string();
}

/// Writes the runs, each as `to_json` has it.
template<class Run, class ToJson>
base::Result<std::string> save_finished(const std::vector<Run>& runs, const FinishedRunsFile& file,
                                        const ToJson& to_json) {
    if (file.name.empty()) return std::string{};
    auto list = nlohmann::ordered_json::array();
    for (const Run& run : runs) list.push_back(to_json(run));
    const nlohmann::ordered_json state{{"key", file.key}, {file.list, std::move(list)}};
    return base::write_file(file.name, base::json_text(state, 1) + "\n", base::Overwrite::allow);
}

/// The finished runs of an earlier process; none unless that is asked for and there is a file. Fails when the
/// file is damaged or of other options.
template<class Run, class FromJson>
base::Result<std::vector<Run>> load_finished(const FinishedRunsFile& file, const FromJson& from_json) {
    std::vector<Run> runs;
    std::error_code error;
    if (!file.resume || !std::filesystem::exists(file.name, error)) return runs;
    const auto text = base::read_file(file.name);
    if (!text) return base::failure(text.error());
    const auto refused = [&] {
        return base::failure(file.name, "the state of another run, or no state at all",
                             std::string("a state of a run with the same options; only ") + file.may_differ +
                                 " may differ");
    };
    try {
        const auto state = base::parse_json<nlohmann::ordered_json>(*text);
        if (state.at("key") == file.key) {
            for (const auto& run : state.at(file.list)) runs.push_back(from_json(run));
            return runs;
        }
        return refused();
    } catch (const nlohmann::ordered_json::exception&) {
        return refused();
    }
}

/// Takes a run from the finished ones, or measures it and keeps it; returns whether there is one. A run that
/// was stopped is no measurement. `is_it` tells the run among others, `save` writes the finished ones.
template<class Run, class IsIt, class Measure, class Save>
base::Result<bool> take_run(std::vector<Run>& runs, std::vector<Run>& finished, const base::Stop& stop,
                            const IsIt& is_it, const Measure& measure, const Save& save) {
    if (const auto known = std::find_if(finished.begin(), finished.end(), is_it); known != finished.end()) {
        runs.push_back(*known);
        return true;
    }
    auto run = measure();
    if (!run) return base::failure(run.error());
    if (stop()) return false;
    runs.push_back(*run);
    finished.push_back(std::move(*run));
    if (const auto saved = save(finished); !saved) return base::failure(saved.error());
    return true;
}

} // namespace ropewalk::papers
