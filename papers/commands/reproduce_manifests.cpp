// ropewalk reproduce manifests: how often formulas are found in a user's own data.
#include "papers/commands/experiment.hpp"
#include "papers/commands/reproduce_roap.hpp"
#include "papers/results/results.hpp"

namespace ropewalk::cli {

namespace {

struct ManifestsCommand {
    ExperimentOptions experiment{.output = "runs/manifests"};
    papers::ManifestTableOptions table;
};

int run(ManifestsCommand options) {
    options.table.seed = options.experiment.common.seed;
    return run_experiment({"manifests", "table"}, options.experiment, [&](const papers::ExperimentRun& run) {
        options.table.run = run;
        return manifest_table(options.table);
    });
}

} // namespace

void add_manifests(CLI::App& reproduce, int& exit_code) {
    const auto options = std::make_shared<ManifestsCommand>();
    papers::ManifestTableOptions& table = options->table;
    CLI::App* command = reproduce.add_subcommand(
        "manifests", "Formulas found from rows of images and outputs, as `perceive --manifest` has them");
    command
        ->add_option("--kinds", table.kinds,
                     "Of sum, product, difference, sum-and-product (of two digits), 1-output, 2-outputs, "
                     "5-outputs, 20-outputs (random formulas of three symbols); default: all")
        ->delimiter(',');
    command->add_option("--runs", table.runs, "Manifests of each kind, with seeds from --seed on")
        ->capture_default_str()
        ->check(CLI::Range(1, 100'000));
    command->add_option("--steps", table.steps, "Steps that read images after the search")
        ->capture_default_str()
        ->check(CLI::Range(0, 10'000'000));
    command->add_option("--seconds", table.seconds, "Most time for a run")
        ->capture_default_str()
        ->check(CLI::Range(1.0, 1e6));
    command->add_option("--images", table.images, "glyphs (drawn here), mnist or cifar10")
        ->capture_default_str()
        ->check(CLI::IsMember({"glyphs", "mnist", "cifar10"}));
    command->add_option("--data", table.data, "Folder with the files of MNIST (IDX) or CIFAR-10 (binary)");
    add_experiment_options(*command, options->experiment);
    add_common_options(*command, options->experiment.common);
    add_report_option(*command, options->experiment.common);
    command->footer("Example: ropewalk reproduce manifests --images mnist --data DIR -o runs/manifests\n"
                    "After Ctrl-C the finished runs are kept; --resume continues to the same table.");
    command->callback([options, &exit_code] { exit_code = run(*options); });
}

} // namespace ropewalk::cli
