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
    /// Share of the validation rows whose output the formula gives exactly on the likeliest letters, per
    /// task; empty where the network reads no letters.
    std::vector<double> exact;
    identification::Grounding symbols; ///< of every image, times the scale
};

/// `formulas[t]` is the formula found for task t, an index into the pool.
base::Result<GivenJudgement> judge_given(const Problem& problem, Engine& engine,
                                         std::span<const std::size_t> formulas);

/// A table of image, symbol and standard deviation, one line for every image.
std::string symbols_text(const Problem& problem, const identification::Grounding& symbols);

} // namespace ropewalk::perception
