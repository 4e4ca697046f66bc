// Programs over lists: what `run` does with files of that kind.
#pragma once

#include "app/shared/shared.hpp"

namespace ropewalk::cli {

/// The text of a file that holds a program over lists; nothing where it is another file or cannot be read.
std::optional<std::string> list_program_in(const std::string& path);

/// Prints the value of the program over lists in the text of the file `path` for these arguments. Returns the
/// exit code.
int run_list_program(const std::string& text, const std::string& path,
                     const std::vector<std::string>& arguments, const CommonOptions& common);

} // namespace ropewalk::cli
