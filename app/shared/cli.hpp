// What the subcommands share: common options, exit codes, and turning values and errors into text.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "ropewalk/base/json.hpp"
#include "ropewalk/programs/tuning/tuning.hpp"

namespace ropewalk::cli {

/// Objects keep the order they are written in.
using Json = nlohmann::ordered_json;

enum ExitCode {
    exit_done = 0,      ///< done
    exit_not_found = 1, ///< it ran, but what was asked for was not found or did not hold
    exit_bad_input = 2, ///< bad usage or bad input
    exit_defect = 3     ///< a defect of Ropewalk
};

/// Options every command takes.
struct CommonOptions {
    bool json = false;
    bool quiet = false;
    bool force = false;
    bool details = false;
    std::uint64_t seed = 0;
    int threads = 0;
    std::string page; ///< where --report shows the run; empty: nowhere
};

/// Whether --force allows to replace files.
base::Overwrite overwrite_of(const CommonOptions& options);

/// Makes all options of numbers refuse what is no number.
void refuse_nan(CLI::App& app);

/// Makes all options that name a file or folder to write refuse an empty name.
void refuse_empty_outputs(CLI::App& app);

/// Whether text there may be coloured: it goes to a terminal that knows colours, and NO_COLOR is not set.
bool is_coloured(std::FILE* stream);

/// Tells the person at standard error. Where nobody can be told - it is closed, or its disk is full - nothing
/// happens; what a terminal would obey is escaped.
void say_text(const std::string& text);
template<class... Values>
void say(fmt::format_string<Values...> form, Values&&... values) {
    say_text(fmt::format(form, std::forward<Values>(values)...));
}

void add_common_options(CLI::App& command, CommonOptions& options);

/// The same for a command that runs networks, and where it runs them.
void add_device_options(CLI::App& command, std::string& device, CommonOptions& options);

/// `--details`: what people ask for who know the method, after the answer.
void add_details_option(CLI::App& command, CommonOptions& options);

/// `--report`, of commands that take long.
void add_report_option(CLI::App& command, CommonOptions& options);

/// The library speaks of the setting `seconds`, this command of --seconds.
std::string with_option_names(std::string text);

/// Prints diagnostics to standard error and returns exit_bad_input.
int report(const base::Diagnostics& diagnostics);

/// Prints one JSON object to standard output.
void print(const Json& object);

/// `3,1,4` as numbers 0..bound-1. `name` is the option, for the diagnostic.
base::Result<std::vector<int>> parse_numbers(const std::string& text, const std::string& name, int bound);

/// Options that choose a machine: profile, switches and instruction set.
struct MachineOptions {
    std::string profile = "default";
    std::string switches;
    std::string instructions;
};

void add_machine_options(CLI::App& command, MachineOptions& options);
base::Result<machine::Switches> switches_of(const MachineOptions& options);

/// The named set, or `otherwise` when none is named.
base::Result<assembly::InstructionSet> instruction_set_of(const MachineOptions& options,
                                                          const assembly::InstructionSet& otherwise);

/// `--population`, see tuning::TuneOptions::population_interval.
void add_population_option(CLI::App& command, int& interval);

/// Options that choose a task: one of the catalogue, or a file of examples.
struct TaskOptions {
    std::string task;
    std::string examples;
    tasks::ExampleFileSizes sizes;
};

void add_task_options(CLI::App& command, TaskOptions& options);
base::Result<tasks::Task> task_of(const TaskOptions& options);

/// Ctrl-C and SIGTERM as a request to stop; what was found by then is reported. A second signal ends the process at once;
/// of several processes that were started together only the same signal does, as what has started them asks once more
/// after Ctrl-C.
base::Stop interruption(bool among_others = false);

Json certificate_json(const tuning::Certificate& certificate);
std::string percent(const base::Proportion& proportion);

/// A one-paragraph summary of a certificate for people.
std::string describe(const tuning::Certificate& certificate);

/// Values separated by spaces; what is not scored as `.`.
std::string spaced(const std::vector<int>& values);

} // namespace ropewalk::cli
