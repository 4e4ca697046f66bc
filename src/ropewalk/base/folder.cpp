#include "ropewalk/base/folder.hpp"

#include <unistd.h>

#include <filesystem>

#include <fmt/format.h>

namespace ropewalk::base {

namespace fs = std::filesystem;

Result<std::string> free_folder(const std::string& folder, std::span<const char* const> names, bool force) {
    if (folder.empty()) return folder;
    std::error_code error;
    fs::path existing = fs::absolute(folder, error);
    while (!fs::exists(existing, error) && existing.has_relative_path()) existing = existing.parent_path();
    if (!fs::is_directory(existing, error) || access(existing.c_str(), W_OK | X_OK) != 0)
        return failure(folder, fmt::format("{} is no folder that can be written to", existing.string()),
                       "a folder, or the name of a new one");
    for (const char* name : names)
        if (fs::is_directory(fs::path(folder) / name, error))
            return failure((fs::path(folder) / name).string(), "a folder", "no such folder, or another name");
    for (const char* name : names)
        if (!force && fs::exists(fs::path(folder) / name, error))
            return failure(folder, fmt::format("a folder with {} in it", name),
                           "a new name, or setting `force` to replace what is there");
    return folder;
}

Result<std::string> make_folder(const std::string& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (!error) return folder;
    return failure(folder, "cannot create the folder: " + error.message(), "a folder that can be written to");
}

Result<std::string> make_free_folder(const std::string& folder, std::span<const char* const> names,
                                     const EarlierRun& earlier) {
    if (folder.empty()) return failure("setting `output`", "an empty name", "the name of a folder");
    auto free = free_folder(folder, names, earlier.resume || earlier.replace);
    if (free) return make_folder(folder);
    if (earlier.resumable)
        free.error().back().expected += "; setting `resume` goes on with a run that was stopped";
    return free;
}

Status write_files(const std::string& folder, std::span<const std::pair<const char*, std::string>> files,
                   std::span<const char* const> names, Overwrite overwrite) {
    if (const auto made = make_folder(folder); !made) return failure(made.error());
    if (overwrite == Overwrite::allow) remove_files(folder, names);
    for (const auto& [name, content] : files)
        if (const auto written = write_file((fs::path(folder) / name).string(), content, overwrite); !written)
            return failure(written.error());
    return {};
}

void remove_files(const std::string& folder, std::span<const char* const> names) {
    std::error_code error;
    for (const char* name : names) fs::remove(fs::path(folder) / name, error);
}

} // namespace ropewalk::base
