// Folders that results are written to, and what is there already.
#pragma once

#include <span>
#include <string>
#include <utility>

#include "ropewalk/base/file.hpp"
#include "ropewalk/base/result.hpp"

namespace ropewalk::base {

/// What may be done with an earlier run in the folder.
struct EarlierRun {
    bool resumable = false; ///< whether there is a way to go on with one
    bool resume = false;
    bool replace = false;
};

/// A folder that `names` may be written into: it exists or can be made, and holds none of them unless
/// `force`. Asked before the work, not after it. An empty name asks for nothing.
Result<std::string> free_folder(const std::string& folder, std::span<const char* const> names, bool force);

/// Makes the folder if it is not there.
Result<std::string> make_folder(const std::string& folder);

/// Both at once. Fails on an empty name.
Result<std::string> make_free_folder(const std::string& folder, std::span<const char* const> names,
                                     const EarlierRun& earlier);

/// Files of a result by name and content, into a folder that is made where it is not there. With
/// Overwrite::allow the files called `names` are removed first: those of an earlier run must not pass for
/// this one's.
Status write_files(const std::string& folder, std::span<const std::pair<const char*, std::string>> files,
                   std::span<const char* const> names, Overwrite overwrite);

/// Removes files that could pass for those of a new run.
void remove_files(const std::string& folder, std::span<const char* const> names);

} // namespace ropewalk::base
