#include <exception>

#include <fmt/format.h>

#include "ropewalk/cli/cli.hpp"

int main(int argc, char** argv) {
    using namespace ropewalk::cli;
    CLI::App app{
        "Ropewalk: programs from examples. Relax a program into a distribution, tune it on data, harden it\n"
        "back into readable code, certify the code."};
    app.set_version_flag("--version", "ropewalk " ROPEWALK_VERSION);
    app.require_subcommand(1);
    app.footer(
        "Exit status: 0 done; 1 not found or does not hold; 2 bad usage or input; 3 a defect of Ropewalk.\n"
        "`ropewalk COMMAND --help` shows the options and an example of a command.");
    int exit_code = exit_done;
    add_run(app, exit_code);
    add_compile(app, exit_code);
    add_decompile(app, exit_code);
    add_tune(app, exit_code);
    add_verify(app, exit_code);
    add_tasks(app, exit_code);
    add_doctor(app, exit_code);
    try {
        app.parse(argc, argv);
        return exit_code;
    } catch (const CLI::Success& success) {
        app.exit(success);
        return exit_done;
    } catch (const CLI::ParseError& error) {
        fmt::print(stderr,
                   "ropewalk: {}\nTry `ropewalk --help`, or `ropewalk COMMAND --help` for one command.\n",
                   error.what());
        return exit_bad_input;
    } catch (const std::exception& defect) {
        fmt::print(stderr, "ropewalk: this is a defect of Ropewalk, please report it: {}\n", defect.what());
        return exit_defect;
    }
}
