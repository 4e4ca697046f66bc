// Images as a network takes them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ropewalk/images/datasets/images.hpp"

namespace ropewalk::datasets {

/// Shifts and mirrors of the images of a batch.
struct Augmentation {
    int shift = 0;       ///< largest shift in pixels, each way; what comes into sight is black
    bool mirror = false; ///< left and right swapped, half of the time
};

/// Pixels of the images with these indices as a network takes them: [indices, channels, height, width], 0..1.
std::vector<float> pixels_of(const Images& images, std::span<const std::uint32_t> indices);

/// The same, shifted and mirrored at random.
std::vector<float> augmented_pixels(const Images& images, std::span<const std::uint32_t> indices,
                                    const Augmentation& augmentation, std::uint64_t seed, std::uint64_t step);

} // namespace ropewalk::datasets
