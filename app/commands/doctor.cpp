// ropewalk doctor: what this installation is, and whether its machines agree on this computer.
#include <oneapi/tbb/version.h>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/commands/commands.hpp"
#include "ropewalk/base/random.hpp"

namespace ropewalk::cli {

namespace {

struct DoctorOptions {
    CommonOptions common;
};

struct Check {
    std::string name;
    bool passed;
    std::string detail;
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

int run(const DoctorOptions& options) {
    const std::vector<Check> checks{random_numbers(), machines_agree(), reference_program()};
    const bool healthy =
        std::all_of(checks.begin(), checks.end(), [](const Check& check) { return check.passed; });
    const double memory = static_cast<double>(sysconf(_SC_PHYS_PAGES)) *
                          static_cast<double>(sysconf(_SC_PAGE_SIZE)) / (1 << 30);
    if (options.common.json) {
        Json list = Json::array();
        for (const Check& check : checks)
            list.push_back({{"name", check.name}, {"passed", check.passed}, {"detail", check.detail}});
        print({{"version", ROPEWALK_VERSION},
               {"threads", base::available_threads()},
               {"memory_gib", memory},

               {"kernel", machine::active_target()},
               {"kernels", machine::available_targets()},
               {"compiler", __VERSION__},
               {"onetbb", TBB_VERSION_STRING},
               {"checks", list},
               {"healthy", healthy}});
        return healthy ? exit_done : exit_defect;
    }
    fmt::print("ropewalk {}  ({} threads, {:.0f} GiB of memory, compiled by {}, oneTBB {})\n"
               "differentiable machine: {} kernel, of {} (ROPEWALK_TARGET chooses)\n",
               ROPEWALK_VERSION, base::available_threads(), memory, __VERSION__, TBB_VERSION_STRING,
               machine::active_target(), fmt::join(machine::available_targets(), ", "));
    for (const Check& check : checks)
        fmt::print("  {}  {}: {}\n", check.passed ? "ok    " : "FAILED", check.name, check.detail);
    return healthy ? exit_done : exit_defect;
}

} // namespace

void add_doctor(CLI::App& app, int& exit_code) {
    const auto options = std::make_shared<DoctorOptions>();
    CLI::App* command =
        app.add_subcommand("doctor", "Show what this installation is and check it on this computer");
    add_common_options(*command, options->common);
    command->footer("Example: ropewalk doctor --json");
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

} // namespace ropewalk::cli
