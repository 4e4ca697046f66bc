// ropewalk reproduce roap-table2: how many tasks it takes to ground symbols.
#include "papers/commands/experiment.hpp"
#include "papers/commands/reproduce_roap.hpp"
#include "papers/roap/roap.hpp"

namespace ropewalk::cli {

namespace {

struct RoapTable2Command {
    ExperimentOptions experiment{.output = "runs/roap-table2"};
    bool no_alone = false;
    papers::RoapTable2Options table;
};

int run(RoapTable2Command options) {
    options.table.settings.seed = options.experiment.common.seed;
    options.table.alone = !options.no_alone;
    return run_experiment({"Table 2", "table"}, options.experiment, [&](const papers::ExperimentRun& run) {
        options.table.run = run;
        return roap_table2(options.table);
    });
}

} // namespace

void add_roap_table2(CLI::App& reproduce, int& exit_code) {
    const auto options = std::make_shared<RoapTable2Command>();
    learning::Settings& settings = options->table.settings;
    CLI::App* command = reproduce.add_subcommand(
        "roap-table2", "Table 2 of From Perception to Programs: symbols grounded from few tasks");
    command->add_option("--tasks", options->table.tasks, "Numbers of tasks")
        ->capture_default_str()
        ->delimiter(',')
        ->check(CLI::Range(1, 1101));
    command->add_option("--seeds", options->table.seeds, "Runs of each, with seeds from --seed on")
        ->capture_default_str()
        ->check(CLI::Range(1, 100'000));
    command->add_option("--steps", options->table.steps, "Steps that read images after the search")
        ->capture_default_str()
        ->check(CLI::Range(0, 10'000'000));
    command->add_option("--images", settings.images, "glyphs (drawn here), mnist or cifar10")
        ->capture_default_str()
        ->check(CLI::IsMember({"glyphs", "mnist", "cifar10"}));
    command->add_option("--data", settings.data, "Folder with the files of MNIST (IDX) or CIFAR-10 (binary)");
    command->add_option("--start", settings.start, "auto, table or network, see `ropewalk perceive --help`")
        ->capture_default_str()
        ->check(CLI::IsMember({"auto", "table", "network"}));
    command->add_option("--alphabet", settings.alphabet, "even or any, likewise")
        ->capture_default_str()
        ->check(CLI::IsMember({"even", "any"}));
    command->add_flag("--no-alone", options->no_alone,
                      "Without a look at each formula of the pool as the only task");
    add_experiment_options(*command, options->experiment);
    add_common_options(*command, options->experiment.common);
    add_report_option(*command, options->experiment.common);
    command->footer("Example: ropewalk reproduce roap-table2 --images mnist --data DIR -o runs/roap-table2\n"
                    "After Ctrl-C the finished runs are kept; --resume continues to the same table.");
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

} // namespace ropewalk::cli
