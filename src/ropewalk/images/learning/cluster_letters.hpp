// Letters of images from clusters of images that look alike and the outputs of their rows, without a network.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "ropewalk/images/networks/networks.hpp"
#include "ropewalk/images/problems/problems.hpp"

namespace ropewalk::learning {

/// What rows of images say of their letters.
struct ClusterLetters {
    std::vector<std::uint32_t> images; ///< of the rows, each once
    std::vector<std::int64_t> letters; ///< the likeliest of each; -1 where none is certain, see ClusterEffort
    double log_likelihood = 0;         ///< of a row
};

/// How much is done for letters: one start at least.
struct ClusterEffort {
    std::size_t starts = 3; ///< random ones
    bool ordered = true;    ///< two more, where letters rise, or fall, with what clusters add to the first output
    int splits = 0;         ///< letters split, at most
    double certain = 0.5;   ///< an image's letter is told where it is likelier than this
    std::vector<double> weights{}; ///< of the letters at each place, where the first output is a sum with these; or none
};

/// Likelihoods of a batch's outputs under probabilities of letters, [images, letters].
using RowsLikelihood =
    std::function<perception::LetterLoss(const perception::Batch& batch, std::span<const double> probabilities)>;

/// Rows of images, and which of them look alike.
class ClusterSearch {
public:
    ClusterSearch(const datasets::Images& images, const perception::GivenRows& rows, std::uint64_t seed, int threads);

    /// Expectation maximisation over what the images of each cluster show, from several starts; the best go on.
    /// Where a letter is shown much less than others, these are split into it (Ueda and others 2000). An image's letter
    /// is then told by its cluster and by the output of its row. The same at any number of threads.
    ClusterLetters letters(std::size_t count, const RowsLikelihood& likelihood, const ClusterEffort& effort) const;

private:
    /// Probabilities of letters, [clusters, letters].
    struct Fit {
        std::vector<double> of_clusters;
        double log_likelihood = 0;
    };

    Fit start(std::size_t count, std::uint64_t number) const;
    Fit ordered_start(std::size_t count, std::span<const double> parts, bool falling) const;
    std::optional<Fit> with_a_letter_split(const Fit& fit, std::size_t count, const RowsLikelihood& likelihood) const;
    Fit split(const Fit& fit, std::size_t count, std::size_t letter, std::size_t into, bool beside,
              std::uint64_t number) const;
    std::vector<double> shares(const Fit& fit, std::size_t count) const;
    void improve(Fit& fit, std::size_t count, const RowsLikelihood& likelihood, int steps) const;
    std::vector<std::int64_t> likeliest(const Fit& fit, std::size_t count, const RowsLikelihood& likelihood,
                                        double certain) const;
    std::vector<double> of_images(const Fit& fit, std::size_t count) const;
    void normalise(std::vector<double>& of_clusters, std::size_t count) const;

    perception::Batch batch_; ///< all rows, without pixels
    std::vector<std::uint32_t> cluster_of_; ///< [images]
    std::size_t clusters_ = 0;
    std::uint64_t seed_ = 0;
    double rows_ = 0;
};

} // namespace ropewalk::learning
