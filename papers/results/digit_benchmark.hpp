// Learning to read digits and to find the rule behind them: public benchmarks and tables of rules.
#pragma once

#include <string>
#include <vector>

#include "papers/shared/shared.hpp"
#include "ropewalk/base/base.hpp"

namespace ropewalk::papers {

struct DigitBenchmarkOptions {
    std::string data;               ///< folder with the files of MNIST
    std::string lists;              ///< folder with index lists and the order of the images; empty: original files
    std::vector<std::string> tasks; ///< see digit_tasks; empty: all
    std::size_t runs = 10;          ///< of every task, with seeds from `seed` on
    double seconds = 60;            ///< for a run; 0: no limit
    std::size_t steps = 0;          ///< that read images after the search; 0: as many as fit into the seconds
    std::uint64_t seed = 0;
    ExperimentRun run;
};

/// What `perceive` makes of one table. Rule and alphabet are unknown to it.
struct DigitRun {
    std::string task;
    std::uint64_t seed = 0;
    std::string found;      ///< rules, with semicolons between them; "none" where there is no answer
    bool rule_right = false; ///< on all rows of digits (or 2,000 of them), with letters named by what they are read as
    double accuracy = 0;    ///< share of the test rows all of whose outputs are right
    double digits = 0;      ///< share of the test images read as the letter that most of their digit are read as
    double expected = 0;    ///< the share of digits to the power of a row's images, mean of the test rows
    double mean_error = 0;  ///< absolute, of the outputs of test rows
    /// Of products of sequences: the mean of |ln(output + 1e-10) - ln(right + 1e-10)|, as their references have it.
    double log_error = 0;
    std::string longer; ///< the same error on longer rows, by list; empty where there are none
    double seconds = 0;     ///< of learning, by the clock
    double processor = 0;   ///< likewise, of all threads' processor
};

struct DigitBenchmark {
    double limit = 0; ///< seconds for a run
    std::size_t steps = 0;
    std::vector<DigitRun> runs;
    bool complete = false;
};

/// Learns from each table and is judged on the test images. Fails on unknown tasks and files that cannot be read.
base::Result<DigitBenchmark> digit_benchmark(const DigitBenchmarkOptions& options);

std::string to_json(const DigitBenchmark& benchmark);
std::string to_csv(const DigitBenchmark& benchmark);
/// One line for each task, with the published figure and what that system was given.
std::string to_markdown(const DigitBenchmark& benchmark);

} // namespace ropewalk::papers
