// ropewalk doctor: what this installation is, whether its machines agree on this computer, what it lacks, and how
// fast it is.
#include <cstdlib>

#include <oneapi/tbb/version.h>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/commands/commands.hpp"
#include "app/commands/self_benchmark.hpp"
#include "ropewalk/base/random.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/images/networks/networks.hpp"

namespace ropewalk::cli {

namespace {

struct DoctorOptions {
    CommonOptions common;
    bool benchmark = false;
};

/// What has to be right.
struct Check {
    std::string name;
    bool passed;
    std::string detail;
};

/// What not everybody needs: where it is missing, how to get it.
struct Part {
    std::string name;
    bool present;
    std::string how;
};

/// Random programs on both machines.
Check machines_agree() {
    constexpr int programs = 50;
    int agreements = 0;
    for (int i = 0; i < programs; ++i) {
        base::RandomStream random(0, base::Purpose::random_program, static_cast<std::uint64_t>(i));
        const auto program = assembly::random_program(assembly::all_instructions(), 8, 8, 4, 8, random);
        const auto model = compiler::compile(
            program, {.gamma = 0, .epsilon = 1e-15, .instruction_set = assembly::all_instructions()}, random);
        if (!model) continue;
        machine::Example example;
        for (int cell = 0; cell < 8; ++cell) example.memory.push_back(static_cast<int>(random.below(8)));
        const auto exact = machine::run_exact(program, example.memory, {}, 32);
        const auto soft = run_soft(model->configuration, model->weights, example, 32);
        agreements += exact.memory == soft.memory && exact.registers == soft.registers ? 1 : 0;
    }
    return {"exact and soft machine agree", agreements == programs,
            fmt::format("{} of {} random programs", agreements, programs)};
}

/// Known answer of Philox4x32-10 (Random123's kat_vectors: zero counter and key).
Check random_numbers() {
    const auto block = r123::Philox4x32()({{0, 0, 0, 0}}, {{0, 0}});
    const bool right =
        block[0] == 0x6627e8d5 && block[1] == 0xe169c58d && block[2] == 0xbc57ac4c && block[3] == 0x9b00dbd8;
    return {"random numbers are the published ones", right, "Philox4x32-10"};
}

Check reference_program() {
    const auto program = assembly::parse(
        ".base 8\n.cells 4\n.steps 20\nloop: read 1 2\ninc 2 2\nwrite 1 2\ninc 1 1\njump 3 loop\n", "map");
    const auto task = tasks::find_task("map-inc");
    if (!program || !task) return {"Listing 1 of the paper is certified", false, "does not parse"};
    const auto certificate = tuning::certify(*program, *task);
    return {"Listing 1 of the paper is certified", certificate.holds,
            fmt::format("map: {} inputs", certificate.inputs_checked)};
}

/// Whether a network can be made on a device of libtorch; one for the smallest pool, of a single formula.
bool has_networks(const char* device) {
    auto pool = identification::monomial_table({formula::variable(1, 0)});
    if (!pool) return false;
    return perception::make_engine(
               {.statistics = {{0.0}, {1.0}}, .pool = std::move(*pool), .sigma = {1}, .device = device})
        .has_value();
}

bool succeeds(const std::string& command) {
    return std::system((command + " >/dev/null 2>&1").c_str()) == 0; // NOLINT: fixed texts only
}

std::vector<Part> parts() {
    const bool python = succeeds("python3 --version");
    return {
        {"images can be read (perceive, read, predict): libtorch", has_networks("cpu"),
         "apt-get install libtorch-dev, then ./run build"},
        {"networks can run on a GPU (--device cuda)", has_networks("cuda"),
         "with a driver of NVIDIA's: python3 -m venv .venv && .venv/bin/pip install torch, then ROPEWALK_TORCH=FOLDER-OF-TORCH ./run build"},
        {"Python runs exported programs and tools/check_certificate", python, "apt-get install python3"},
        {"`import ropewalk` works in Python", python && succeeds("python3 -c 'import ropewalk'"),
         "python3 -m venv .venv && .venv/bin/pip install . in a checkout; then .venv/bin/python"},
        {"a C compiler takes exported programs", succeeds("cc --version"), "apt-get install gcc"},
    };
}

Json json_of(const std::string& version, const std::vector<Check>& checks, const std::vector<Part>& found, bool healthy,
             double memory) {
    Json list = Json::array(), rest = Json::array();
    for (const Check& check : checks)
        list.push_back({{"name", check.name}, {"passed", check.passed}, {"detail", check.detail}});
    for (const Part& part : found)
        rest.push_back({{"name", part.name}, {"present", part.present}, {"how", part.how}});
    return {{"version", ROPEWALK_VERSION},
            {"build", version},
            {"threads", base::available_threads()},
            {"memory_gib", memory},
            {"kernel", machine::active_target()},
            {"kernels", machine::available_targets()},
            {"compiler", __VERSION__},
            {"onetbb", TBB_VERSION_STRING},
            {"checks", list},
            {"parts", rest},
            {"healthy", healthy}};
}

void show(const std::vector<Check>& checks, const std::vector<Part>& found) {
    const auto word = [](const char* text, int colour) {
        const std::string padded = fmt::format("{:<8}", text);
        return is_coloured(stdout) ? fmt::format("\x1b[{}m{}\x1b[0m", colour, padded) : padded;
    };
    constexpr int green = 32, red = 31, yellow = 33;
    for (const Check& check : checks)
        fmt::print("  {}{}: {}\n", check.passed ? word("ok", green) : word("FAILED", red), check.name, check.detail);
    fmt::print("\nParts that not everybody needs\n");
    for (const Part& part : found) {
        fmt::print("  {}{}\n", part.present ? word("ok", green) : word("missing", yellow), part.name);
        if (!part.present) fmt::print("          {}\n", part.how);
    }
}

void show(const std::vector<Speed>& speeds) {
    fmt::print("\nSpeed of one thread in its processor time, beside the figures of docs/performance.md\n");
    for (const Speed& speed : speeds)
        fmt::print("  {:<52} {:>7.1f} {:<18} {}\n", speed.what, speed.measured, speed.unit, speed.published);
    fmt::print("Those are of two processors with AVX-512; other work on this computer makes these smaller.\n");
}

int run(const DoctorOptions& options, const std::string& version) {
    const std::vector<Check> checks{random_numbers(), machines_agree(), reference_program()};
    const bool healthy =
        std::all_of(checks.begin(), checks.end(), [](const Check& check) { return check.passed; });
    const double memory = static_cast<double>(sysconf(_SC_PHYS_PAGES)) *
                          static_cast<double>(sysconf(_SC_PAGE_SIZE)) / (1 << 30);
    const std::vector<Part> found = parts();
    if (options.common.json) {
        Json object = json_of(version, checks, found, healthy, memory);
        if (options.benchmark)
            for (const Speed& speed : self_benchmark())
                object["speeds"].push_back(
                    {{"what", speed.what}, {"measured", speed.measured}, {"unit", speed.unit}, {"docs", speed.published}});
        print(object);
        return healthy ? exit_done : exit_defect;
    }
    fmt::print("{}  ({} threads, {:.0f} GiB of memory, compiled by {}, oneTBB {})\n"
               "differentiable machine: {} kernel, of {} (ROPEWALK_TARGET chooses)\n",
               version, base::available_threads(), memory, __VERSION__, TBB_VERSION_STRING, machine::active_target(),
               fmt::join(machine::available_targets(), ", "));
    show(checks, found);
    if (options.benchmark) show(self_benchmark());
    return healthy ? exit_done : exit_defect;
}

} // namespace

void add_doctor(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<DoctorOptions>();
    CLI::App* command =
        app.add_subcommand("doctor", "Show what this installation is and check it on this computer");
    command->add_flag("--benchmark", options->benchmark,
                      "Measure the speed too, in half a minute, beside the figures of the documentation");
    add_common_options(*command, options->common);
    command->footer("Example: ropewalk doctor --json");
    command->callback([&app, options, &exit_code] { exit_code = run(*options, app.version()); });
}

} // namespace ropewalk::cli
