// How good a grounder and its programs are, on images and rows that learning has not seen.
#pragma once

#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::perception {

/// Best fit s = scale s' + offset of the gold symbols by the grounded ones, and the mean squared error of s
/// and s' without and with it.
struct GaugeFit {
    double loss = 0;
    double scale = 1;
    double offset = 0;
    double loss_modulo_gauge = 0;
};
GaugeFit fit_gauge(std::span<const double> grounded, std::span<const double> gold);

/// Mean squared error of predicted outputs, raw (the paper's) and divided by each task's sigma squared. By
/// point: formulas of the mean symbols; by moments: expectations of the formulas.
struct OutputLoss {
    double raw = 0;
    double normalised = 0;
    double raw_by_moments = 0;
    double normalised_by_moments = 0;
};

/// Losses on rows of one part of the data.
struct PartJudgement {
    GaugeFit symbols;
    OutputLoss outputs;
};

/// One row, to look at: labels of its images, and what a formula makes of them.
struct ShownRow {
    std::size_t task = 0;
    std::vector<int> labels;
    double predicted = 0; ///< by moments
    double gold = 0;
};

struct Judgement {
    std::size_t programs_right = 0;
    std::vector<bool> right; ///< per task: equal to the task's own program on every row, in whole numbers
    PartJudgement train, test;
    std::vector<ShownRow> shown; ///< of the test rows, a few
};

struct JudgeOptions {
    std::size_t rows = 1000; ///< drawn as in training, of each part
    std::size_t shown = 5;
};

/// `formulas[t]` is the formula found for task t, an index into the pool.
base::Result<Judgement> judge(const Problem& problem, Engine& engine, std::span<const std::size_t> formulas,
                              const JudgeOptions& options = {});

} // namespace ropewalk::perception
