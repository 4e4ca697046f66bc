// Certified programs for rows of cells: what `induce` does with tasks in place.
#pragma once

#include "app/commands/search_options.hpp"

namespace ropewalk::cli {

/// Options of `induce` for rows of cells.
struct RowsOptions {
    TaskOptions task;
    SearchCommandOptions search;
    std::vector<int> rebase; ///< other bases that the program is checked in
};

/// Searches for a program that holds on the task, prints it with its certificate, and saves both in the folder `output`
/// where one is named. Returns the exit code.
int induce_rows(const RowsOptions& options, const std::string& output, const CommonOptions& common);

} // namespace ropewalk::cli
