// The part of `reproduce` that learns from images.
#pragma once

#include "app/shared/shared.hpp"

namespace ropewalk::cli {

void add_roap(CLI::App& reproduce, int& exit_code);
void add_roap_table2(CLI::App& reproduce, int& exit_code);
void add_manifests(CLI::App& reproduce, int& exit_code);
void add_digits(CLI::App& reproduce, int& exit_code);

} // namespace ropewalk::cli
