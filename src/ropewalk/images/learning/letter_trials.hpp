// Which letters and rules are tried on images, and in which order.
#pragma once

#include <optional>
#include <vector>

#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/learning/cluster_letters.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::learning {

/// Letters, and what may be behind the outputs with them.
struct LetterTrial {
    identification::OutputExplanation explanation;
    /// What clusters of images say of letters under the first candidate, where that is asked.
    std::optional<ClusterLetters> clusters;
};

/// Explanations become trials in their order. Where rules beside the pool are among them, each candidate is weighed by
/// clusters of images first (see ClusterSearch), on at most 5,000 rows and 16,000 images, unless rows have more than 64
/// images: candidates that gain less than half of what the best one does are left out, trials that gain less than four
/// fifths, too, and trials are in the order of their best candidates. Where no candidate gains much, nothing is left out.
std::vector<LetterTrial> letter_trials(const identification::OutputExplanations& explanations,
                                       const identification::Hypotheses& hypotheses,
                                       const perception::Problem& problem, int threads);

} // namespace ropewalk::learning
