// ropewalk verify: a program against every input of a task, or a certificate checked again.
#include <fmt/format.h>

#include "ropewalk/cli/source.hpp"

namespace ropewalk::cli {

namespace {

struct VerifyOptions {
    CommonOptions common;
    TaskOptions task;
    std::string program, output;
    std::optional<long> steps;
    std::uint64_t random_inputs = tuning::CertifyOptions{}.random_inputs;
};

int answer(const VerifyOptions& options, const tuning::Certificate& certificate) {
    if (!options.output.empty()) {
        const auto saved =
            base::write_file(options.output, tuning::to_json(certificate),
                             options.common.force ? base::Overwrite::allow : base::Overwrite::refuse);
        if (!saved) return report(saved.error());
    }
    if (options.common.json)
        print(certificate_json(certificate));
    else
        fmt::print("{}", describe(certificate));
    return certificate.holds ? exit_done : exit_not_found;
}

base::Result<tuning::Certificate> check_program(const VerifyOptions& options,
                                                const assembly::Program& program, const tasks::Task& task,
                                                std::optional<long> steps) {
    return tuning::fit_to_task(program, task).map([&](assembly::Program fitted) {
        if (fitted.base != program.base || fitted.cells != program.cells)
            fmt::print(
                stderr,
                "note: the program is written for base {} and {} cells; checked in base {} with {} cells\n",
                program.base, program.cells, fitted.base, fitted.cells);
        if (steps) fitted.steps = steps;
        return tuning::certify(fitted, task,
                               {.random_inputs = options.random_inputs,
                                .seed = options.common.seed,
                                .threads = options.common.threads});
    });
}

/// The task, or for a certificate about a catalogue task, the one it names.
base::Result<tasks::Task> task_for(const VerifyOptions& options, const tuning::Certificate& certificate) {
    TaskOptions task = options.task;
    if (task.task.empty() && task.examples.empty()) task.task = certificate.task;
    return task_of(task);
}

int recheck(VerifyOptions options, const tuning::Certificate& claimed) {
    const auto task = task_for(options, claimed);
    if (!task) return report(task.error());
    const auto program = assembly::parse(claimed.program, options.program + " (its program)");
    if (!program) return report(program.error());
    options.common.seed = claimed.seed;
    if (!claimed.exhaustive && claimed.holds) options.random_inputs = claimed.inputs_checked;
    const auto found =
        check_program(options, *program, *task, options.steps ? options.steps : std::optional(claimed.steps));
    if (!found) return report(found.error());
    const bool agrees = found->holds == claimed.holds && found->inputs_checked == claimed.inputs_checked &&
                        found->domain_size == claimed.domain_size;
    if (!agrees)
        fmt::print(stderr, "the certificate claims that it {} after {} inputs; this check says otherwise\n",
                   claimed.holds ? "holds" : "does not hold", claimed.inputs_checked);
    const int code = answer(options, *found);
    return agrees ? code : exit_not_found;
}

int run(const VerifyOptions& options) {
    const auto bytes = base::read_file(options.program);
    if (!bytes) return report(bytes.error());
    const std::size_t first = bytes->find_first_not_of(" \t\r\n");
    if (first != std::string::npos && (*bytes)[first] == '{') {
        const auto certificate = tuning::parse_certificate(*bytes, options.program);
        return certificate ? recheck(options, *certificate) : report(certificate.error());
    }
    const auto source = load_source(options.program);
    if (!source) return report(source.error());
    const auto task = task_of(options.task);
    if (!task) return report(task.error());
    const auto certificate = check_program(options, program_of(*source), *task, options.steps);
    return certificate ? answer(options, *certificate) : report(certificate.error());
}

} // namespace

void add_verify(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<VerifyOptions>();
    CLI::App* command =
        app.add_subcommand("verify", "Check a program on every input of a task, or a certificate again");
    command->add_option("program", options->program, "Assembly file, model file, or certificate (.json)")
        ->required();
    add_task_options(*command, options->task);
    command->add_option("--steps", options->steps, "Machine steps; default: the program's, else the task's")
        ->check(CLI::Range(1l, assembly::largest_step_count));
    command->add_option("--inputs", options->random_inputs, "Random inputs for domains too large to exhaust")
        ->capture_default_str()
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 40));
    command->add_option("-o,--output", options->output, "Write the certificate there");
    command->add_flag("--force", options->common.force, "Replace the certificate file if it exists");
    add_common_options(*command, options->common);
    command->footer("Example: ropewalk verify programs/sort.asm --task sort -o sort.certificate.json\n"
                    "         ropewalk verify sort.certificate.json\n"
                    "Exit status 1 when the program is wrong on some input.");
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

} // namespace ropewalk::cli
