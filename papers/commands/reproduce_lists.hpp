// Adds `ropewalk reproduce lists` and `ropewalk reproduce sequences`.
#pragma once

#include "app/shared/shared.hpp"

namespace ropewalk::cli {

void add_lists(CLI::App& reproduce, int& exit_code);
void add_sequences(CLI::App& reproduce, int& exit_code);

} // namespace ropewalk::cli
