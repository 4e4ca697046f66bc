// Commands whose work can be cut into parts: `--part 3/8` does one of them, `ropewalk merge` puts them together.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "ropewalk/base/base.hpp"
#include "ropewalk/base/part_folder.hpp"

namespace ropewalk::cli {

/// What of its work a command was asked to do; all of it unless one of the two is set.
struct PartOptions {
    std::optional<base::Part> part; ///< this part alone
    bool join = false;              ///< none: the parts that are in the folder are put together
};

/// `--part`, of a command whose `-o` names a folder.
void add_part_option(CLI::App& command, PartOptions& options);

/// What this version says of a part of the command as it was given. `inputs` are SHA-256 of what was read, by name.
base::Manifest manifest_of(const CLI::App& command, const PartOptions& options, const std::map<std::string, std::string>& inputs);

/// The folders of all parts below `folder`. Fails as base::find_parts does, and where they are of another run or version
/// than `expected`.
base::Result<std::vector<std::string>> parts_of(const std::string& folder, const base::Manifest& expected);

/// The folder for the files `names` and the manifest of the part, which begins: it is made, and what an earlier try left
/// there is kept or replaced.
base::Result<std::string> begin_part(const std::string& folder, const base::Part& part, std::vector<const char*> names,
                                     const base::EarlierRun& earlier);

/// Says that the part is finished, and how the run goes on.
int tell_part(const std::string& folder, const base::Part& part, const std::string& what, bool json);

} // namespace ropewalk::cli
