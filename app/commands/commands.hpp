// commands: the subcommands of `ropewalk`, one file each.
#pragma once

#include "app/shared/shared.hpp"

namespace ropewalk::cli {

// One function per subcommand, each in its own file: adds the command to `app`; when it is chosen,
// `exit_code` is what it ended with.
void add_run(CLI::App& app, int& exit_code);
void add_compile(CLI::App& app, int& exit_code);
void add_decompile(CLI::App& app, int& exit_code);
void add_export(CLI::App& app, int& exit_code);
void add_tune(CLI::App& app, int& exit_code);
void add_synthesize(CLI::App& app, int& exit_code);
void add_induce(CLI::App& app, int& exit_code);
void add_library(CLI::App& app, int& exit_code);
void add_formula(CLI::App& app, int& exit_code);
void add_verify(CLI::App& app, int& exit_code);
/// `next` becomes the command that does it.
void add_merge(CLI::App& app, int& exit_code, std::vector<std::string>& next);
void add_perceive(CLI::App& app, int& exit_code);
void add_read(CLI::App& app, int& exit_code);
void add_predict(CLI::App& app, int& exit_code);
void add_evaluate(CLI::App& app, int& exit_code);
void add_propose(CLI::App& app, int& exit_code);
void add_tasks(CLI::App& app, int& exit_code);
void add_report(CLI::App& app, int& exit_code);
void add_doctor(CLI::App& app, int& exit_code);
void add_completion(CLI::App& app, int& exit_code);

} // namespace ropewalk::cli
