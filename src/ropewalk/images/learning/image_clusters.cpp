#include "ropewalk/images/learning/image_clusters.hpp"

#include <algorithm>
#include <limits>

#include "ropewalk/base/random.hpp"

namespace ropewalk::learning {

namespace {

/// Small pictures of images, one after the other.
struct Thumbnails {
    std::size_t size = 0;
    std::vector<float> pixels;

    const float* of(std::size_t image) const { return pixels.data() + image * size; }
};

Thumbnails thumbnails_of(const datasets::Images& images, std::span<const std::uint32_t> indices) {
    constexpr int most_side = 14;
    const int step_y = (images.height - 1) / most_side + 1, step_x = (images.width - 1) / most_side + 1;
    const int height = (images.height - 1) / step_y + 1, width = (images.width - 1) / step_x + 1;
    Thumbnails small{.size = static_cast<std::size_t>(images.channels * height * width), .pixels = {}};
    small.pixels.resize(small.size * indices.size());
    for (std::size_t i = 0; i < indices.size(); ++i) {
        const auto pixels = images.image(indices[i]);
        float* const to = small.pixels.data() + i * small.size;
        for (int c = 0; c < images.channels; ++c)
            for (int y = 0; y < images.height; ++y)
                for (int x = 0; x < images.width; ++x)
                    to[(c * height + y / step_y) * width + x / step_x] +=
                        static_cast<float>(pixels[static_cast<std::size_t>((c * images.height + y) * images.width + x)]) /
                        static_cast<float>(255 * step_y * step_x);
    }
    return small;
}

float squared_distance(const float* a, const float* b, std::size_t size) {
    float sum = 0;
    for (std::size_t i = 0; i < size; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

/// Each centre an image, the likelier the further it is from those before.
std::vector<float> first_centres(const Thumbnails& images, std::size_t count, std::size_t clusters,
                                 base::RandomStream& random) {
    std::vector<float> centres;
    std::vector<double> distances(count, std::numeric_limits<double>::max());
    for (std::size_t c = 0; c < clusters; ++c) {
        double sum = 0;
        for (const double each : distances) sum += c == 0 ? 1 : each;
        double at = random.uniform() * sum;
        std::size_t chosen = 0;
        for (; chosen + 1 < count && at >= (c == 0 ? 1 : distances[chosen]); ++chosen)
            at -= c == 0 ? 1 : distances[chosen];
        centres.insert(centres.end(), images.of(chosen), images.of(chosen) + images.size);
        for (std::size_t i = 0; i < count; ++i)
            distances[i] = std::min<double>(distances[i], squared_distance(images.of(i), images.of(chosen), images.size));
    }
    return centres;
}

} // namespace

std::vector<std::uint32_t> image_clusters(const datasets::Images& images, std::span<const std::uint32_t> indices,
                                          std::size_t clusters, std::uint64_t seed, int threads) {
    constexpr int rounds = 12;
    const Thumbnails small = thumbnails_of(images, indices);
    const std::size_t count = indices.size();
    base::RandomStream random(seed, base::Purpose::first_weights, clusters);
    std::vector<float> centres = first_centres(small, count, clusters, random);
    std::vector<std::uint32_t> nearest(count);
    for (int round = 0; round < rounds; ++round) {
        base::parallel_for(count, threads, [&](std::size_t i) {
            float least = std::numeric_limits<float>::max();
            for (std::size_t c = 0; c < clusters; ++c) {
                const float distance = squared_distance(small.of(i), centres.data() + c * small.size, small.size);
                if (distance < least) least = distance, nearest[i] = static_cast<std::uint32_t>(c);
            }
        });
        std::vector<float> sums(centres.size());
        std::vector<float> members(clusters);
        for (std::size_t i = 0; i < count; ++i) {
            ++members[nearest[i]];
            for (std::size_t p = 0; p < small.size; ++p) sums[nearest[i] * small.size + p] += small.of(i)[p];
        }
        for (std::size_t c = 0; c < clusters; ++c)
            for (std::size_t p = 0; members[c] > 0 && p < small.size; ++p)
                centres[c * small.size + p] = sums[c * small.size + p] / members[c];
    }
    return nearest;
}

} // namespace ropewalk::learning
