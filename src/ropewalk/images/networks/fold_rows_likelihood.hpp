// How likely outputs of rows of any length are where images are read as letters, and what that says about each
// letter.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/networks/letter_likelihood.hpp"

namespace ropewalk::perception {

/// LetterLikelihood for programs over rows of letters, exact for each task by dynamic programming; a row's log
/// likelihood is the sum of those of its tasks. It keeps what has been computed, so one thread at a time may ask.
class FoldRowsLikelihood {
public:
    /// A candidate names one fold per task among the rules.
    FoldRowsLikelihood(const identification::Hypotheses& hypotheses, std::span<const double> alphabet,
                       const std::vector<std::vector<std::size_t>>& candidates, std::size_t possible_outputs);

    std::size_t candidates() const { return of_candidates_.size(); }

    /// As LetterLikelihood::loss. Where some weight is above 0, candidates that are as good as out count as 0 nats.
    LetterLoss loss(const Batch& batch, std::span<const double> probabilities,
                    std::span<const double> weights) const;

private:
    std::size_t letters_;
    double least_;
    std::vector<std::vector<std::shared_ptr<const rules::FoldLikelihood>>> of_candidates_; ///< [candidates, tasks]
};

} // namespace ropewalk::perception
