// manual: what the tree of commands says about itself, as help, manual pages, completion of shells and pages of
// the documentation. The only header other rooms include from here.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "app/shared/shared.hpp"

namespace ropewalk::cli {

/// Makes a command explain itself: options in groups (see group_options), lines of at most 100 columns, headings
/// in bold where `bold`. Set it before subcommands are added, which take it over.
void set_help(CLI::App& app, bool bold);

/// Sorts the options of all commands into groups: the three that matter first, what goes in, how it is searched,
/// what bounds it, what comes out.
void group_options(CLI::App& app);

/// A shell that completes commands, options and what an option may be: "bash", "zsh" or "fish".
std::vector<std::string> completed_shells();
std::string completion(const CLI::App& app, const std::string& shell);

/// Manual pages of all commands, by file name.
std::vector<std::pair<std::string, std::string>> manual_pages(const CLI::App& app);

/// Pages of the documentation that are written from code: the options of all commands, and the instructions.
std::string options_page(const CLI::App& app);
std::string instructions_page();

} // namespace ropewalk::cli
