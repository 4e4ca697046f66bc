// What formulas found from given rows are worth, and the symbols of their images.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::perception {

/// What the formulas found are worth: per task the mean of (y - E[f(s)])^2 / sigma^2, 1 for a constant.
struct GivenJudgement {
    std::vector<double> training;
    std::vector<double> validation; ///< on rows that learning has not seen
    /// Share of the validation rows whose likeliest output is the one given, per task; empty where the
    /// network reads no letters.
    std::vector<double> exact;
    identification::Grounding symbols; ///< of every image, times the scale
    std::vector<double> letters;       ///< see letters_of
    std::vector<double> probabilities; ///< [images, letters]
    bool stopped = false;              ///< before it was done: the rest says nothing then
};

struct GivenJudgeOptions {
    /// Of all tasks, in place of formulas of the pool; empty: the formulas. Their network reads letters.
    std::vector<rules::Rule> rules{};
    int threads = 0; ///< 0: all the machine offers
    base::Stop stop{};
};

/// `formulas[t]` is the formula found for task t, an index into the pool.
base::Result<GivenJudgement> judge_given(const Problem& problem, Engine& engine,
                                         std::span<const std::size_t> formulas,
                                         const GivenJudgeOptions& options = {});

/// Whether an error, a share of an output's variance, is that of a formula that explains the output: it leaves less
/// than half.
bool explains(double error);

/// Outputs that the formulas found do not explain on the rows kept for validation.
std::vector<std::string> unexplained_outputs(const Problem& problem, const GivenJudgement& judgement);

/// A table of image, symbol and standard deviation, and where letters are read the likeliest with its
/// probability, one line for every image.
std::string symbols_text(const Problem& problem, const GivenJudgement& judgement);

} // namespace ropewalk::perception
