// How likely outputs are where images are read as letters, and what that says about each letter.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ropewalk/images/identification/identification.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::perception {

/// What the rows of a batch say about the letters of its images.
struct LetterLoss {
    double loss = 0;                     ///< less the weighted mean of the log likelihoods of a row, in nats
    std::vector<double> log_likelihoods; ///< [candidates], of a row, mean
    std::vector<double> gradient; ///< [images, letters], of the loss by the logarithms of probabilities
};

/// The likelihood of exact outputs, all tasks of a row together: the probability of all rows of letters under
/// which a candidate's formulas give these outputs. It is never below wrong_outputs over the number of
/// different outputs, so a row that no letters explain says nothing.
class LetterLikelihood {
public:
    /// A candidate names one formula or rule per task. An output is met within `tolerances` of its task,
    /// and is one of so many different ones.
    LetterLikelihood(const identification::Hypotheses& hypotheses, std::span<const double> alphabet,
                     const std::vector<std::vector<std::size_t>>& candidates, std::vector<double> tolerances,
                     std::size_t possible_outputs);

    std::size_t candidates() const { return of_candidates_.size(); }

    /// `probabilities` [images, letters] of the batch's images, `weights` [candidates] with sum 1. Gradients
    /// hold for probabilities that sum to 1 for every image (softmax).
    LetterLoss loss(const Batch& batch, std::span<const double> probabilities,
                    std::span<const double> weights) const;

private:
    /// Rows of letters by the output of the first task.
    struct Candidate {
        std::vector<std::uint32_t> rows; ///< in the order of their outputs
        std::vector<double> outputs;     ///< [tasks, rows], in that order
    };

    /// Of one row, whose gradient with this weight is added.
    double log_likelihood(const Candidate& candidate, std::span<const double> y,
                          std::span<const double* const> probabilities, double weight,
                          std::span<double* const> gradients) const;

    std::size_t letters_, variables_;
    std::vector<double> tolerances_;
    double least_;
    std::vector<Candidate> of_candidates_;
};

/// The same plainly, by way of all rows of letters: log likelihoods [candidates] of a row, mean.
std::vector<double> letter_log_likelihoods(const identification::Hypotheses& hypotheses,
                                           std::span<const double> alphabet,
                                           const std::vector<std::vector<std::size_t>>& candidates,
                                           std::span<const double> tolerances, std::size_t possible_outputs,
                                           const Batch& batch, std::span<const double> probabilities);

} // namespace ropewalk::perception
