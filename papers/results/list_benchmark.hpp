// Public tasks over lists: which programs are found, and whether they are right on inputs that were not shown.
#pragma once

#include <string>
#include <vector>

#include "papers/shared/shared.hpp"
#include "ropewalk/programs/synthesis/synthesis.hpp"

namespace ropewalk::papers {

struct ListBenchmarkOptions {
    std::string data;                      ///< folder with lambdabeam.jsonl, lambda2.jsonl, list-routines.jsonl, 1d-arc.jsonl
    std::vector<std::string> sets;         ///< of lambdabeam, lambda2, list-routines, 1d-arc; empty: all, the last if it is there
    int every = 1;                         ///< only one of so many tasks of each set
    int from = 0;                          ///< which of these: 0 is the first
    std::vector<std::string> tasks;        ///< their names; empty: all
    std::vector<int> learn{5, 8, 10};      ///< pairs of list-routines that are shown; the others are asked
    double seconds = 60;                   ///< of the processor, for each task
    std::uint64_t seed = 0;
    ExperimentRun run;
};

/// One task, what was found for it, and how many of the inputs that were not shown it gets right.
struct ListRun {
    std::string set, task;
    int shown = 0;
    std::string verdict; ///< solved, wrong or none
    double seconds = 0;
    long candidates = 0;
    int right = 0, tests = 0;
    int control = 0;      ///< right when the output of the most similar example is repeated
    bool decided = false; ///< no warning was given
    double doubt = 0, output_bits = 0, tried_bits = 0; ///< what the warning was decided by
    int cost = 0, beyond = 0, support = 0;
    std::string program;
};

struct ListBenchmark {
    std::vector<ListRun> runs;
    bool complete = false;
};

/// Searches one after the other, on one thread, with one setting for all; names are never read. Fails where the data
/// cannot be read, or `from` leaves no task of every so many.
base::Result<ListBenchmark> list_benchmark(const ListBenchmarkOptions& options);

std::string to_json(const ListBenchmark& benchmark);
std::string to_csv(const ListBenchmark& benchmark);
/// Sets with published figures beside, the warning's precision and recall, and what was not solved.
std::string to_markdown(const ListBenchmark& benchmark);

} // namespace ropewalk::papers
