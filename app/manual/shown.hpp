// A command as people see it: plain values, from which every kind of help is written.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace ropewalk::cli {

struct ShownOption {
    std::vector<std::string> names;   ///< `-o`, `--output`; of an argument without dashes its name
    std::string value;                ///< what stands behind it, such as `N`; empty of a flag
    std::string about;                ///< a sentence
    std::vector<std::string> choices; ///< the only words that it may be; empty: any
    std::vector<std::string> notes;   ///< `2 to 256`, `default 100`, `not with --data`
    bool required = false;
    bool repeated = false; ///< takes several values

    bool positional() const { return !names.front().starts_with('-'); }
};

struct ShownGroup {
    std::string title;
    std::vector<ShownOption> options;
};

/// Arguments first, then the groups in the order in which they are shown; none is empty.
std::vector<ShownGroup> groups_of(const CLI::App& command);

/// Commands below it that are shown, in their order.
std::vector<const CLI::App*> commands_of(const CLI::App& app);

/// `ropewalk reproduce laws`.
std::string full_name(const CLI::App& command);

/// The same for it and all commands below it, the command itself first.
std::vector<const CLI::App*> all_commands(const CLI::App& app);

/// `--output FILE`.
std::string name_and_value(const ShownOption& option);

/// The sentence and what limits it, in one line.
std::string sentence_of(const ShownOption& option);

} // namespace ropewalk::cli
