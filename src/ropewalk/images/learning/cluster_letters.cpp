#include "ropewalk/images/learning/cluster_letters.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "ropewalk/base/random.hpp"
#include "ropewalk/images/learning/image_clusters.hpp"

namespace ropewalk::learning {

namespace {

/// What an image of each cluster adds to the first output, by least squares: an image at the first place of a row,
/// where rows have so few that places may matter, else one at any place. Where the output is a sum with weights, one at
/// the places of the largest, in units of the weight.
std::vector<double> parts_of_outputs(const perception::Batch& batch, std::size_t rows, std::span<const double> weights,
                                     std::span<const std::uint32_t> cluster_of, std::size_t clusters) {
    constexpr std::size_t few = 4;
    constexpr int sweeps = 30; // of Gauss and Seidel
    constexpr double ridge = 1, large = 0.5; // images, and of the largest weight
    struct Share {
        std::uint32_t row;
        double images; ///< of the row
    };
    double most = 0;
    for (const double weight : weights) most = std::max(most, std::abs(weight));
    const double unit = weights.empty() ? 1 : most;
    const std::size_t width = batch.starts.empty() ? batch.rows_of_images.size() / rows : few + 1;
    const std::size_t places = width <= few && weights.empty() ? width : 1;
    std::vector<std::vector<Share>> shares(places * clusters);
    std::vector<double> residuals;
    for (std::size_t row = 0; row < rows; ++row) residuals.push_back(batch.y[row] / unit);
    const double mean = std::accumulate(residuals.begin(), residuals.end(), 0.0) / static_cast<double>(rows);
    for (double& each : residuals) each -= mean;
    for (std::uint32_t row = 0; row < rows; ++row) {
        const auto images = perception::row_of(batch.rows_of_images, batch.starts, rows, row);
        for (std::size_t i = 0; i < images.size(); ++i) {
            const double weight = weights.empty() ? 1 : weights[i] / unit;
            if (std::abs(weight) < large) continue;
            std::vector<Share>& of_part = shares[(places > 1 ? i : 0) * clusters + cluster_of[images[i]]];
            if (of_part.empty() || of_part.back().row != row) of_part.push_back({row, 0});
            of_part.back().images += weight;
        }
    }
    std::vector<double> parts(places * clusters);
    for (int sweep = 0; sweep < sweeps; ++sweep)
        for (std::size_t part = 0; part < parts.size(); ++part) {
            double slope = -ridge * parts[part], curvature = ridge;
            for (const auto& [row, images] : shares[part]) {
                slope += images * residuals[row];
                curvature += images * images;
            }
            const double step = slope / curvature;
            parts[part] += step;
            for (const auto& [row, images] : shares[part]) residuals[row] -= images * step;
        }
    parts.resize(clusters);
    return parts;
}

} // namespace

ClusterSearch::ClusterSearch(const datasets::Images& images, const perception::GivenRows& rows, std::uint64_t seed,
                             int threads)
    : seed_(seed), rows_(static_cast<double>(rows.rows)) {
    // Of few images 60 clusters are known well enough, of many as many as can be told by the rows.
    constexpr std::size_t few = 60, few_members = 30, most = 120, members = 80;
    std::map<std::uint32_t, std::uint32_t> places;
    for (const std::uint32_t image : rows.images) {
        const auto [place, fresh] = places.try_emplace(image, static_cast<std::uint32_t>(batch_.indices.size()));
        if (fresh) batch_.indices.push_back(image);
        batch_.rows_of_images.push_back(place->second);
    }
    batch_.y = rows.y;
    batch_.starts = rows.starts;
    const std::size_t count = batch_.indices.size();
    clusters_ = std::max(std::min(few, count / few_members + 1), std::min(most, count / members));
    cluster_of_ = image_clusters(images, batch_.indices, clusters_, seed, threads);
}

ClusterLetters ClusterSearch::letters(std::size_t count, const RowsLikelihood& likelihood,
                                      const ClusterEffort& effort) const {
    constexpr std::size_t kept = 3;
    constexpr int first_steps = 12, more_steps = 40;
    const auto by_likelihood = [](const Fit& a, const Fit& b) { return a.log_likelihood > b.log_likelihood; };
    base::expects(effort.starts > 0 || effort.ordered);
    std::vector<Fit> fits;
    if (effort.ordered) {
        const std::vector<double> parts =
            parts_of_outputs(batch_, static_cast<std::size_t>(rows_), effort.weights, cluster_of_, clusters_);
        for (const bool falling : {false, true}) fits.push_back(ordered_start(count, parts, falling));
    }
    for (std::uint64_t number = 0; number < effort.starts; ++number) fits.push_back(start(count, number));
    for (Fit& fit : fits) improve(fit, count, likelihood, first_steps);
    std::stable_sort(fits.begin(), fits.end(), by_likelihood);
    fits.resize(std::min(kept, effort.starts / 4 + 1));
    for (Fit& fit : fits) improve(fit, count, likelihood, more_steps);
    Fit best = *std::min_element(fits.begin(), fits.end(), by_likelihood);
    for (int split = 0; split < effort.splits; ++split) {
        auto better = with_a_letter_split(best, count, likelihood);
        if (!better) break;
        best = std::move(*better);
    }
    return {batch_.indices, likeliest(best, count, likelihood, effort.certain), best.log_likelihood};
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

/// Each cluster shows the letter whose rank among letters is that of the cluster among images, by the parts of
/// clusters, or one beside it.
ClusterSearch::Fit ClusterSearch::ordered_start(std::size_t count, std::span<const double> parts, bool falling) const {
    std::vector<std::size_t> members(clusters_), order(clusters_);
    for (const std::uint32_t cluster : cluster_of_) ++members[cluster];
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return parts[a] < parts[b]; });
    if (falling) std::reverse(order.begin(), order.end());
    Fit fit;
    fit.of_clusters.resize(clusters_ * count);
    double before = 0;
    for (const std::size_t cluster : order) {
        const double share = static_cast<double>(members[cluster]) / static_cast<double>(cluster_of_.size());
        const double rank = (before + share / 2) * static_cast<double>(count) - 0.5;
        before += share;
        for (std::size_t k = 0; k < count; ++k) {
            const double away = static_cast<double>(k) - rank;
            fit.of_clusters[cluster * count + k] = std::exp(-away * away / 2);
        }
    }
    normalise(fit.of_clusters, count);
    return fit;
}

/// Images that show each letter, of all.
std::vector<double> ClusterSearch::shares(const Fit& fit, std::size_t count) const {
    std::vector<double> shares(count);
    for (const std::uint32_t cluster : cluster_of_)
        for (std::size_t k = 0; k < count; ++k)
            shares[k] += fit.of_clusters[cluster * count + k] / static_cast<double>(cluster_of_.size());
    return shares;
}

/// The best of what follows where one of the letters that most images show takes over the letter that fewest show, for
/// some of its clusters; none where nothing is gained, or where no letter is shown much less than others.
std::optional<ClusterSearch::Fit> ClusterSearch::with_a_letter_split(const Fit& fit, std::size_t count,
                                                                     const RowsLikelihood& likelihood) const {
    constexpr double few = 0.7; // of what letters show on average
    constexpr std::size_t most_letters = 3;
    constexpr std::uint64_t splits = 2;
    constexpr int first_steps = 20, more_steps = 40;
    constexpr double least_gain = 3; // nats, of all rows
    const std::vector<double> share = shares(fit, count);
    const auto into = static_cast<std::size_t>(std::min_element(share.begin(), share.end()) - share.begin());
    if (share[into] * static_cast<double>(count) > few) return std::nullopt;
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return share[a] > share[b]; });
    order.resize(std::min(most_letters, count - 1));
    std::optional<Fit> best;
    for (const std::size_t letter : order)
        for (const bool beside : {false, true})
            for (std::uint64_t number = 0; number < splits; ++number) {
                Fit trial = split(fit, count, letter, into, beside, number);
                improve(trial, count, likelihood, first_steps);
                if (!best || trial.log_likelihood > best->log_likelihood) best = std::move(trial);
            }
    improve(*best, count, likelihood, more_steps);
    if (rows_ * (best->log_likelihood - fit.log_likelihood) < least_gain) return std::nullopt;
    return best;
}

/// Each cluster's `letter` shared at random between it and the letter `into`; with `beside`, between it and the next
/// one, and the letters from there to `into` are one letter further than before.
ClusterSearch::Fit ClusterSearch::split(const Fit& fit, std::size_t count, std::size_t letter, std::size_t into,
                                        bool beside, std::uint64_t number) const {
    std::vector<std::size_t> from(count); // what each letter is made of
    std::iota(from.begin(), from.end(), std::size_t{0});
    std::size_t copy = into;
    from[into] = letter;
    if (beside) {
        copy = letter < into ? letter + 1 : letter;
        std::iota(from.begin(), from.end(), std::size_t{0});
        from.erase(from.begin() + static_cast<std::ptrdiff_t>(into));
        from.insert(from.begin() + static_cast<std::ptrdiff_t>(copy), letter);
    }
    base::RandomStream random(seed_, base::Purpose::constant_start, (std::uint64_t{1} << 32) + number);
    Fit result;
    result.of_clusters.reserve(fit.of_clusters.size());
    for (std::size_t c = 0; c < clusters_; ++c) {
        const double part = random.uniform();
        for (std::size_t k = 0; k < count; ++k) {
            const double whole = fit.of_clusters[c * count + from[k]];
            result.of_clusters.push_back(from[k] != letter ? whole : k == copy ? part * whole : (1 - part) * whole);
        }
    }
    normalise(result.of_clusters, count);
    return result;
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

std::vector<std::int64_t> ClusterSearch::likeliest(const Fit& fit, std::size_t count, const RowsLikelihood& likelihood,
                                                   double certain) const {
    const perception::LetterLoss loss = likelihood(batch_, of_images(fit, count));
    std::vector<std::int64_t> letters;
    for (std::size_t i = 0; i < cluster_of_.size(); ++i) {
        const double* const shares = loss.gradient.data() + i * count; // negative: the least is the likeliest
        const double* const best = std::min_element(shares, shares + count);
        double all = 0;
        for (std::size_t k = 0; k < count; ++k) all += shares[k];
        letters.push_back(*best < certain * all ? best - shares : -1);
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
