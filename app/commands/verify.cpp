// ropewalk verify: a program against every input of a task, or a certificate checked again.
#include <filesystem>

#include <fmt/format.h>

#include "app/commands/commands.hpp"
#include "app/commands/source.hpp"

namespace ropewalk::cli {

namespace {


struct VerifyOptions {
    CommonOptions common;
    TaskOptions task;
    std::string program, output;
    std::optional<long> steps;
    tuning::CertifyOptions check;
    PartOptions part;
};

constexpr const char *check_name = "check.json", *certificate_name = "certificate.json";

int answer(const VerifyOptions& options, const tuning::Certificate& certificate) {
    if (certificate.stopped) {
        say("{}", "the certificate " + describe(certificate));
        return exit_not_found;
    }
    if (!options.output.empty()) {
        const auto saved =
            base::write_file(options.output, tuning::to_json(certificate), overwrite_of(options.common));
        if (!saved) return report(saved.error());
    }
    if (options.common.json)
        print(certificate_json(certificate));
    else
        fmt::print("{}", describe(certificate));
    return certificate.holds ? exit_done : exit_not_found;
}

tuning::CertifyOptions certify_options(const VerifyOptions& options) {
    return {.random_inputs = options.check.random_inputs,
            .seed = options.common.seed,
            .threads = options.common.threads,
            .stop = interruption()};
}

/// The program as the task's machine runs it.
base::Result<assembly::Program> fitted_program(const assembly::Program& program, const tasks::Task& task,
                                               std::optional<long> steps) {
    return tuning::fit_to_task(program, task).map([&](assembly::Program fitted) {
        if (fitted.base != program.base || fitted.cells != program.cells)
            say("note: the program is written for base {} and {} cells; checked in base {} with {} cells\n",
                program.base, program.cells, fitted.base, fitted.cells);
        if (steps) fitted.steps = steps;
        return fitted;
    });
}

base::Result<tuning::Certificate> check_program(const VerifyOptions& options,
                                                const assembly::Program& program, const tasks::Task& task,
                                                std::optional<long> steps) {
    return fitted_program(program, task, steps).map([&](const assembly::Program& fitted) {
        return tuning::certify(fitted, task, certify_options(options));
    });
}

base::Manifest manifest(const CLI::App& command, const VerifyOptions& options, const assembly::Program& program,
                        const tasks::Task& task) {
    std::map<std::string, std::string> inputs{{"program", base::sha256(to_string(program))}};
    if (!task.examples_sha256.empty()) inputs["examples"] = task.examples_sha256;
    return manifest_of(command, options.part, inputs);
}

/// Checks the inputs of one part.
int run_part(const VerifyOptions& options, const assembly::Program& program, const tasks::Task& task,
             const CLI::App& command) {
    const base::Part part = *options.part.part;
    const auto folder = begin_part(options.output, part, {check_name}, {.replace = options.common.force});
    if (!folder) return report(folder.error());
    const auto lock = base::FolderLock::take(*folder);
    if (!lock) return report(lock.error());
    const tuning::CertifyOptions check = certify_options(options);
    const std::uint64_t inputs = tuning::input_count(task, check);
    const base::UnitRange range = range_of(part, inputs);
    const tuning::CertifyPart checked = tuning::certify_part(program, task, check, range);
    if (checked.stopped) {
        say("ropewalk: part {} stopped before its end; nothing of it is kept\n", to_string(part));
        return exit_not_found;
    }
    const std::string file = (std::filesystem::path(*folder) / check_name).string();
    if (const auto saved = base::write_file(file, to_json(checked), overwrite_of(options.common)); !saved)
        return report(saved.error());
    if (const auto saved = base::save_manifest(*folder, manifest(command, options, program, task)); !saved)
        return report(saved.error());
    return tell_part(options.output, part,
                     checked.first_wrong < range.end ? fmt::format("wrong on input {}", checked.first_wrong + 1)
                                                     : fmt::format("right on {} of {} inputs", checked.right, inputs),
                     options.common.json);
}

base::Result<tuning::Certificate> joined(const VerifyOptions& options, const assembly::Program& program,
                                         const tasks::Task& task, const CLI::App& command) {
    const auto folders = parts_of(options.output, manifest(command, options, program, task));
    if (!folders) return base::failure(folders.error());
    std::vector<tuning::CertifyPart> parts;
    for (const std::string& folder : *folders) {
        const std::string file = (std::filesystem::path(folder) / check_name).string();
        const auto part = base::read_file(file).and_then(
            [&](const std::string& text) { return tuning::parse_certify_part(text, file); });
        if (!part) return base::failure(part.error());
        parts.push_back(*part);
    }
    return tuning::join(program, task, certify_options(options), std::move(parts));
}

/// One part of the check, or all parts put together: then the certificate goes into their folder.
int run_in_parts(VerifyOptions options, const assembly::Program& program, const tasks::Task& task,
                 const CLI::App& command) {
    const auto fitted = fitted_program(program, task, options.steps);
    if (!fitted) return report(fitted.error());
    if (options.part.part) return run_part(options, *fitted, task, command);
    const std::string file = (std::filesystem::path(options.output) / certificate_name).string();
    if (const auto free = base::free_file(file, overwrite_of(options.common)); !free) return report(free.error());
    const auto certificate = joined(options, *fitted, task, command);
    options.output = file;
    return certificate ? answer(options, *certificate) : report(certificate.error());
}

/// The task, or for a certificate about a catalogue task, the one it names.
base::Result<tasks::Task> task_for(const VerifyOptions& options, const tuning::Certificate& certificate) {
    TaskOptions task = options.task;
    if (certificate.from_examples && task.examples.empty())
        return base::failure(options.program,
                             fmt::format("a certificate about the examples '{}'", certificate.task),
                             "--examples FILE with these examples");
    if (task.task.empty() && task.examples.empty()) task.task = certificate.task;
    auto found = task_of(task);
    if (found && !certificate.examples_sha256.empty() &&
        certificate.examples_sha256 != found->examples_sha256)
        return base::failure(options.program,
                             "a certificate about other examples than those of " + task.examples,
                             "--examples FILE with the examples it was made for");
    return found;
}

/// A task that exists in every size, in the size that the program is for.
tasks::Task sized_for(const assembly::Program& program, const tasks::Task& task) {
    if (!task.resized || (task.base == program.base && task.cells == program.cells)) return task;
    return task.resized(program.base, program.cells);
}

/// What of a certificate's claims the check can confirm, as JSON, for comparison and for people.
nlohmann::json claims_of(const nlohmann::json& certificate) {
    nlohmann::json claims = nlohmann::json::object();
    for (const char* key :
         {"holds", "exhaustive", "inputs_checked", "domain_size", "steps", "inputs_sha256", "counterexample"})
        claims[key] = certificate.contains(key) ? certificate[key] : nlohmann::json(nullptr);
    return claims;
}

/// Numbers a certificate may not exceed: those that the options of this command may have.
base::Result<tuning::Certificate> plausible(const tuning::Certificate& claimed, const std::string& file) {
    if (claimed.steps < 0 || claimed.steps > assembly::largest_step_count)
        return base::failure(file, fmt::format("{} steps", claimed.steps),
                             fmt::format("0 to {}", assembly::largest_step_count));
    if (claimed.inputs_checked < 1 || claimed.inputs_checked > tuning::most_random_inputs)
        return base::failure(file, fmt::format("{} inputs", claimed.inputs_checked),
                             fmt::format("1 to {}", tuning::most_random_inputs));
    return claimed;
}

int recheck(VerifyOptions options, const tuning::Certificate& claimed, const Json& written) {
    if (const auto checked = plausible(claimed, options.program); !checked) return report(checked.error());
    const auto task = task_for(options, claimed);
    if (!task) return report(task.error());
    const auto program = assembly::parse(claimed.program, options.program + " (its program)");
    if (!program) return report(program.error());
    options.common.seed = claimed.seed;
    if (!claimed.exhaustive) options.check.random_inputs = claimed.inputs_checked;
    const auto found = check_program(options, *program, sized_for(*program, *task),
                                     options.steps ? options.steps : std::optional(claimed.steps));
    if (!found) return report(found.error());
    if (found->stopped) return answer(options, *found);
    const nlohmann::json claims = claims_of(written);
    nlohmann::json facts = claims_of(certificate_json(*found));
    if (claimed.version == 1) {
        facts["inputs_sha256"] = nullptr;
        if (facts["counterexample"].is_object()) facts["counterexample"].erase("registers");
    }
    const bool agrees = claims == facts;
    if (!agrees) {
        say("{}: the certificate does not agree with this check\n", options.program);
        for (const auto& [key, claim] : claims.items())
            if (claim != facts[key])
                say("  {}: it says {}, found {}\n", key, base::json_text(claim), base::json_text(facts[key]));
    }
    const int code = answer(options, *found);
    return agrees ? code : exit_not_found;
}

int run(const VerifyOptions& options, const CLI::App& command) {
    const bool in_parts = options.part.part || options.part.join;
    if (!in_parts)
        if (const auto output = base::free_file(options.output, overwrite_of(options.common)); !output)
            return report(output.error());
    const auto bytes = base::read_file(options.program);
    if (!bytes) return report(bytes.error());
    const std::size_t first = bytes->find_first_not_of(" \t\r\n");
    if (first != std::string::npos && (*bytes)[first] == '{') {
        if (in_parts)
            return report({{.file = "--part",
                            .found = "a certificate, " + options.program,
                            .expected = "a program and --task or --examples"}});
        const auto certificate = tuning::parse_certificate(*bytes, options.program);
        return certificate ? recheck(options, *certificate, base::parse_json<Json>(*bytes))
                           : report(certificate.error());
    }
    const auto task = task_of(options.task);
    // A high-level program is the same on any machine, so it is lowered for the task's.
    assembly::ParseOverrides sizes;
    if (is_high_level(options.program) && task) sizes = {.base = task->base, .cells = task->cells};
    const auto source = load_source(options.program, sizes);
    if (!source) return report(source.error());
    if (!task) return report(task.error());
    if (in_parts) return run_in_parts(options, program_of(*source), *task, command);
    const auto certificate = check_program(options, program_of(*source), *task, options.steps);
    return certificate ? answer(options, *certificate) : report(certificate.error());
}

} // namespace

void add_verify(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<VerifyOptions>();
    CLI::App* command =
        app.add_subcommand("verify", "Check a program on every input of a task, or a certificate again");
    command
        ->add_option("program", options->program,
                     "Assembly file, high-level program (.rope), model file, or certificate (.json)")
        ->required();
    add_task_options(*command, options->task);
    command->add_option("--steps", options->steps, "Machine steps; default: the program's, else the task's")
        ->check(CLI::Range(1l, assembly::largest_step_count));
    add_setting(*command, options->check, "inputs");
    command->add_option("-o,--output", options->output, "Write the certificate there");
    add_part_option(*command, options->part);
    command->add_flag("--force", options->common.force, "Replace the certificate file if it exists");
    add_common_options(*command, options->common);
    command->footer("Example: ropewalk verify programs/sort.asm --task sort -o sort.certificate.json\n"
                    "         ropewalk verify sort.certificate.json\n"
                    "Exit status 1 when the program is wrong on some input.");
    command->callback([options, command, &exit_code] { exit_code = run(*options, *command); });
}

} // namespace ropewalk::cli
