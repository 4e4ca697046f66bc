#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "papers/roap/roap_judge.hpp"
#include "papers/shared/shared.hpp"
#include "ropewalk/images/learning/learning.hpp"

namespace ropewalk::papers {

/// What Table 1 of Tang & Ellis has in a row; programs right of 500 tasks, on CIFAR-10.
struct RoapPaperRow {
    int programs_right = 0;
    double symbolic_loss = 0;
    double test_loss = 0;
};

/// Tasks whose own program has so many operators.
struct RoapDifficulty {
    std::int64_t operators = 0;
    std::size_t tasks = 0;
    std::size_t programs_right = 0;
};

/// What one of several runs of a row came to.
struct RoapRunResult {
    double train_loss = 0; ///< raw
    std::size_t programs_right = 0;
};

/// One row, measured; of several runs, the one with the least loss on training images.
struct RoapRow {
    std::string name;    ///< see roap_row_names
    std::size_t run = 0; ///< see papers::RoapOptions
    RoapPaperRow paper;
    std::size_t tasks = 0;
    std::size_t programs_right = 0;
    /// Best fit s = scale s' + offset leaves `modulo_gauge`; empty when symbols are given.
    std::optional<double> symbolic_loss, modulo_gauge;
    double train_loss = 0; ///< raw
    double test_loss = 0;  ///< raw
    double test_loss_normalised = 0;
    papers::MeanSize size, right_size;
    std::size_t steps = 0;
    std::size_t skipped = 0;
    double seconds = 0;
    double processor_seconds = 0;
    std::vector<papers::RoapCheck> curve;
    std::vector<RoapDifficulty> by_difficulty; ///< rising
    std::vector<RoapRunResult> runs;           ///< of a row of a table: all of them
};

/// A row to measure: its name, the paper's numbers where it has any, and how its training differs from that
/// of the options.
struct RoapRowKind {
    std::string name;
    RoapPaperRow paper;
    std::function<void(papers::RoapOptions&)> change;
};

struct RoapTable1Options {
    std::string experiment = "roap-table1"; ///< state files of other experiments are refused
    /// Images, tasks and network; `scale` fills in what suits it.
    learning::Settings settings;
    /// Training common to all rows; a row changes what it is about.
    papers::RoapOptions training;
    std::vector<std::string> rows; ///< empty: all
    /// Runs of each row, of which the one with the least loss on training images is the row; at least 1.
    std::size_t runs = 1;
    ExperimentRun run;
};

struct RoapTable1 {
    bool symbols_given = false;
    std::string settings; ///< learning::to_json
    std::vector<RoapRow> rows;
    bool complete = false; ///< whether every row that was asked for is there
};

/// Rows of one experiment.
struct RoapRows {
    std::vector<RoapRow> rows;
    bool complete = true; ///< whether every row that was asked for is there
};

/// Trains and judges these kinds of rows one by one; finished ones are kept in the state file. `options.rows`
/// is not looked at. Fails on options out of range, and when `resume` is set and the state file is of another
/// run.
base::Result<RoapRows> roap_rows(const std::vector<RoapRowKind>& kinds, const RoapTable1Options& options);

/// "small": 100 tasks on glyphs, for two cores and minutes; "paper": 500 tasks on CIFAR-10 with ResNet-18, 20
/// epochs of a million pairs. Fails on any other name.
base::Result<RoapTable1Options> roap_scale(const std::string& scale);

/// roap, no-program-one-network, no-program-disjoint, no-amortisation, no-gumbel, tree-2, tree-3, tree-5,
/// depth-10 and depth-3.
std::vector<std::string> roap_row_names();

/// Trains and judges row by row. Fails on an unknown row, on options out of range, and when `resume` is set
/// and the state file is of another run.
base::Result<RoapTable1> roap_table1(const RoapTable1Options& options);

std::string to_json(const RoapTable1& table);
std::string to_csv(const RoapTable1& table);
std::string to_markdown(const RoapTable1& table);

} // namespace ropewalk::papers
