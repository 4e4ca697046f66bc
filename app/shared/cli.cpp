#include "app/shared/cli.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <csignal>
#include <cstdlib>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "app/shared/settings.hpp"

namespace ropewalk::cli {

base::Overwrite overwrite_of(const CommonOptions& options) {
    return options.force ? base::Overwrite::allow : base::Overwrite::refuse;
}

void add_common_options(CLI::App& command, CommonOptions& options) {
    command.add_flag("--json", options.json, "One JSON object on standard output and nothing else");
    command.add_flag("--quiet", options.quiet, "No progress on standard error");
    command.add_option("--seed", options.seed, "Seed of every random choice")
        ->capture_default_str()
        ->check([](const std::string& text) {
            // An unsigned option would take -1 for 2^64 - 1, and one that is too large for 2^64 - 1.
            return base::whole_number<std::uint64_t>(text)
                       ? std::string{}
                       : "found " + text + "; expected a number from 0 to 2^64 - 1";
        });
    command
        .add_option("--threads", options.threads, "Threads; 0 means all. The result does not depend on it")
        ->capture_default_str()
        ->check(CLI::Range(0, 1024));
}

void add_device_options(CLI::App& command, std::string& device, CommonOptions& options) {
    command.add_option("--device", device, "cpu or cuda")
        ->capture_default_str()
        ->check(CLI::IsMember({"cpu", "cuda"}));
    add_common_options(command, options);
    command.get_option("--threads")
        ->description("Threads; 0 means all. Networks may round differently with another number");
}

void add_details_option(CLI::App& command, CommonOptions& options) {
    command.add_flag("--details", options.details, "After the answer, the statistics of the run");
}

void add_report_option(CLI::App& command, CommonOptions& options) {
    command.add_option("--report", options.page,
                       "Show the run as a page of HTML there, which is written anew while it goes on");
}

void refuse_nan(CLI::App& app) {
    // Comparisons, and so ranges, let it through.
    for (CLI::Option* option : app.get_options())
        if (option->get_type_name().starts_with("FLOAT"))
            option->check([](const std::string& text) {
                double value = 0;
                const bool number = CLI::detail::lexical_cast(text, value);
                return number && std::isnan(value) ? "found " + text + "; expected a number" : std::string{};
            });
    for (CLI::App* command : app.get_subcommands({})) refuse_nan(*command);
}

std::string flag_of(std::string_view setting) {
    std::string flag = "--" + std::string(setting);
    std::replace(flag.begin(), flag.end(), '_', '-');
    return flag;
}

void refuse_empty_outputs(CLI::App& app) {
    for (CLI::Option* option : app.get_options())
        if (option->check_lname("output"))
            option->check([](const std::string& text) {
                return text.empty()
                           ? std::string("found an empty name; expected the name of a file or folder")
                           : std::string{};
            });
    for (CLI::App* command : app.get_subcommands({})) refuse_empty_outputs(*command);
}

bool is_coloured(std::FILE* stream) {
    const char *refused = std::getenv("NO_COLOR"), *terminal = std::getenv("TERM");
    return isatty(fileno(stream)) != 0 && (refused == nullptr || *refused == '\0') && terminal != nullptr &&
           std::string_view(terminal) != "dumb";
}

void say_text(const std::string& text) {
    std::fputs(base::printable(text, base::Lines::keep).c_str(), stderr);
}

std::string with_option_names(std::string text) {
    constexpr std::string_view before = "setting `";
    for (std::size_t start = text.find(before); start != std::string::npos;
         start = text.find(before, start)) {
        const std::size_t end = text.find('`', start + before.size());
        if (end == std::string::npos) break;
        const std::string name = text.substr(start + before.size(), end - start - before.size());
        text.replace(start, end + 1 - start, flag_of(name));
    }
    return text;
}

int report(const base::Diagnostics& diagnostics) {
    say_text(with_option_names(base::render(diagnostics)));
    return exit_bad_input;
}

void print(const Json& object) { fmt::print("{}\n", base::json_text(object, 2)); }

base::Result<std::vector<int>> parse_numbers(const std::string& text, const std::string& name, int bound) {
    std::vector<int> values;
    if (text.empty()) return values;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find(',', start), text.size());
        const std::string word = text.substr(start, end - start);
        const auto value = base::whole_number<int>(word);
        if (!value || *value < 0 || *value >= bound)
            return base::failure(
                name, fmt::format("{} as value {}", base::quoted(word), values.size() + 1),
                fmt::format("numbers from 0 to {} (base {}) separated by commas", bound - 1, bound));
        values.push_back(*value);
        start = end + 1;
    }
    return values;
}

void add_machine_options(CLI::App& command, MachineOptions& options) {
    command.add_option("--profile", options.profile, "Reading of the papers: default, paper or anc")
        ->capture_default_str();
    command.add_option("--switches", options.switches,
                       "Single switches on top, e.g. mix=probabilities,freeze=off");
    command.add_option("--instructions", options.instructions,
                       "Instruction set: paper13, anc11, all, or a list such as halt,inc,read,write,jump");
}

base::Result<machine::Switches> switches_of(const MachineOptions& options) {
    return machine::find_profile(options.profile).and_then([&](machine::Switches switches) {
        return machine::parse_switches(options.switches, switches);
    });
}

base::Result<assembly::InstructionSet> instruction_set_of(const MachineOptions& options,
                                                          const assembly::InstructionSet& otherwise) {
    if (options.instructions.empty()) return otherwise;
    return assembly::parse_instruction_set(options.instructions);
}

void add_population_option(CLI::App& command, int& interval) {
    command
        .add_option(
            "--population", interval,
            fmt::format("Replace the worst quarter of each 16 restarts by copies of the best every so many "
                        "gradient steps, a multiple of {}; 0: restarts stay independent",
                        tuning::TuneOptions().check_interval))
        ->capture_default_str()
        ->check(CLI::Range(0, 1'000'000));
}

void add_task_options(CLI::App& command, TaskOptions& options) {
    command.add_option("--task", options.task, "A task of the catalogue (see `ropewalk tasks`)");
    command.add_option("--examples", options.examples, "A file of examples, one JSON object a line");
    command.add_option("--base", options.sizes.base, "Base of the machine, with --examples")
        ->check(CLI::Range(2, assembly::largest_base));
    command.add_option("--cells", options.sizes.cells, "Memory cells, with --examples")
        ->check(CLI::Range(1, assembly::largest_base));
    command.add_option("--registers", options.sizes.registers, "Registers, with --examples")
        ->check(CLI::Range(1, assembly::largest_register_count));
}

base::Result<tasks::Task> task_of(const TaskOptions& options) {
    if (options.task.empty() == options.examples.empty())
        return base::failure(
            "options", options.task.empty() ? "neither --task nor --examples" : "both --task and --examples",
            "one of them: --task NAME (`ropewalk tasks` lists them) or --examples FILE");
    if (options.task.empty()) {
        auto task = tasks::load_examples(options.examples, options.sizes);
        if (task)
            for (const std::string& note : task->notes) say("note: {}: {}\n", options.examples, note);
        return task;
    }
    if (options.sizes.base || options.sizes.cells || options.sizes.registers)
        return base::failure("options", "--base, --cells or --registers with --task",
                             "a task of the catalogue as it is; sizes go with --examples");
    return tasks::find_task(options.task);
}

namespace {

std::atomic<bool> is_interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "all that a signal handler may touch");

} // namespace

base::Stop interruption(bool among_others) {
    const auto handle_both = [](int) {
        is_interrupted = true;
        std::signal(SIGINT, SIG_DFL);
        std::signal(SIGTERM, SIG_DFL);
    };
    const auto handle_one = [](int signal) {
        is_interrupted = true;
        std::signal(signal, SIG_DFL);
    };
    void (*const handler)(int) = among_others ? +handle_one : +handle_both;
    std::signal(SIGINT, handler);
    std::signal(SIGTERM, handler);
    return base::Stop(is_interrupted);
}

Json certificate_json(const tuning::Certificate& certificate) {
    return base::parse_json<Json>(tuning::to_json(certificate));
}

std::string percent(const base::Proportion& p) {
    return fmt::format("{:3} of {}  {:5.1f}%  (95% interval {:.1f} to {:.1f})", p.count, p.total,
                       100 * p.rate, 100 * p.low, 100 * p.high);
}

std::string spaced(const std::vector<int>& values) {
    std::vector<std::string> words;
    for (const int value : values)
        words.push_back(value == machine::not_scored ? "." : std::to_string(value));
    return fmt::format("{}", fmt::join(words, " "));
}

std::string describe(const tuning::Certificate& c) {
    if (c.stopped) return "is " + tuning::claim_of(c) + ", then stopped\n";
    if (c.holds) return "holds: " + tuning::claim_of(c) + "\n";
    std::string text = fmt::format("does not hold: wrong on input {} of those checked\n", c.inputs_checked);
    if (!c.counterexample) return text;
    text += fmt::format("  memory    {}\n  expected  {}\n  found     {}\n", spaced(c.counterexample->memory),
                        spaced(c.counterexample->expected_memory), spaced(c.counterexample->found_memory));
    if (!c.counterexample->expected_registers.empty())
        text += fmt::format("  expected registers  {}\n  found registers     {}\n",
                            spaced(c.counterexample->expected_registers),
                            spaced(c.counterexample->found_registers));
    return text;
}

} // namespace ropewalk::cli
