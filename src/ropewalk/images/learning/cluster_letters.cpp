#include "ropewalk/images/learning/cluster_letters.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "ropewalk/base/random.hpp"
#include "ropewalk/images/learning/image_clusters.hpp"

namespace ropewalk::learning {

ClusterSearch::ClusterSearch(const datasets::Images& images, const perception::GivenRows& rows, std::uint64_t seed,
                             int threads)
    : seed_(seed), rows_(static_cast<double>(rows.rows)) {
    constexpr std::size_t most = 60, least_members = 30;
    std::map<std::uint32_t, std::uint32_t> places;
    for (const std::uint32_t image : rows.images) {
        const auto [place, fresh] = places.try_emplace(image, static_cast<std::uint32_t>(batch_.indices.size()));
        if (fresh) batch_.indices.push_back(image);
        batch_.rows_of_images.push_back(place->second);
    }
    batch_.y = rows.y;
    batch_.starts = rows.starts;
    clusters_ = std::min(most, batch_.indices.size() / least_members + 1);
    cluster_of_ = image_clusters(images, batch_.indices, clusters_, seed, threads);
}

ClusterLetters ClusterSearch::letters(std::size_t count, const RowsLikelihood& likelihood, std::size_t starts) const {
    constexpr std::size_t kept = 3;
    constexpr int first_steps = 12, more_steps = 40;
    const auto by_likelihood = [](const Fit& a, const Fit& b) { return a.log_likelihood > b.log_likelihood; };
    std::vector<Fit> fits;
    for (std::uint64_t number = 0; number < starts; ++number) {
        fits.push_back(start(count, number));
        improve(fits.back(), count, likelihood, first_steps);
    }
    std::stable_sort(fits.begin(), fits.end(), by_likelihood);
    fits.resize(std::min(kept, (starts - 1) / 4 + 1));
    for (Fit& fit : fits) improve(fit, count, likelihood, more_steps);
    const Fit& best = *std::min_element(fits.begin(), fits.end(), by_likelihood);
    return {batch_.indices, likeliest(best, count, likelihood), best.log_likelihood};
}

ClusterSearch::Fit ClusterSearch::start(std::size_t count, std::uint64_t number) const {
    constexpr double contrast = 1.5;
    base::RandomStream random(seed_, base::Purpose::constant_start, number);
    Fit fit;
    for (std::size_t i = 0; i < clusters_ * count; ++i)
        fit.of_clusters.push_back(std::exp(contrast * random.normal()));
    normalise(fit.of_clusters, count);
    return fit;
}

void ClusterSearch::improve(Fit& fit, std::size_t count, const RowsLikelihood& likelihood, int steps) const {
    constexpr double smoothing = 0.1; // images, so that no letter is lost for ever
    for (int step = 0; step < steps; ++step) {
        const perception::LetterLoss loss = likelihood(batch_, of_images(fit, count));
        fit.log_likelihood = -loss.loss;
        std::vector<double> next(fit.of_clusters.size(), smoothing);
        for (std::size_t i = 0; i < cluster_of_.size(); ++i)
            for (std::size_t k = 0; k < count; ++k)
                next[cluster_of_[i] * count + k] -= rows_ * loss.gradient[i * count + k];
        normalise(next, count);
        fit.of_clusters = std::move(next);
    }
}

std::vector<std::int64_t> ClusterSearch::likeliest(const Fit& fit, std::size_t count,
                                                   const RowsLikelihood& likelihood) const {
    const perception::LetterLoss loss = likelihood(batch_, of_images(fit, count));
    std::vector<std::int64_t> letters;
    for (std::size_t i = 0; i < cluster_of_.size(); ++i) {
        const double* const shares = loss.gradient.data() + i * count; // negative: the least is the likeliest
        const double* const best = std::min_element(shares, shares + count);
        double all = 0;
        for (std::size_t k = 0; k < count; ++k) all += shares[k];
        letters.push_back(2 * *best < all ? best - shares : -1);
    }
    return letters;
}

std::vector<double> ClusterSearch::of_images(const Fit& fit, std::size_t count) const {
    std::vector<double> probabilities;
    probabilities.reserve(cluster_of_.size() * count);
    for (const std::uint32_t cluster : cluster_of_) {
        const auto first = fit.of_clusters.begin() + static_cast<std::ptrdiff_t>(cluster * count);
        probabilities.insert(probabilities.end(), first, first + static_cast<std::ptrdiff_t>(count));
    }
    return probabilities;
}

void ClusterSearch::normalise(std::vector<double>& of_clusters, std::size_t count) const {
    for (std::size_t c = 0; c < clusters_; ++c) {
        double sum = 0;
        for (std::size_t k = 0; k < count; ++k) sum += of_clusters[c * count + k];
        for (std::size_t k = 0; k < count; ++k) of_clusters[c * count + k] /= sum;
    }
}

} // namespace ropewalk::learning
