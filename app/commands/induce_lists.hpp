// Programs over lists from examples: what `induce` does with files of that kind.
#pragma once

#include "app/shared/shared.hpp"

namespace ropewalk::cli {

/// Options of `induce` for examples over lists.
struct ListOptions {
    std::string language; ///< of what is written: rope, python, c or asm; empty: rope where there is a file
    int base = 0, cells = 0;       ///< of the machine that assembly is for; 0: as the examples need
    std::size_t memory_mebibytes = 2048;
    std::vector<std::string> without;
    std::vector<std::string> fit; ///< files of programs whose operators become cheaper
};

void add_list_options(CLI::App& command, ListOptions& options);

/// The text of a file of examples that are about lists and not about machines; nothing where it is another
/// file or cannot be read.
std::optional<std::string> list_examples_in(const std::string& path);

/// Searches for a program that is right on the examples in the text of the file `path`, prints it, and writes
/// it to `output` where one is named. Returns the exit code.
int induce_lists(const std::string& text, const std::string& path, const std::string& output, double seconds,
                 const ListOptions& options, const CommonOptions& common);

} // namespace ropewalk::cli
