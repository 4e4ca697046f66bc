// Published laws found again from tables: EmpiricalBench, the Feynman set and differential equations.
#pragma once

#include <string>
#include <vector>

#include "papers/shared/shared.hpp"
#include "ropewalk/formulas/laws/laws.hpp"

namespace ropewalk::papers {

struct LawBenchmarkOptions {
    std::string data;              ///< folder with empirical.jsonl, feynman.jsonl, ode.jsonl and their tables
    std::vector<std::string> sets; ///< of empirical, feynman, ode; empty: all
    std::vector<std::string> laws; ///< their names; empty: all
    std::vector<double> noise{0, 0.001, 0.01,
                              0.1};     ///< of Feynman tables, times the target's root mean square
    bool units = true, no_units = true; ///< Feynman tables with units, and without
    int seeds = 1;                      ///< tables of every law
    double seconds = 60;                ///< for a table
    std::uint64_t seed = 0;
    ExperimentRun run;
};

/// One table and what was found in it.
struct LawRun {
    std::string set, law;
    double noise = 0;
    bool units = false;
    int seed = 0;
    bool answer = false; ///< the answer has the law's form
    bool front = false;  ///< some formula on the front has
    /// Of the answer on fresh rows without noise; of the table itself where it is given.
    double test_r2 = 0;
    double seconds = 0;
    std::string formula;
};

struct LawBenchmark {
    std::vector<LawRun> runs;
    bool complete = false;
};

/// Draws or reads the tables, explains each with one general setting (formula::explain), and checks forms:
/// formula::check_form against values of the law without noise for laws without free constants, and
/// formula::check_law, which fits the law's numbers to the formula, for EmpiricalBench. Feynman tables have
/// 10,000 rows drawn uniformly from the ranges. Fails where the data cannot be read.
base::Result<LawBenchmark> law_benchmark(const LawBenchmarkOptions& options);

std::string to_json(const LawBenchmark& benchmark);
std::string to_csv(const LawBenchmark& benchmark);
/// Shares of laws found by set, noise and units, then what was not found.
std::string to_markdown(const LawBenchmark& benchmark);

} // namespace ropewalk::papers
