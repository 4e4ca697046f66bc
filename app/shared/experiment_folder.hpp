// The folder of an experiment of `ropewalk reproduce`, told from other folders.
#pragma once

#include <filesystem>
#include <string>

namespace ropewalk::cli {

/// Where an experiment keeps what is finished.
inline std::string state_file(const std::string& folder) {
    return (std::filesystem::path(folder) / "state.json").string();
}

/// Says that a run was started in a folder.
inline constexpr const char* begun_name = "begun.txt";

/// Whether an experiment was started in the folder.
inline bool is_begun(const std::string& folder) {
    std::error_code error;
    return std::filesystem::exists(state_file(folder), error) ||
           std::filesystem::exists(std::filesystem::path(folder) / begun_name, error);
}

} // namespace ropewalk::cli
