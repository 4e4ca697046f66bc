// Where a command writes its results, and what is there already.
#pragma once

#include <span>
#include <string>

#include "ropewalk/base/base.hpp"

namespace ropewalk::cli {

/// What may be done with an earlier run in the folder.
struct EarlierRun {
    bool resumable = false; ///< whether the command can go on with one
    bool resume = false;
    bool replace = false;
};

/// A folder the command may write `names` into: it exists or can be made, and holds none of them unless
/// `force`. Asked before the work, not after it. An empty name asks for nothing.
base::Result<std::string> free_folder(const std::string& folder, std::span<const char* const> names,
                                      bool force);

/// Makes the folder if it is not there.
base::Result<std::string> make_folder(const std::string& folder);

/// Both at once. Fails on an empty name.
base::Result<std::string> make_free_folder(const std::string& folder, std::span<const char* const> names,
                                           const EarlierRun& earlier);

/// Removes files that could pass for those of a new run.
void remove_files(const std::string& folder, std::span<const char* const> names);

} // namespace ropewalk::cli
