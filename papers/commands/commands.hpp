// commands: the subcommand that repeats the papers' results. The only header other rooms include from here.
#pragma once

#include <CLI/CLI.hpp>

namespace ropewalk::cli {

/// Adds `reproduce` to `app`; when it is chosen, `exit_code` is what it ended with.
void add_reproduce(CLI::App& app, int& exit_code);

} // namespace ropewalk::cli
