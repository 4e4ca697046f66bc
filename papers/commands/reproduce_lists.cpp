// ropewalk reproduce lists and ropewalk reproduce sequences: public tasks over lists.
#include "papers/commands/reproduce_lists.hpp"

#include "papers/commands/experiment.hpp"
#include "papers/results/results.hpp"

namespace ropewalk::cli {

namespace {

struct ListsOptions {
    ExperimentOptions experiment{.output = "runs/lists"};
    papers::ListBenchmarkOptions lists;
};

struct SequencesOptions {
    ExperimentOptions experiment{.output = "runs/sequences"};
    papers::SequenceBenchmarkOptions sequences;
};

int run_lists(ListsOptions options) {
    options.lists.seed = options.experiment.common.seed;
    return run_experiment({"lists", "lists"}, options.experiment, [&](const papers::ExperimentRun& run) {
        options.lists.run = run;
        return papers::list_benchmark(options.lists);
    });
}

int run_sequences(SequencesOptions options) {
    options.sequences.seed = options.experiment.common.seed;
    return run_experiment({"sequences", "sequences"}, options.experiment, [&](const papers::ExperimentRun& run) {
        options.sequences.run = run;
        return papers::sequence_benchmark(options.sequences);
    });
}

template<class Options>
void add_run_options(CLI::App& command, Options& benchmark, ExperimentOptions& experiment) {
    command.add_option("--tasks", benchmark.tasks, "Names of tasks; default: all")->delimiter(',');
    command.add_option("--seconds", benchmark.seconds, "Time of the processor for each task")
        ->capture_default_str()
        ->check(CLI::Range(0.01, 1e5));
    add_experiment_options(command, experiment);
    add_common_options(command, experiment.common);
    add_report_option(command, experiment.common);
}

} // namespace

void add_lists(CLI::App& reproduce, int& exit_code) {
    const auto options = std::make_shared<ListsOptions>();
    CLI::App* command = reproduce.add_subcommand("lists", "Public tasks over lists: LambdaBeam, lambda2, list routines");
    command
        ->add_option("--data", options->lists.data, "Folder with lambdabeam.jsonl, lambda2.jsonl, list-routines.jsonl and 1d-arc.jsonl, or other sets")
        ->required();
    command->add_option("--sets", options->lists.sets, "Names of files NAME.jsonl there; default: lambdabeam, lambda2, list-routines, and 1d-arc if it is there")
        ->delimiter(',');
    command->add_option("--every", options->lists.every, "Only one of so many tasks of each set")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    command->add_option("--from", options->lists.from, "Which of so many tasks: 0 is the first")
        ->capture_default_str()
        ->check(CLI::Range(0, 999));
    command->add_option("--learn", options->lists.learn, "Pairs of list-routines that are shown")
        ->delimiter(',')
        ->capture_default_str()
        ->check(CLI::Range(1, 10));
    add_run_options(*command, options->lists, options->experiment);
    command->footer("Example: ropewalk reproduce lists --data benchmarks/lists --sets lambda2 --seconds 10 -o runs/lists");
    command->callback([options, &exit_code] { exit_code = run_lists(*options); });
}

void add_sequences(CLI::App& reproduce, int& exit_code) {
    const auto options = std::make_shared<SequencesOptions>();
    CLI::App* command = reproduce.add_subcommand(
        "sequences", "Sequence tasks of transformers: from few short examples to long sequences");
    command->add_option("--seeds", options->sequences.seeds, "Sets of examples of every task")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    command->add_option("--examples", options->sequences.examples, "Examples that are shown")
        ->capture_default_str()
        ->check(CLI::Range(1, 10'000));
    command->add_option("--inputs", options->sequences.inputs, "Fresh inputs at each length")
        ->capture_default_str()
        ->check(CLI::Range(1, 100'000));
    add_run_options(*command, options->sequences, options->experiment);
    command->footer("Example: ropewalk reproduce sequences --tasks parity,addition --seeds 2 -o runs/sequences");
    command->callback([options, &exit_code] { exit_code = run_sequences(*options); });
}

} // namespace ropewalk::cli
