// How many programs a synthesizer writes right by itself.
#pragma once

#include "ropewalk/formulas/search/search.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"
#include "ropewalk/images/proposing/amortise.hpp"
#include "ropewalk/images/proposing/candidates.hpp"
#include "ropewalk/images/proposing/symbol_rows.hpp"

namespace ropewalk::proposing {

/// Programs equal to the true formula as polynomials, of a list of formulas.
struct OwnPrograms {
    std::size_t formulas = 0;
    std::size_t right = 0;              ///< most probable tokens, one pass over all groups of pairs
    std::size_t right_by_one_group = 0; ///< likewise, from the first group of pairs alone
    /// Most probable of the programs that readings under all orders of the variables give.
    std::size_t right_by_renaming = 0;
    /// Of `candidates` programs, the one with the least mean error on the pairs.
    std::size_t right_by_checking = 0;
};

struct AmortiseJudgement {
    OwnPrograms tasks, dreamt, held_out;
    std::vector<bool> right;    ///< per task
    std::size_t group = 0;      ///< pairs that are read together
    std::size_t pairs = 0;      ///< read in all
    std::size_t candidates = 0; ///< at most, that are checked
};

struct AmortiseJudgeOptions {
    std::size_t rows = 1000; ///< of test images; those the grounder is not sure of are left out
    std::size_t groups = 32; ///< of pairs, at most
    std::size_t beams = 16;  ///< of each reading where candidates are checked
    bool tasks_only = false; ///< and only the numbers of a single pass
};

/// Pairs for a list of formulas, all from the same rows: symbols as the grounder reads them from test
/// images, outputs from the labels. At most `pairs` of them.
perception::Examples test_examples(const formula::Pool& pool, std::span<const std::size_t> formulas,
                                   const TestRows& rows, std::size_t pairs);

/// Judges on rows of test images. Of the tasks, the true formulas count, whatever was taught for them. Fails
/// when the grounder is sure of fewer rows than one group.
base::Result<AmortiseJudgement> judge(const perception::Problem& problem, perception::Engine& engine,
                                      perception::Proposer& proposer, const Curriculum& curriculum,
                                      std::size_t group, const AmortiseJudgeOptions& options = {});

} // namespace ropewalk::proposing
