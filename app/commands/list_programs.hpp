// Programs over lists: what `induce` and `run` do with files of that kind.
#pragma once

#include "app/shared/shared.hpp"

namespace ropewalk::cli {

/// Options of `induce` for examples over lists.
struct ListOptions {
    std::string language = "rope";     ///< of the output file: rope, python or c
    std::size_t memory_mebibytes = 2048;
    std::vector<std::string> without;
};

void add_list_options(CLI::App& command, ListOptions& options);

/// Whether a file of examples is about lists and not about machines. False where it cannot be read.
bool are_list_examples(const std::string& path);

/// Searches for a program that is right on the examples of a file, prints it, and writes it to `output` where one is
/// named. Returns the exit code.
int induce_lists(const std::string& path, const std::string& output, double seconds, const ListOptions& options,
                 const CommonOptions& common);

/// Whether a file holds a program over lists.
bool is_list_program(const std::string& path);

/// Prints the value of a program over lists for these arguments. Returns the exit code.
int run_list_program(const std::string& path, const std::vector<std::string>& arguments, const CommonOptions& common);

} // namespace ropewalk::cli
