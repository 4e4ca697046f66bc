#include <malloc.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <new>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "app/commands/commands.hpp"
#include "app/manual/manual.hpp"
#ifdef ROPEWALK_PAPERS
#include "papers/commands/commands.hpp"
#endif

namespace {

using namespace ropewalk::cli;

/// An answer that did not arrive is no answer: a full disk or a closed pipe is noticed here.
int delivered(int exit_code) {
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return exit_code;
    say("ropewalk: cannot write to standard output\n");
    return exit_bad_input;
}

/// A closed stream stays closed to writing: the next file that is opened would take its number, and messages
/// or the answer would land in it.
void hold_streams() {
    for (const int stream : {0, 1, 2})
        if (fcntl(stream, F_GETFD) < 0) (void)open("/dev/null", O_RDONLY);
}

/// Usage errors in one line; a command that does not exist is named, with the one that may be meant.
std::string message(const CLI::ParseError& error, const CLI::App& app, const std::string& command) {
    if (!app.get_subcommands().empty() || command.empty() || command.starts_with('-')) return error.what();
    std::vector<std::string> names;
    for (const CLI::App* each : app.get_subcommands({})) names.push_back(each->get_name());
    const std::string meant = ropewalk::base::closest(command, names);
    return "unknown command " + ropewalk::base::quoted(command) +
           (meant.empty() ? "" : "; did you mean '" + meant + "'?");
}

/// Training steps take and give back the same large pieces; without this, the system clears them anew each
/// time, a third of the time of a step on small images.
void keep_memory() {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    mallopt(M_TOP_PAD, 64 << 20);
#endif
}

/// Waiting threads that spin take the processor from those that work when a machine is shared: measured 300
/// against 25 ms a training step. libgomp and OpenBLAS read these once, when libtorch is loaded; the matrix
/// products are too small to gain from OpenBLAS's own threads.
void let_threads_sleep() {
    setenv("OMP_WAIT_POLICY", "passive", 0);
    setenv("OPENBLAS_NUM_THREADS", "1", 0);
}

/// What somebody who has just installed it may try.
constexpr const char* first_steps =
    "Ropewalk turns examples into programs that you can read, check, run and embed. Three to try:\n\n"
    "  printf '[3,1,2] -> [1,2,3]\\n[2,2,1,1] -> [1,2]\\n[0] -> [0]\\n[5,4,5,6] -> [4,5,6]\\n' > sets.txt\n"
    "  ropewalk induce sets.txt --export python -o sets.py     a function from examples of lists\n\n"
    "  printf 'x,y\\n1,5\\n2,11\\n3,21\\n4,35\\n5,53\\n' > table.csv\n"
    "  ropewalk formula table.csv                              a formula from a table\n\n"
    "  ropewalk perceive --images glyphs --tasks 20 --seconds 20 -o glyphs\n"
    "                                                          a reader of images and formulas from "
    "numbers\n\n"
    "`ropewalk --help` lists all commands, `ropewalk COMMAND --help` shows one with an example.\n";

/// The commands by what they are for.
void group_commands(CLI::App& app) {
    const std::map<std::string, std::string> groups{{"induce", "From examples to programs"},
                                                    {"synthesize", "From examples to programs"},
                                                    {"tune", "From examples to programs"},
                                                    {"library", "From examples to programs"},
                                                    {"formula", "From tables to formulas"},
                                                    {"perceive", "From images to readers and formulas"},
                                                    {"read", "From images to readers and formulas"},
                                                    {"predict", "From images to readers and formulas"},
                                                    {"evaluate", "From images to readers and formulas"},
                                                    {"propose", "From images to readers and formulas"},
                                                    {"report", "Results"},
                                                    {"merge", "Results"},
                                                    {"reproduce", "Results"},
                                                    {"doctor", "This installation"},
                                                    {"completion", "This installation"}};
    for (CLI::App* command : app.get_subcommands({})) {
        if (command->get_group().empty()) continue;
        const auto found = groups.find(command->get_name());
        command->group(found == groups.end() ? "Programs" : found->second);
    }
}

/// All commands; the one that is chosen sets `exit_code`, or `next`, the arguments of a command that is to run in its place.
void add_commands(CLI::App& app, int& exit_code, std::vector<std::string>& next) {
    set_help(app, is_coloured(stdout));
    app.set_version_flag("--version", "ropewalk " + version());
    app.require_subcommand(1);
    app.footer(
        "Exit status: 0 done; 1 not found or does not hold; 2 bad usage or input; 3 a defect of Ropewalk.\n"
        "`ropewalk COMMAND --help` shows the options and an example of a command.");
    add_run(app, exit_code);
    add_compile(app, exit_code);
    add_decompile(app, exit_code);
    add_export(app, exit_code);
    add_tune(app, exit_code);
    add_synthesize(app, exit_code);
    add_induce(app, exit_code);
    add_library(app, exit_code);
    add_formula(app, exit_code);
    add_verify(app, exit_code);
    add_merge(app, exit_code, next);
    add_perceive(app, exit_code);
    add_read(app, exit_code);
    add_predict(app, exit_code);
    add_evaluate(app, exit_code);
    add_propose(app, exit_code);
#ifdef ROPEWALK_PAPERS
    add_reproduce(app, exit_code);
#endif
    add_report(app, exit_code);
    add_tasks(app, exit_code);
    add_doctor(app, exit_code);
    add_completion(app, exit_code);
    group_commands(app);
    group_options(app);
    refuse_nan(app);
    refuse_empty_outputs(app);
}

/// Runs the command that the arguments choose; the exit code.
int run_command(const std::vector<std::string>& arguments, std::vector<std::string>& next) {
    CLI::App app{
        "Ropewalk: programs from examples. Relax a program into a distribution, tune it on data, harden it\n"
        "back into readable code, certify the code.",
        "ropewalk"};
    int exit_code = exit_done;
    add_commands(app, exit_code, next);
    try {
        // CLI11 takes them from the back.
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
        return exit_code;
    } catch (const CLI::Success& success) {
        app.exit(success);
        return exit_done;
    } catch (const CLI::ParseError& error) {
        say("ropewalk: {}\nTry `ropewalk --help`, or `ropewalk COMMAND --help` for one command.\n",
            message(error, app, arguments.front()));
        return exit_bad_input;
    } catch (const std::bad_alloc&) {
        say("ropewalk: not enough memory; expected more of it, or less to do at once: smaller numbers in the "
            "options\n");
        return exit_bad_input;
    } catch (const std::exception& defect) {
        if (std::ferror(stdout) != 0) return exit_code;
        say("ropewalk: this is a defect of Ropewalk, please report it: {}\n", defect.what());
        return exit_defect;
    }
}

} // namespace

int main(int argc, char** argv) {
    using namespace ropewalk::cli;
    hold_streams();
    keep_memory();
    let_threads_sleep();
    if (const auto target = ropewalk::machine::target_from_environment(); !target)
        return report(target.error());
    if (argc <= 1) {
        fmt::print("{}", first_steps);
        return delivered(exit_done);
    }
    std::vector<std::string> next(argv + 1, argv + argc);
    int exit_code = exit_done;
    while (!next.empty()) exit_code = run_command(std::exchange(next, {}), next);
    return delivered(exit_code);
}
