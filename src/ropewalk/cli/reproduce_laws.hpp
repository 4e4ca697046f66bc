// Adds `ropewalk reproduce laws`.
#pragma once

#include "ropewalk/cli/cli.hpp"

namespace ropewalk::cli {

void add_laws(CLI::App& reproduce, int& exit_code);

} // namespace ropewalk::cli
