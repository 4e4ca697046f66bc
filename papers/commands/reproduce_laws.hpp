// Adds `ropewalk reproduce laws`.
#pragma once

#include "app/shared/shared.hpp"

namespace ropewalk::cli {

void add_laws(CLI::App& reproduce, int& exit_code);

} // namespace ropewalk::cli
