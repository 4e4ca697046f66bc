#include "app/shared/output_folder.hpp"

#include <unistd.h>

#include <filesystem>

#include <fmt/format.h>

namespace ropewalk::cli {

namespace fs = std::filesystem;

base::Result<std::string> free_folder(const std::string& folder, std::span<const char* const> names,
                                      bool force) {
    if (folder.empty()) return folder;
    std::error_code error;
    fs::path existing = fs::absolute(folder, error);
    while (!fs::exists(existing, error) && existing.has_relative_path()) existing = existing.parent_path();
    if (!fs::is_directory(existing, error) || access(existing.c_str(), W_OK | X_OK) != 0)
        return base::failure(folder, fmt::format("{} is no folder that can be written to", existing.string()),
                             "a folder, or the name of a new one");
    for (const char* name : names)
        if (!force && fs::exists(fs::path(folder) / name, error))
            return base::failure(folder, fmt::format("a folder with {} in it", name),
                                 "a new name, or --force to replace what is there");
    return folder;
}

base::Result<std::string> make_folder(const std::string& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (!error) return folder;
    return base::failure(folder, "cannot create the folder: " + error.message(),
                         "a folder that can be written to");
}

base::Result<std::string> make_free_folder(const std::string& folder, std::span<const char* const> names,
                                           const EarlierRun& earlier) {
    if (folder.empty()) return base::failure("--output", "an empty name", "the name of a folder");
    auto free = free_folder(folder, names, earlier.resume || earlier.replace);
    if (free) return make_folder(folder);
    if (earlier.resumable) free.error().back().expected += "; --resume goes on with a run that was stopped";
    return free;
}

void remove_files(const std::string& folder, std::span<const char* const> names) {
    std::error_code error;
    for (const char* name : names) fs::remove(fs::path(folder) / name, error);
}

} // namespace ropewalk::cli
