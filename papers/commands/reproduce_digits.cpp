// ropewalk reproduce digits: reading digits and finding the rule behind them, on public benchmarks.
#include "papers/commands/experiment.hpp"
#include "papers/commands/reproduce_roap.hpp"
#include "papers/results/results.hpp"

namespace ropewalk::cli {

namespace {

struct DigitsCommand {
    ExperimentOptions experiment{.output = "runs/digits"};
    papers::DigitBenchmarkOptions digits;
};

int run_digits(DigitsCommand options) {
    options.digits.seed = options.experiment.common.seed;
    return run_experiment({"digits", "digits"}, options.experiment, [&](const papers::ExperimentRun& run) {
        options.digits.run = run;
        return papers::digit_benchmark(options.digits);
    });
}

} // namespace

void add_digits(CLI::App& reproduce, int& exit_code) {
    const auto options = std::make_shared<DigitsCommand>();
    papers::DigitBenchmarkOptions& digits = options->digits;
    CLI::App* command = reproduce.add_subcommand(
        "digits", "Digits read and the rule behind them found: pairs, additions, sequences, tables of rules");
    command->add_option("--data", digits.data, "Folder with the files of MNIST (IDX)")->required();
    command->add_option("--lists", digits.lists,
                        "Folder with pairs/, sequences/ and order-train.txt.gz; without it, MNIST's files are in "
                        "their original order");
    command
        ->add_option("--tasks", digits.tasks,
                     "Of pairs-24000, pairs-2400, pairs-1200, addition-1 (2, 4, 15), sum-8 (16, 64, 200), max, min, "
                     "equal, less, mod10, parity, parity-20, count, tens, plus3, if-less, if-equal, if-even, "
                     "operators, sort3, sequences-sum, sequences-product; default: all")
        ->delimiter(',');
    command->add_option("--runs", digits.runs, "Runs of each, with seeds from --seed on")
        ->capture_default_str()
        ->check(CLI::Range(1, 100'000));
    command->add_option("--seconds", digits.seconds, "Time for a run; 0: no limit, with --steps")
        ->capture_default_str()
        ->check(CLI::Range(0.0, 1e6));
    command->add_option("--steps", digits.steps, "Steps that read images after the search; 0: as many as fit into the time")
        ->capture_default_str()
        ->check(CLI::Range(0, 10'000'000));
    add_experiment_options(*command, options->experiment);
    add_common_options(*command, options->experiment.common);
    add_report_option(*command, options->experiment.common);
    command->footer("Example: ropewalk reproduce digits --data DIR --lists LISTS --tasks pairs-1200 -o runs/digits\n"
                    "After Ctrl-C the finished runs are kept; --resume continues to the same table.");
    command->callback([options, &exit_code] { exit_code = run_digits(*options); });
}

} // namespace ropewalk::cli
