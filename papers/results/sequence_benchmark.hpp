// Sequence tasks: programs from few short examples, judged on long sequences.
#pragma once

#include <string>
#include <vector>

#include "papers/shared/shared.hpp"
#include "ropewalk/base/base.hpp"

namespace ropewalk::papers {

struct SequenceBenchmarkOptions {
    std::vector<std::string> tasks; ///< their names; empty: all
    int seeds = 10;                 ///< sets of examples of every task
    int examples = 32;              ///< that are shown, of length 1 to 8
    int inputs = 2000;              ///< fresh ones at each length
    double seconds = 60;            ///< of the processor, for a set of examples
    std::uint64_t seed = 0;
    ExperimentRun run;
};

/// One set of examples: shares of whole outputs that are right at lengths 51-100 and 101-150.
struct SequenceRun {
    std::string task;
    int seed = 0;
    double seconds = 0;
    double right_100 = 0, right_150 = 0;
    double control_100 = 0, control_150 = 0; ///< when the output of the most similar example is repeated
    int lines = 0;                           ///< of the program without its head; 0: none was found
    std::string program;
};

struct SequenceBenchmark {
    std::vector<SequenceRun> runs;
    bool complete = false;
};

/// One after the other, on one thread, with one setting for all. Fails where a state file cannot be read.
base::Result<SequenceBenchmark> sequence_benchmark(const SequenceBenchmarkOptions& options);

std::string to_json(const SequenceBenchmark& benchmark);
std::string to_csv(const SequenceBenchmark& benchmark);
/// A row for every task, with what is published beside, and the program of the first seed.
std::string to_markdown(const SequenceBenchmark& benchmark);

} // namespace ropewalk::papers
