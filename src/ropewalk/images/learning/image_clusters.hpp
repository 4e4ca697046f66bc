// Images that look alike, without a network.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ropewalk/images/datasets/datasets.hpp"

namespace ropewalk::learning {

/// Which of so many clusters each image is in: k-means (Lloyd 1982) from k-means++ starts (Arthur and Vassilvitskii
/// 2007) on pixels averaged to at most 14 on a side. [images]. The same for the same seed at any number of threads.
std::vector<std::uint32_t> image_clusters(const datasets::Images& images, std::span<const std::uint32_t> indices,
                                          std::size_t clusters, std::uint64_t seed, int threads);

} // namespace ropewalk::learning
