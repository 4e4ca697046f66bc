// The paper's measures for programs of any form, and for networks in their place.
#pragma once

#include "papers/roap/roap_training.hpp"
#include "ropewalk/formulas/expression/expression.hpp"
#include "ropewalk/images/judging/judging.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::papers {

/// Means over tasks of formula::Size; a task's nodes and operators count at most a million.
struct MeanSize {
    double nodes = 0;
    double operators = 0;
    double live_lines = 0;
};

struct RoapJudgement {
    std::size_t programs_right = 0;
    std::vector<bool> right;
    MeanSize size;                         ///< of the programs as they were found
    MeanSize right_size;                   ///< of those that are right
    perception::PartJudgement train, test; ///< outputs by point only; symbols that are given have no loss
};

/// Which programs equal their task's on the labels of 1,000 held-out rows, as whole numbers modulo 2^61 - 1:
/// long programs outgrow every other exact type.
std::vector<bool> right_programs(const perception::Problem& problem,
                                 std::span<const formula::Program> programs, std::size_t rows = 1000);

/// How many of them there are.
std::size_t count_right(const perception::Problem& problem, std::span<const formula::Program> programs);

/// Of the programs that are `chosen`.
MeanSize mean_size(std::span<const formula::Program> programs, const std::vector<bool>& chosen);

/// Everything of Table 1 but the generalisation loss.
base::Result<RoapJudgement> judge(const perception::Problem& problem, const RoapOptions& options,
                                  RoapLearned& learned, std::size_t rows = 1000);

} // namespace ropewalk::papers
