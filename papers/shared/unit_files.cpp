#include "papers/shared/unit_files.hpp"

#include <filesystem>

namespace ropewalk::papers {

namespace {

constexpr const char* ending = ".safetensors";

/// What stands before the name of a unit.
std::filesystem::path beginning(const std::string& state_file) {
    std::filesystem::path path(state_file);
    path.replace_extension();
    path += "-";
    return path;
}

} // namespace

std::string unit_file(const std::string& state_file, const std::string& unit) {
    return state_file.empty() ? std::string{} : beginning(state_file).string() + unit + ending;
}

std::vector<std::string> unit_files(const std::string& state_file) {
    std::vector<std::string> found;
    if (state_file.empty()) return found;
    const std::filesystem::path begun = beginning(state_file);
    std::error_code error;
    const auto folder = begun.has_parent_path() ? begun.parent_path() : std::filesystem::path(".");
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        if (name.starts_with(begun.filename().string()) && name.ends_with(ending)) found.push_back(entry->path().string());
    }
    return found;
}

void start_over(const std::string& state_file) {
    std::error_code error;
    if (!state_file.empty()) std::filesystem::remove(state_file, error);
    for (const std::string& file : unit_files(state_file)) std::filesystem::remove(file, error);
}

} // namespace ropewalk::papers
