#pragma once

#include <optional>
#include <string>
#include <vector>

#include "papers/shared/shared.hpp"
#include "ropewalk/programs/tuning/tuning.hpp"

namespace ropewalk::papers {

/// One cell of Table 1 (Saldyt): an initialisation tuned on a task, counted three ways.
struct Table1Cell {
    std::string row;  ///< `Optimization`, `Synthesis`, `Both`, `map inc`, `map dec` or `loop no-op`
    std::string task; ///< name in the catalogue
    tuning::Recovered recovered;
    /// Percent in the paper; empty where it has no number.
    std::optional<int> paper;
};

struct Table1Options {
    int restarts = 100;
    /// Gradient steps per restart.
    int iterations = 24000;
    std::uint64_t seed = 0;
    /// tuning::TuneOptions::population_interval; 0 keeps restarts independent, as the intervals assume.
    int population_interval = 0;
    /// Rows to run, by name; empty: all.
    std::vector<std::string> rows;
    ExperimentRun run;
};

struct Table1 {
    std::vector<Table1Cell> cells;
    /// Whether every cell of the rows that were asked for is there; a stopped run has fewer.
    bool complete = false;
};

/// Every cell: the rows Optimization, map inc, map dec and loop no-op are tuned, from templates padded with
/// no-ops to the task's lines; sizes and settings are the same for all cells of a task. In the rows Synthesis
/// and Both a run is one search, or one run of the combined algorithm, limited in programs; hard then means
/// certified, and soft that the compiled program is soft-right. Fails when `resume` is set and the state file
/// belongs to a run with other options; without `resume` the file is replaced.
base::Result<Table1> sdp_table1(const Table1Options& options);

/// The table as JSON text (`rows[].{row,column,measured,low,high,paper}`), as CSV, and as Markdown.
std::string to_json(const Table1& table);
std::string to_csv(const Table1& table);
std::string to_markdown(const Table1& table);

} // namespace ropewalk::papers
